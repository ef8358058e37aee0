"""Pictures of a shared round: through the link's door, in fixed sizes, with the name where the link says so."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image as Pixels
from PIL import ImageChops

from studio.board.actions import pick_take
from studio.models import AuditEntry, ShareLink
from studio.review import actions, watermarks
from tests import makers


def at(token, row, spec="320"):
    return f"/r/{token}/pictures/{row.code}/{spec}/"


def body(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def opened(answer):
    return Pixels.open(io.BytesIO(body(answer)), formats=("WEBP", "JPEG", "PNG")).convert("RGB")


def stored(row, spec):
    with default_storage.open(row.image.renditions.get(spec=spec).path) as file:
        return file.read()


def test_it_serves_the_fixed_sizes(round, sent, linked, guest):
    client = guest(linked[1])
    answer = client.get(at(linked[1], sent[0]))
    assert answer.status_code == 200
    assert body(answer) == stored(sent[0], "320")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    for spec in ("321", "provider", "99999", "original.png"):
        assert client.get(at(linked[1], sent[0], spec)).status_code == 404
    assert client.get(at(linked[1], sent[0], "0")).status_code == 404


def test_it_needs_the_door(round, sent, linked, client):
    there = client.get(at(linked[1], sent[0]))
    assert there.status_code == 302
    assert there.headers["Location"].startswith(f"/r/{linked[1]}/?next=")


def test_it_ends_with_the_link(round, sent, linked, guest, pavel):
    client = guest(linked[1])
    assert client.get(at(linked[1], sent[0])).status_code == 200
    actions.revoke_link(link=linked[0], by=pavel)
    assert client.get(at(linked[1], sent[0])).status_code == 404


def test_a_link_is_no_key_to_the_store(round, sent, linked, guest):
    client, key = guest(linked[1]), sent[0].image.key
    assert client.get(f"/media/{key}/320/").status_code == 302  # to the sign-in
    assert client.get(at(linked[1], sent[0]).replace(sent[0].code, key)).status_code == 404


def test_other_rounds_stay_shut(round, sent, project, panels, pavel, mei, guest, team, outsider):
    pick_take(take=makers.take(panels[0], makers.image(team), drawn_by=mei), by=mei)
    second = actions.send_round(project=project, by=pavel)
    actions.make_link(round=second, by=pavel, name="Dana")
    third = actions.send_round(project=project, by=pavel)
    _, token = actions.make_link(round=third, by=pavel, name="Dana")
    client = guest(token)
    assert client.get(at(token, third.panels.first())).status_code == 200
    assert client.get(at(token, second.panels.first())).status_code == 200  # the one before, to compare
    assert client.get(at(token, sent[0])).status_code == 404
    _, apart = actions.make_link(round=third, by=pavel, name="Ines", may_compare=False)
    assert guest(apart).get(at(apart, second.panels.first())).status_code == 404
    there = makers.project(outsider.teams.get())
    makers.take(makers.panel(makers.scene(there)), makers.image(outsider.teams.get()), picked=True)
    other = actions.send_round(project=there, by=outsider)
    assert client.get(at(token, other.panels.get())).status_code == 404


def test_a_download_is_the_picture_as_it_was_drawn(round, sent, pavel, guest):
    _, token = actions.make_link(round=round, by=pavel, name="Dana", may_download=True)
    answer = guest(token).get(at(token, sent[0], "original"))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="night-ferry-v1-1a.png"'
    with default_storage.open(sent[0].image.original) as file:
        assert body(answer) == file.read()
    kept = AuditEntry.objects.get(verb="link_downloaded")
    assert (kept.who, kept.kind, kept.data["panel"]) == ("guest Dana", "links", "1A")
    _, token = actions.make_link(round=round, by=pavel, name="Ines")
    assert guest(token).get(at(token, sent[0], "original")).status_code == 403
    assert AuditEntry.objects.filter(verb="link_downloaded").count() == 1


@pytest.fixture
def marked(round, pavel):
    return actions.make_link(round=round, by=pavel, name="Dana Okafor", watermark=True, may_download=True)


def test_the_name_stands_across_every_size(round, sent, marked, guest):
    _, token = marked
    client = guest(token)
    for spec in ("320", "640", "1280", "original"):
        seen = opened(client.get(at(token, sent[0], spec)))
        plain = Pixels.open(
            io.BytesIO(stored(sent[0], "provider" if spec == "original" else spec)), formats=("WEBP", "JPEG")
        )
        assert seen.size == plain.size
        away = ImageChops.difference(seen, plain.convert("RGB")).convert("L").point(lambda level: 255 * (level > 12))
        quarters = [away.crop(box) for box in _quarters(*away.size)]
        assert all(sum(quarter.histogram()[255:]) > 0.005 * quarter.width * quarter.height for quarter in quarters), (
            spec
        )


def _quarters(wide, high):
    x, y = wide // 2, high // 2
    return [(0, 0, x, y), (x, 0, wide, y), (0, y, x, high), (x, y, wide, high)]


def test_it_is_made_once_and_goes_with_the_link(round, sent, marked, guest, signed_in, pavel, monkeypatch):
    link, token = marked
    client = guest(token)
    first = body(client.get(at(token, sent[0])))
    monkeypatch.setattr("studio.media.errands.watermark", None)  # nobody is asked again
    assert body(client.get(at(token, sent[0]))) == first
    assert len(default_storage.listdir(f"marked/{link.code}")[1]) == 1
    signed_in(pavel).post(f"/links/{link.code}/revoke/")
    assert not default_storage.exists(f"marked/{link.code}")


def test_what_was_made_for_a_link_goes_once_it_has_run_out(round, sent, marked, guest):
    link, token = marked
    guest(token).get(at(token, sent[0]))
    assert watermarks.sweep() == 0
    ShareLink.objects.update(expires=timezone.now() - dt.timedelta(days=2))
    assert watermarks.sweep() == 1
    assert not default_storage.exists(f"marked/{link.code}")


def test_each_viewer_has_their_own_name(round, sent, pavel, guest):
    """An open link asks who looks before it shows a picture; the two see different ones."""
    _, token = actions.make_link(round=round, by=pavel, watermark=True)
    seen = []
    for name in ("Dana", "Ines"):
        client = guest(token)
        there = client.get(at(token, sent[0]))
        assert there.status_code == 302
        assert f"/r/{token}/name/" in there.headers["Location"]
        client.post(f"/r/{token}/name/", {"name": name})
        seen.append(body(client.get(at(token, sent[0]))))
    assert seen[0] != seen[1]


@pytest.mark.parametrize("name", ["Ольга Ж.", "محمد علي", "渡辺 漢", "🎬🎬🎬", "\u202eevil", "x" * 80, "<b>&amp;</b>"])
def test_any_name_can_be_drawn(round, sent, pavel, guest, name):
    _, token = actions.make_link(round=round, by=pavel, name=name, watermark=True)
    assert guest(token).get(at(token, sent[0])).status_code == 200
