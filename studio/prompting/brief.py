"""Rows → Brief. The only file here that reads the database: a constant number of queries, however many panels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db.models import Prefetch, prefetch_related_objects

from studio.board import shown
from studio.board.models import Appearance, Panel, appearance_key
from studio.library import approval
from studio.library.models import Kind, Outfit, Reference, ReferenceSet, Subject, SubjectVersion
from studio.media import quality
from studio.prompting.models import PanelPrompt
from studio.prompting.types import Brief, Clothes, Edit, Hand, MarkerLine, Member, Pic, Setting, Unapproved


def of(panel: Panel) -> Brief:
    """One panel's brief."""
    return for_panels([panel])[0]


def for_panels(panels: Sequence[Panel]) -> list[Brief]:
    """A brief for each, in the given order: eight queries in all. Panels need `scene` and its `project` selected, or cost more."""
    panels = list(panels)
    if not panels:
        return []
    cast = Appearance.objects.select_related("outfit").order_by("position", "pk")
    prefetch_related_objects(panels, Prefetch("appearances", cast, to_attr="brief_cast"), "scene__project")
    wanted: set[int | None] = {a.subject_id for p in panels for a in p.brief_cast}  # type: ignore[attr-defined]
    for panel in panels:
        wanted |= {panel.scene.location_id, panel.scene.style_id}
    subjects = _subjects({pk for pk in wanted if pk is not None})
    hands = {row.panel_id: _hand(row) for row in PanelPrompt.objects.filter(panel__in=[panel.pk for panel in panels])}
    return [_brief(panel, subjects, hands.get(panel.pk, Hand())) for panel in panels]


def seen_from(subject: Subject, views: Sequence[str], outfit: Outfit | None = None) -> list[Member]:
    """The subject by itself, as its locked version says, seen from each of the views, in the outfit if one is given. Five queries.

    Version 0 where nothing is locked yet.
    """
    found = _subjects({subject.pk})[subject.pk]
    locked = found.locked
    version = locked or found.draft
    clothes = None
    if outfit is not None:
        pics = _pics(found, outfit.pk)
        clothes = Clothes(outfit.code, outfit.name, outfit.description, tuple(outfit.colours), pics)
    whole = Member(
        key=f"{found.kind}-{found.code}",
        code=found.code,
        kind="character" if found.kind == Kind.CHARACTER else "product",
        species=found.species,
        name=found.name,
        bible=version.bible if version else "",
        version=locked.number if locked else 0,
        markers=_markers(version),
        pics=_pics(found, None),
        outfit=clothes,
    )
    return [replace(whole, view=view, view_by_hand=True) for view in views]


def look_of(style: Subject) -> Setting:
    """A style by itself. Five queries."""
    found = _setting(_subjects({style.pk})[style.pk])
    assert found is not None
    return found


def _hand(row: PanelPrompt) -> Hand:
    edits = tuple(Edit(**edit) for edit in row.edits)
    steered = (tuple(row.pinned), tuple(row.dropped), tuple(row.order))
    return Hand(row.strategy, edits, *steered, tuple(row.left_out), tuple(row.sent_anyway))


def _subjects(ids: set[int]) -> dict[int, Subject]:
    references = Reference.objects.select_related("image").order_by("position", "pk")
    return Subject.objects.prefetch_related(
        Prefetch("versions", SubjectVersion.objects.order_by("number")),
        "versions__markers",
        Prefetch("reference_sets", ReferenceSet.objects.all()),
        Prefetch("reference_sets__references", references),
    ).in_bulk(ids)


