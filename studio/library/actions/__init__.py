"""What can be done in the library, verb by verb. Each leaves an event; pages, commands and the sample call the same ones."""

from studio.library.actions.adopting import adopt_reference
from studio.library.actions.approval import approve_set, withdraw_approval
from studio.library.actions.base import Refused, Stale
from studio.library.actions.markers import add_marker, edit_marker, move_marker, remove_marker
from studio.library.actions.outfits import add_outfit, delete_outfit, edit_outfit, restore_outfit
from studio.library.actions.references import (
    Duplicate,
    add_reference,
    edit_reference,
    move_reference,
    remove_reference,
    restore_reference,
    transfer_reference,
)
from studio.library.actions.subjects import create_subject, delete_subject, rename_subject, restore_subject
from studio.library.actions.versions import lock_version, next_version, save_bible
from studio.library.models import Locked

__all__ = [
    "Duplicate", "Locked", "Refused", "Stale",
    "add_marker", "add_outfit", "add_reference", "adopt_reference", "approve_set", "create_subject", "delete_outfit", "delete_subject", "edit_marker",
    "edit_outfit", "edit_reference", "lock_version", "move_marker", "move_reference", "next_version", "remove_marker",
    "remove_reference", "rename_subject", "restore_outfit", "restore_reference", "restore_subject", "save_bible",
    "transfer_reference", "withdraw_approval",
]  # fmt: skip
