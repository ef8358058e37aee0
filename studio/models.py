"""Every room's models, under the one app label. Nothing else."""

from studio.accounts.models import Event, Invitation, Membership, SignInLink, Team, User
from studio.board.models import Appearance, Panel, Project, Scene, Take
from studio.exports.models import Export
from studio.generation.models import Batch, Job, JobEvent, Spend
from studio.library.models import Character, Marker, Outfit, Reference, ReferenceSet, Subject, SubjectVersion
from studio.media.models import Image, Rendition

__all__ = [
    "Appearance", "Batch", "Character", "Event", "Export", "Image", "Invitation", "Job", "JobEvent", "Marker", "Membership",
    "Outfit", "Panel", "Project", "Reference", "ReferenceSet", "Rendition", "Scene", "SignInLink", "Spend", "Subject",
    "SubjectVersion", "Take", "Team", "User",
]  # fmt: skip
