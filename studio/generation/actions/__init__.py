"""What can be asked of the picture makers, verb by verb. Nothing outside is called here: rows are written, the worker does the rest.

All are keyword-only and take `by` (the user, or None for the studio itself); they raise `errors.Refused` with a sentence for the person.
"""

from studio.generation.actions.accounts import (
    add_account,
    ask_check,
    edit_account,
    in_environment,
    limit_account,
    remove_account,
    rotate_key,
    seed_from_environment,
    sign_callbacks,
    switch_account,
)
from studio.generation.actions.asking import (
    BY_HAND,
    MOST_PICTURES,
    MOST_TAKES,
    cancel_batch,
    cancel_job,
    request_takes,
    retry_job,
)
from studio.generation.actions.hurrying import hurry_job
from studio.generation.actions.limits import limit_project, limit_team
from studio.generation.actions.passing import pass_on
from studio.generation.actions.promoting import promote, promotions, use_existing
from studio.generation.actions.quoting import ask_prices
from studio.generation.actions.redrawing import ask_again, call_all_fine, call_fine, lock_and_redraw, redraw, redrawn
from studio.generation.actions.settling import check_job, settle_job, way
from studio.generation.actions.tiers import add_entry, change_entry, move_entry, remove_entry, switch_fail_over

__all__ = [
    "BY_HAND",
    "MOST_PICTURES",
    "MOST_TAKES",
    "add_account",
    "add_entry",
    "ask_again",
    "ask_check",
    "ask_prices",
    "call_all_fine",
    "call_fine",
    "cancel_batch",
    "cancel_job",
    "change_entry",
    "check_job",
    "edit_account",
    "hurry_job",
    "in_environment",
    "limit_account",
    "limit_project",
    "limit_team",
    "lock_and_redraw",
    "move_entry",
    "pass_on",
    "promote",
    "promotions",
    "redraw",
    "redrawn",
    "remove_account",
    "remove_entry",
    "request_takes",
    "retry_job",
    "rotate_key",
    "seed_from_environment",
    "settle_job",
    "sign_callbacks",
    "switch_account",
    "switch_fail_over",
    "use_existing",
    "way",
]
