"""Rows for tests, made the short way. Pictures are real files: small drawings, stored as the studio stores them."""

from __future__ import annotations

import io
import itertools
import uuid
from functools import cache

from PIL import Image as Pixels
from PIL import ImageDraw

from studio import models
from studio.library.models import Kind

_count = itertools.count(1)
_drawings = itertools.count(1)


PEOPLE = {
    "ada": ("Ada Osei", "owner"),
    "pavel": ("Pavel Novak", "producer"),
    "mei": ("Mei Tan", "artist"),
    "rosa": ("Rosa Lind", "reviewer"),
    "viktor": ("Viktor Hale", "viewer"),
}
OUTSIDER = ("Otis Vane", "owner")


def start_over():
    """The next picture is the first again."""
    global _drawings
    _drawings = itertools.count(1)


def team(name="A team"):
    return models.Team.objects.create(name=name)


def member(of, name, role):
    """A user with that role in the team."""
    email = f"{name.split()[0].lower()}{next(_count)}@example.test"
    user = models.User.objects.create_user(email, "correct horse battery", name=name)
    models.Membership.objects.create(user=user, team=of, role=role)
    return user


def cast(of):
    """Somebody in each role of the team."""
    return {short: member(of, *who) for short, who in PEOPLE.items()}


@cache
def picture(width=640, height=480, colour="#8899aa", mark="#223344", format="PNG", **save):
    """Bytes of a small drawing; another colour or mark is another file."""
    image = Pixels.new("RGB", (width, height), colour)
    draw = ImageDraw.Draw(image)
    draw.ellipse((width * 0.3, height * 0.2, width * 0.7, height * 0.8), fill=mark)
    out = io.BytesIO()
    image.save(out, format, **save)
    return out.getvalue()


@cache
def _intaken(data):
    from studio.media import intake

    return intake.read(data)


def image(of, **kwargs):
    """A stored picture of the team, with its renditions. The same bytes are opened once; every row has files of its own."""
    from studio.media import actions

    n = next(_drawings)
    data = kwargs.pop("data", None) or picture(mark=f"#{n % 256:02x}{(n * 7) % 256:02x}{(n * 13) % 256:02x}")
    name = kwargs.pop("name", f"picture-{n}.png")
    return actions.keep(
        team=of, by=kwargs.pop("by", None), name=name, data=data, intaken=_intaken(data), source="upload"
    )


def bare_image(of):
    """An image row without files: for lists and counts, where nobody opens it."""
    n = next(_count)
    row = models.Image.objects.create(
        team=of, sha256=f"{n:064x}", original=f"none/{n}", original_mime="image/png", width=1376, height=768
    )
    for width in (320, 640, 1280):
        models.Rendition.objects.create(
            image=row,
            spec=str(width),
            path=f"none/{n}-{width}",
            mime="image/webp",
            width=width,
            height=width * 9 // 16,
            size=1,
        )
    return row


def subject(of, name="Noor", kind=Kind.CHARACTER, *, bible="A short bible.", locked=False, markers=()):
    """A subject with its first version and default set. Markers are (phrase, category, colour) tuples."""
    from django.utils import timezone

    row = models.Subject.objects.create(
        team=of, name=name, kind=kind, species="person" if kind == Kind.CHARACTER else ""
    )
    version = models.SubjectVersion.objects.create(subject=row, number=1, bible=bible)
    for position, (phrase, category, colour) in enumerate(markers):
        models.Marker.objects.create(
            version=version, phrase=phrase, category=category, colour=colour, position=position
        )
    if locked:  # last: a locked version takes no markers
        models.SubjectVersion.objects.filter(pk=version.pk).update(locked_at=timezone.now())
    models.ReferenceSet.objects.create(subject=row)
    return row


def outfit(of, name="Work jacket", **kwargs):
    row = models.Outfit.objects.create(subject=of, name=name, **kwargs)
    models.ReferenceSet.objects.create(subject=of, outfit=row)
    return row


