"""What can be done on a board, verb by verb. A page, the worker and a command call the same ones.

All are keyword-only, take `by` (the user, or None for the studio itself) and leave an event. They raise
`errors.Refused` with a sentence for the person, and `errors.Conflict` where somebody else saved first.
"""

from studio.board.actions.cast import add_to_cast, edit_cast, remove_from_cast
from studio.board.actions.continuity import mean_so, not_meant
from studio.board.actions.panels import (
    FIELDS,
    add_panel,
    bulk_edit,
    delete_panels,
    duplicate_panel,
    edit_field,
    move_panels,
    restore_panels,
    step_panel,
)
from studio.board.actions.projects import (
    add_word,
    create_project,
    delete_project,
    demand_approval,
    duplicate_project,
    edit_project_field,
    restore_project,
    update_project,
)
from studio.board.actions.scenes import (
    add_scene,
    delete_scene,
    duplicate_scene,
    edit_scene,
    edit_scene_field,
    move_scene,
    restore_scene,
    step_scene,
)
from studio.board.actions.takes import add_take, copy_take, pick_take

__all__ = [
    "FIELDS",
    "add_panel", "add_scene", "add_take", "add_to_cast", "add_word", "bulk_edit", "copy_take", "create_project", "delete_panels",
    "delete_project", "delete_scene", "demand_approval", "duplicate_panel", "duplicate_project", "duplicate_scene", "edit_cast",
    "edit_field", "edit_project_field", "edit_scene", "edit_scene_field", "mean_so", "move_panels", "move_scene", "not_meant", "pick_take", "remove_from_cast", "restore_panels",
    "restore_project", "restore_scene", "step_panel", "step_scene", "update_project",
]  # fmt: skip
