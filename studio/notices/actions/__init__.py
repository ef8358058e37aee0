"""The verbs of being told."""

from studio.notices.actions.clients import tell_client
from studio.notices.actions.hooks import (
    add_hook,
    change_hook,
    remove_hook,
    rotate_secret,
    send_again,
    switch_hook,
    try_hook,
)
from studio.notices.actions.reading import read_all, read_notice, set_wishes, stop_letters, write_again

__all__ = [
    "add_hook",
    "change_hook",
    "read_all",
    "read_notice",
    "remove_hook",
    "rotate_secret",
    "send_again",
    "set_wishes",
    "stop_letters",
    "switch_hook",
    "tell_client",
    "try_hook",
    "write_again",
]
