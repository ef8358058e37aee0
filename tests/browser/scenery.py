"""What people would have said of the sample board, for its pictures: verdicts on markers, a version sent, notes, decisions.

`python -m tests.browser.scenery` in the environment of a studio that has drawn its sample; prints where the pictures are taken.
"""

from __future__ import annotations

import json
import os
import sys
import uuid


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
    import django

    django.setup()
    from studio.board.models import Project

    project = Project.objects.filter(sample=True, kind="storyboard").select_related("team").first()
    if project is None:
        print("No sample project here.", file=sys.stderr)
        return 1
    owner = project.team.members.order_by("pk").first()
    judged(project, owner)
    print(json.dumps(reviewed(project, owner)))
    return 0


def judged(project, owner) -> None:
    """Most held; here and there one drifted, and one is gone."""
    from django.db.models import F

    from studio.board.models import Take
    from studio.consistency.actions import drawn_from, judge
    from studio.library.models import Marker

    takes = Take.objects.filter(panel__scene__project=project, panel__picked=F("pk")).select_related("panel")
    markers = list(Marker.objects.filter(version__subject__team=project.team).select_related("version__subject"))
    for at, take in enumerate(takes.order_by("panel__scene__position", "panel__position")):
        for row, marker in enumerate(markers):
            if not drawn_from(take, marker) or (at * 3 + row) % 7 == 6:
                continue
            kind = {3: "drifted", 11: "missing", 17: "drifted"}.get((at * 5 + row * 4) % 19, "same")
            judge(take=take, marker=marker, result=kind, by=owner, revision=0)


def reviewed(project, owner) -> dict[str, str]:
    """A round with a client's notes and a colleague's answer. The address of its panel and of the Review tab."""
    from studio.review import actions
    from studio.review.actions.notes import write_note
    from studio.review.reviewers import Reviewer

    sent = actions.send_round(
        project=project, by=owner, message="The whole board. Is the light right in scene 2?", people=[owner]
    )
    link, token = actions.make_link(round=sent, by=owner, name="Lena Quist", email="lena@example.com")
    client = Reviewer(round=sent, base=f"/r/{token}/", link=link, guest=link.guests.first())
    panels = list(sent.panels.order_by("position"))
    for panel in panels[:3]:
        actions.decide(by=client, on=panel, verdict="approve")
    here = panels[3]
    first = note(
        write_note, sent, here, client, "The lamp reads as a street light. Can it be the lighthouse itself?", 0.62, 0.3
    )
    note(write_note, sent, here, client, "I like how low we stand here. Keep that.", 0.36, 0.72)
    member = owner.memberships.get(team=project.team)
    inside = Reviewer(round=sent, base=f"/rounds/{sent.code}/", user=owner, membership=member)
    write_note(round=sent, on=here, by=inside, text="Yes. New take this afternoon.", key=uuid.uuid4(), parent=first)
    actions.decide(by=client, on=here, verdict="changes", reason="light", note=first)
    return {
        "review": f"/r/{token}/panels/{here.code}/",
        "door": f"/r/{token}/",
        "rounds": f"/projects/{project.code}/review/",
        "consistency": f"/projects/{project.code}/consistency/",
        "colours": f"/projects/{project.code}/colours/",
        "activity": f"/projects/{project.code}/activity/",
        "present": f"/projects/{project.code}/present/",
    }  # fmt: skip


def note(write, sent, on, by, words, x, y):
    return write(round=sent, on=on, by=by, text=words, key=uuid.uuid4(), marks=[{"kind": "pin", "x": x, "y": y}])


if __name__ == "__main__":
    sys.exit(main())