def _brief(panel: Panel, subjects: dict[int, Subject], hand: Hand) -> Brief:
    scene = panel.scene
    rows = [a for a in panel.brief_cast if a.subject_id in subjects]  # type: ignore[attr-defined]
    for row in rows:
        row.subject = subjects[row.subject_id]
    return Brief(
        panel=panel.code,
        label=panel.label,
        aspect=scene.project.aspect,
        shot_size=panel.shot_size,
        angle=panel.angle,
        framing=panel.framing,
        lens=panel.lens,
        movement=panel.movement,
        action=panel.action,
        int_ext=scene.int_ext,
        place=scene.place,
        time_of_day=scene.time_of_day,
        light=scene.light,
        cast=tuple(_member(row, panel, rows) for row in rows),
        location=_setting(subjects.get(scene.location_id or 0)),
        style=_setting(subjects.get(scene.style_id or 0)),
        template_version=scene.project.template_version,
        hand=hand,
        unapproved=_unapproved(panel, rows, subjects),
    )


def _unapproved(panel: Panel, rows: list[Appearance], subjects: dict[int, Subject]) -> tuple[Unapproved, ...]:
    """The sets of the cast, of what they wear, of place and style, where nobody approved the pictures that are in them now."""
    wanted: list[tuple[Subject, Outfit | None, str]] = []
    for row in rows:
        wanted.append((row.subject, None, row.subject.name))
        if row.outfit and not row.outfit.deleted:
            wanted.append((row.subject, row.outfit, f"{row.subject.name}, {row.outfit.name}"))
    for pk in (panel.scene.location_id, panel.scene.style_id):
        setting = subjects.get(pk or 0)
        if setting is not None and not setting.deleted:
            wanted.append((setting, None, setting.name))
    found = []
    for subject, outfit, name in wanted:
        one = next((s for s in subject.reference_sets.all() if s.outfit_id == (outfit.pk if outfit else None)), None)
        if one is not None and not approval.stands(one):
            found.append(Unapproved(subject.code, outfit.code if outfit else "", name, not one.references.all()))
    return tuple(found)


def _member(row: Appearance, panel: Panel, rows: list[Appearance]) -> Member:
    subject = row.subject
    version = subject.locked or subject.draft
    outfit = row.outfit if row.outfit and not row.outfit.deleted else None
    kind = "character" if subject.kind == Kind.CHARACTER else "product"
    view = shown.view_of(row, panel, rows)
    return Member(
        key=appearance_key(row),
        code=subject.code,
        kind=kind,
        species=subject.species,
        name=subject.name,
        bible=version.bible if version else "",
        version=version.number if version and version.locked_at else 0,
        markers=_markers(version),
        pics=_pics(subject, None),
        outfit=Clothes(outfit.code, outfit.name, outfit.description, tuple(outfit.colours), _pics(subject, outfit.pk))
        if outfit
        else None,
        where=row.where,
        doing=row.doing,
        holding=tuple(appearance_key(other) for other in rows if other.held_by_id == row.pk),
        view=view,
        view_by_hand=bool(row.view),
    )


def _setting(subject: Subject | None) -> Setting | None:
    if subject is None or subject.deleted:
        return None
    version = subject.locked or subject.draft
    return Setting(
        key=f"{subject.kind}-{subject.code}",
        code=subject.code,
        name=subject.name,
        bible=version.bible if version else "",
        colours=tuple(m.colour for m in version.markers.all() if m.colour) if version else (),
        pics=_pics(subject, None),
        version=version.number if version and version.locked_at else 0,
    )


def _markers(version: SubjectVersion | None) -> tuple[MarkerLine, ...]:
    return tuple(MarkerLine(m.key, m.phrase, m.category, m.colour) for m in version.markers.all()) if version else ()


def _pics(subject: Subject, outfit_id: int | None) -> tuple[Pic, ...]:
    one_thing = subject.kind in {Kind.CHARACTER, Kind.PRODUCT}  # a place or a style may be as busy as it likes
    for one in subject.reference_sets.all():
        if one.outfit_id == outfit_id:
            return tuple(
                Pic(
                    code=r.code,
                    image_key=r.image.key,
                    sha256=r.sha256,
                    view=r.view,
                    detail=r.detail,
                    weak=tuple(w.text for w in quality.weaknesses(r.image, background=one_thing)),
                    position=at,
                )
                for at, r in enumerate(one.references.all())
            )
    return ()
