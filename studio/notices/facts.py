"""What an event of a review speaks of, read back from its row: the round, the panel as it was sent, the note."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from studio.accounts.models import Event
from studio.board.models import Project
from studio.lib.text import line
from studio.media.models import Image
from studio.review.models import Note, Round, RoundPanel


@dataclass(frozen=True, slots=True)
class Facts:
    """`who` did it, a guest's name too; `what` it is about in words ("Night ferry 2B"); `path` is the team's page of it."""

    event: Event
    project: Project | None
    round: Round | None
    on: RoundPanel | None
    note: Note | None
    who: str
    what: str
    quote: str
    path: str
    internal: bool

    @property
    def image(self) -> Image | None:
        return self.on.image if self.on else None

    def get(self, name: str) -> Any:
        return self.event.data.get(name)


def of(event: Event) -> Facts:
    """At most five queries, however large the project is."""
    data: dict[str, Any] = event.data
    project = Project.objects.filter(code=event.project).first() if event.project else None
    round_ = _round(event)
    panel = data.get("panel") or (event.code if event.about == "panel" else "")
    on = None
    if round_ and panel:
        on = RoundPanel.objects.select_related("image", "drawn_by").filter(round=round_, panel__code=panel).first()
    note = Note.objects.filter(code=data["note"]).first() if round_ and data.get("note") else None
    return Facts(
        event, project, round_, on, note, who=line(str(event.actor or data.get("name") or "Somebody"))[:80],
        what=_what(project, round_, on, data), quote=line(str(data.get("excerpt") or ""))[:200],
        path=_path(event, round_, on), internal=bool(data.get("internal") or (note and note.internal)),
    )  # fmt: skip


def _round(event: Event) -> Round | None:
    code = event.data.get("round") or (event.code if event.about == "round" else "")
    rows = Round.objects.select_related("project__team", "sent_by")
    return rows.filter(code=code, project__code=event.project).first() if code else None


def _what(project: Project | None, round_: Round | None, on: RoundPanel | None, data: dict[str, Any]) -> str:
    title = line(project.title) if project else ""
    if on or round_:
        return f"{title} {on.label if on else round_}"[:160]
    return (title or line(str(data.get("label") or "")))[:160]


def _path(event: Event, round_: Round | None, on: RoundPanel | None) -> str:
    if round_:
        return f"/rounds/{round_.code}/" + (f"panels/{on.code}/" if on else "")
    if event.about == "account":
        return "/team/engines/"
    if event.about == "hook":
        return f"/team/webhooks/{event.code}/"
    return f"/projects/{event.project}/" if event.project else ""
