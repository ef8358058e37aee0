"""Every room's models, under the one app label. Nothing else."""

from studio.accounts.models import AuditEntry, Event, Invitation, Membership, SignInLink, Tally, Team, User
from studio.board.models import Appearance, MeantSo, Panel, Project, Scene, StillFine, Take
from studio.consistency.models import ColourPatch, Rejection, Verdict
from studio.exports.models import Export
from studio.generation.models import Batch, Job, JobEvent, Spend
from studio.library.models import Character, Cut, Marker, Outfit, Reference, ReferenceSet, Subject, SubjectVersion
from studio.making.models import Bench, Campaign, Origin, Ruling
from studio.media.models import Image, Rendition
from studio.notices.models import (
    Delivery,
    DeliveryTry,
    Hook,
    Letter,
    LetterEvent,
    Looked,
    NoLetters,
    Notice,
    Untold,
    Wish,
)
from studio.presenting.models import Showing
from studio.prompting.models import PanelPrompt
from studio.review.models import (
    Asked,
    Decision,
    Guest,
    Note,
    Plea,
    ReviewRules,
    Round,
    RoundPanel,
    Seen,
    ShareLink,
)

__all__ = [
    "Appearance",
    "Asked",
    "AuditEntry",
    "Batch",
    "Bench",
    "Campaign",
    "Character",
    "ColourPatch",
    "Cut",
    "Decision",
    "Delivery",
    "DeliveryTry",
    "Event",
    "Export",
    "Guest",
    "Hook",
    "Image",
    "Invitation",
    "Job",
    "JobEvent",
    "Letter",
    "LetterEvent",
    "Looked",
    "Marker",
    "MeantSo",
    "Membership",
    "NoLetters",
    "Note",
    "Notice",
    "Origin",
    "Outfit",
    "Panel",
    "PanelPrompt",
    "Plea",
    "Project",
    "Reference",
    "ReferenceSet",
    "Rejection",
    "Rendition",
    "ReviewRules",
    "Round",
    "RoundPanel",
    "Ruling",
    "Scene",
    "Seen",
    "ShareLink",
    "Showing",
    "SignInLink",
    "Spend",
    "StillFine",
    "Subject",
    "SubjectVersion",
    "Take",
    "Tally",
    "Team",
    "Untold",
    "User",
    "Verdict",
    "Wish",
]
