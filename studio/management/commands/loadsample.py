"""Put the sample into a team."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from studio.accounts.models import Team
from studio.board.models import Panel
from studio.management.progress import Progress
from studio.sample import actions


class Command(BaseCommand):
    help = "Load the sample: a storyboard of eleven panels and a lookbook of three looks. Loading it twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--team", default="", help="the team's code; without it the oldest team")
        parser.add_argument(
            "--draw", action="store_true", help="draw the pictures now instead of leaving them to the worker"
        )
        parser.add_argument("--json", action="store_true", help="say at the end, as JSON, what was made")

    def handle(self, *args: Any, **options: Any) -> None:
        teams = Team.objects.order_by("pk")
        team = teams.filter(code=options["team"]).first() if options["team"] else teams.first()
        if team is None:
            raise CommandError(
                "There is no such team. Start the studio once with make run, or name one with --team.", returncode=2
            )
        owner = team.memberships.filter(role="owner").order_by("created").first()
        there = actions.loaded(team=team)
        progress = Progress(self.stderr)
        project = actions.load(team=team, by=owner.user if owner else None, draw=options["draw"], say=progress)
        progress.end()
        panels = Panel.objects.filter(scene__project__team=team, scene__project__sample=True)
        result = {
            "project": project.code,
            "title": project.title,
            "team": team.code,
            "loaded": there is None,
            "panels": panels.count(),
            "drawn": panels.exclude(picked=None).count(),
        }
        if options["json"]:
            self.stdout.write(json.dumps(result))
        elif there:
            self.stdout.write(f"{team} has the sample already: {project}.")
        else:
            self.stdout.write(f"{project} is in {team}, {result['drawn']} of {result['panels']} panels drawn.")
