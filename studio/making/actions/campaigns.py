"""A grid of panels for a campaign: made as rows of the board; drawing them is asked for like that of any panels, price first."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from studio.accounts.events import record
from studio.board import actions as board
from studio.board.models import Project
from studio.generation.errors import Refused
from studio.library.models import Outfit, Subject
from studio.making.models import Campaign

MOST = 200  # panels of one grid


@dataclass(frozen=True, slots=True)
class Column:
    """Who or what, and in which clothes (None: as in the references)."""

    subject: Subject
    outfit: Outfit | None = None

    @property
    def name(self) -> str:
        return f"{self.subject.name}, {self.outfit.name}" if self.outfit else self.subject.name


@dataclass(frozen=True, slots=True)
class Row:
    """Where, and in which style; one of them may be left out."""

    location: Subject | None
    style: Subject | None = None

    @property
    def name(self) -> str:
        return ", ".join(one.name for one in (self.location, self.style) if one)


def make_campaign(
    *, project: Project, rows: Sequence[Row], columns: Sequence[Column], by: Any, key: uuid.UUID, title: str = "",
    shot_size: str = "MS", action: str = "",
) -> Campaign:  # fmt: skip
    """A scene for each row, in it a panel for each column. The same key again answers with the grid it made. Raises Refused."""
    if not rows or not columns:
        raise Refused("Choose at least one place or style, and one subject.")
    if len(rows) * len(columns) > MOST:
        raise Refused(f"That is {len(rows) * len(columns)} panels. {MOST} are the most in one grid: make it in parts.")
    name = title.strip() or f"{len(rows)} × {len(columns)} grid"
    with transaction.atomic():
        campaign, new = Campaign.objects.get_or_create(
            key=key,
            defaults={"project": project, "title": name[:120], "by": by, "columns": [one.name for one in columns]},
        )
        if campaign.project_id != project.pk:
            raise Refused("This form was for another project. Open the page again.")
        if not new:
            return campaign
        for row in rows:
            scene = board.add_scene(
                project=project, by=by, place=row.name[:120], int_ext="", location=row.location, style=row.style
            )
            codes = []
            for column in columns:
                panel = board.add_panel(scene=scene, by=by, shot_size=shot_size, action=action)
                board.add_to_cast(panel=panel, subject=column.subject, by=by, outfit=column.outfit)
                codes.append(panel.code)
            campaign.rows.append({"name": row.name, "scene": scene.code, "panels": codes})
        campaign.save(update_fields=["rows"])
        record(
            verb="campaign.made", team=project.team, actor=by, about="project", code=project.code, project=project.code,
            title=campaign.title, panels=len(rows) * len(columns),
        )  # fmt: skip
    return campaign