def reference(in_set, view="front", img=None, **kwargs):
    img = img or image(in_set.subject.team)
    return models.Reference.objects.create(
        reference_set=in_set, image=img, sha256=img.sha256, view=view, position=in_set.references.count(), **kwargs
    )


def cut(of, **kwargs):
    """A crop of a reference that nobody decided about."""
    of = {"reference_set": of.reference_set, "reference": of, "source": of.image}
    kwargs.setdefault("image", bare_image(of["reference_set"].subject.team))
    return models.Cut.objects.create(key=uuid.uuid4(), way="crop", box=[0, 0, 500, 500], **of, **kwargs)


def project(of, title="Night ferry", **kwargs):
    return models.Project.objects.create(team=of, title=title, **kwargs)


def scene(of, number="1", **kwargs):
    kwargs.setdefault("place", "boat shed")
    return models.Scene.objects.create(project=of, number=number, position=of.scenes.count(), **kwargs)


def panel(of, label=None, **kwargs):
    position = of.panels.count()
    kwargs.setdefault("action", "She lifts the flask.")
    return models.Panel.objects.create(
        scene=of, label=label or f"{of.number}{chr(65 + position)}", position=position, **kwargs
    )


def appearance(of, who, **kwargs):
    return models.Appearance.objects.create(panel=of, subject=who, position=of.appearances.count(), **kwargs)


def take(of, img=None, *, picked=False, **kwargs):
    img = img or bare_image(of.scene.project.team)
    row = models.Take.objects.create(
        panel=of,
        number=of.takes.count() + 1,
        job_key=uuid.uuid4(),
        image=img,
        engine="sketch",
        model="sketch",
        cost=0,
        **kwargs,
    )
    if picked:
        models.Panel.objects.filter(pk=of.pk).update(picked=row)
        of.picked = row
    return row


def account(
    team,
    label="Runware",
    engine="runware",
    *,
    base="http://127.0.0.1:9/v1",
    key="test-key-0123456789",
    by=None,
    **fields,
):
    """An account at an engine; nothing listens at its address unless one is given."""
    from studio.generation.actions import add_account

    made = add_account(team=team, by=by, engine=engine, label=label, key=key, base_url=base)
    for name, value in fields.items():
        setattr(made, name, value)
    made.save()
    return made


def bench(of, view="back", detail=""):
    """A side of a reference set that is drawn, on a panel of the team's workshop."""
    team = of.subject.team
    workshop, _ = models.Project.objects.get_or_create(team=team, workshop=True, defaults={"title": "References"})
    there = models.Scene.objects.filter(project=workshop, panels__bench__reference_set=of).first()
    on = panel(there or scene(workshop, str(workshop.scenes.count() + 1)), view[:12], action="")
    return models.Bench.objects.create(reference_set=of, view=view, detail=detail, panel=on)


def proposal(of, view="back", img=None, **kwargs):
    """A drawn picture that could become a reference of the set."""
    found = models.Bench.objects.filter(reference_set=of, view=view).first() or bench(of, view)
    return take(found.panel, img, **kwargs)


def hook(team, by, **kwargs):
    """A webhook of the team; nothing listens at its address."""
    from studio.notices.actions import add_hook

    values = {
        "name": f"{team} hook",
        "address": "https://hooks.example.test/in",
        "kinds": ["decided"],
        "shape": "standard",
    }
    return add_hook(team=team, by=by, **{**values, **kwargs})[0]


def delivery(of, **kwargs):
    return models.Delivery.objects.create(
        **{"hook": of, "key": f"test:{next(_count)}", "kind": "decided", "body": "{}", **kwargs}
    )


def notice(team, user, **kwargs):
    """Something that this person was told."""
    values = {
        "kind": "round",
        "key": f"test:{next(_count)}",
        "who": "Rosa Lind",
        "did": "sent",
        "what": "Night ferry v1",
        "path": "/projects/",
    }
    return models.Notice.objects.create(team=team, user=user, **{**values, **kwargs})
