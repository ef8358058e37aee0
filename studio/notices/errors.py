"""What the verbs of this room refuse, in plain words."""

from __future__ import annotations


class Refused(Exception):
    """The act was not done; the text says why. `field` names the form's field it is about."""

    def __init__(self, words: str, field: str = "") -> None:
        super().__init__(words)
        self.field = field


class Changed(Exception):
    """Somebody else saved this meanwhile; nothing was overwritten."""
