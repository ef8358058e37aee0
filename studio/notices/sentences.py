"""What the activity says of each verb: did what, in which group of the filter, for whom."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import TextChoices

from studio.accounts.rights import Right


class Group(TextChoices):
    DRAWING = "drawing", "Drawing"
    BOARD = "board", "Board"
    REVIEW = "review", "Review"
    LIBRARY = "library", "Library"
    TEAM = "team", "Team"


class Sentence(NamedTuple):
    """`one` and `many` come before the object: "picked take 2 of" Night ferry 2B; "picked takes of 4 panels of" Night ferry.

    `many` is empty where several are said by the `one` of the newest.
    """

    group: Group
    one: str
    many: str = ""
    right: Right = Right.SEE


DRAWING, BOARD, REVIEW, LIBRARY, TEAM = Group
P, S = "{n} panels of", "{n} scenes of"

SENTENCES: dict[str, Sentence] = {
    "take.drawn": Sentence(DRAWING, "drew", f"drew {P}"),
    "take.picked": Sentence(DRAWING, "picked take {take} of", f"picked takes of {P}"),
    "take.rejected": Sentence(DRAWING, "turned down a take of", f"turned down takes of {P}"),
    "take.unrejected": Sentence(DRAWING, "took a take back in, of", f"took takes back in, of {P}"),
    "export.made": Sentence(DRAWING, "made a file of", "made {n} files of"),
    "proposal.accepted": Sentence(DRAWING, "accepted a drawn reference of", "accepted {n} drawn references of"),
    "project.added": Sentence(BOARD, "began"),
    "project.copied": Sentence(BOARD, "copied a project into"),
    "project.edited": Sentence(BOARD, "changed the settings of"),
    "project.approval": Sentence(BOARD, "changed what has to be approved in"),
    "project.deleted": Sentence(BOARD, "deleted"),
    "project.restored": Sentence(BOARD, "brought back"),
    "project.template": Sentence(BOARD, "moved the prompt template of"),
    "scene.added": Sentence(BOARD, "added", "added {n} scenes to"),
    "scene.edited": Sentence(BOARD, "edited", f"edited {S}"),
    "scene.moved": Sentence(BOARD, "moved", f"moved {S}"),
    "scene.copied": Sentence(BOARD, "duplicated a scene into", f"duplicated {S}"),
    "scene.deleted": Sentence(BOARD, "deleted", f"deleted {S}"),
    "scene.restored": Sentence(BOARD, "brought back", f"brought back {S}"),
    "panel.added": Sentence(BOARD, "added", "added {n} panels to"),
    "panel.edited": Sentence(BOARD, "edited", f"edited {P}"),
    "panel.moved": Sentence(BOARD, "moved", f"moved {P}"),
    "panel.deleted": Sentence(BOARD, "deleted", f"deleted {P}"),
    "panel.restored": Sentence(BOARD, "brought back", f"brought back {P}"),
    "round_sent": Sentence(REVIEW, "sent"),
    "round_closed": Sentence(REVIEW, "closed the review of"),
    "round_withdrawn": Sentence(REVIEW, "withdrew"),
    "reopen_asked": Sentence(REVIEW, "asked to go on with"),
    "link_made": Sentence(REVIEW, "made a link to", "made {n} links to"),
    "link_revoked": Sentence(REVIEW, "revoked a link to", "revoked {n} links to"),
    "link_opened": Sentence(REVIEW, "opened the link to"),
    "decided approve": Sentence(REVIEW, "approved", f"approved {P}"),
    "decided changes": Sentence(REVIEW, "asked for changes on", f"asked for changes on {P}"),
    "decided": Sentence(REVIEW, "took back a decision on", f"took back decisions on {P}"),
    "note_written": Sentence(REVIEW, "wrote on", f"wrote on {P}"),
    "note_resolved": Sentence(REVIEW, "resolved a note on", f"resolved notes on {P}"),
    "note_reopened": Sentence(REVIEW, "opened a note again, on", f"opened notes again, on {P}"),
    "note_waived": Sentence(REVIEW, "waived a note on", f"waived notes on {P}"),
    "review_rules": Sentence(REVIEW, "changed how decisions count in"),
    "subject.created": Sentence(LIBRARY, "added", "added {n} to the library"),
    "subject.renamed": Sentence(LIBRARY, "renamed"),
    "subject.locked": Sentence(LIBRARY, "locked version {version} of", "locked {n} in the library"),
    "subject.version": Sentence(LIBRARY, "began version {version} of"),
    "subject.bible": Sentence(LIBRARY, "edited the bible of", "edited {n} bibles"),
    "subject.deleted": Sentence(LIBRARY, "deleted", "deleted {n} from the library"),
    "subject.restored": Sentence(LIBRARY, "brought back"),
    "reference.added": Sentence(LIBRARY, "added references to"),
    "outfit.added": Sentence(LIBRARY, "added an outfit to"),
    "marker.added": Sentence(LIBRARY, "added markers to"),
    "set.approved": Sentence(LIBRARY, "approved the references of"),
    "set.unapproved": Sentence(LIBRARY, "withdrew the approval of references of"),
    "reference.removed": Sentence(LIBRARY, "removed a reference of"),
    "outfit.changed": Sentence(LIBRARY, "edited an outfit of"),
    "outfit.deleted": Sentence(LIBRARY, "deleted an outfit of"),
    "marker.changed": Sentence(LIBRARY, "edited markers of"),
    "marker.removed": Sentence(LIBRARY, "removed a marker of"),
    "member.joined": Sentence(TEAM, "joined the team"),
    "member.role": Sentence(TEAM, "made {person} {now}"),
    "member.removed": Sentence(TEAM, "removed {person} from the team"),
    "team.handed_over": Sentence(TEAM, "handed the team over to {person}"),
    "team.renamed": Sentence(TEAM, "renamed the team to “{now}”"),
    "invitation.made": Sentence(TEAM, "invited somebody to the team", "sent {n} invitations", Right.ADMIN),
    "account.added": Sentence(TEAM, "added the account", "", Right.DRAW),
    "account.paused": Sentence(TEAM, "An engine paused:", "", Right.DRAW),
    "account.on": Sentence(TEAM, "switched on the account", "", Right.DRAW),
    "account.off": Sentence(TEAM, "switched off the account", "", Right.DRAW),
    "limit.team": Sentence(TEAM, "changed the team’s limit", "", Right.PRODUCE),
    "limit.project": Sentence(TEAM, "changed the limit of", "", Right.PRODUCE),
    "hook.added": Sentence(TEAM, "added the webhook", "", Right.ADMIN),
    "hook.stopped": Sentence(TEAM, "A webhook was switched off:", "", Right.ADMIN),
    "hook.removed": Sentence(TEAM, "removed the webhook", "", Right.ADMIN),
}
VERBS = {name.split()[0] for name in SENTENCES}
NAMELESS = {"account.paused", "hook.stopped"}  # nobody did it


def verbs(*, group: str = "", may: set[str] | None = None) -> set[str]:
    """Verbs to be shown: of one group, or all; to somebody with these rights."""
    return {
        name.split()[0]
        for name, words in SENTENCES.items()
        if (not group or words.group == group) and (may is None or words.right in may)
    }
