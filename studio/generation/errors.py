"""Why drawing says no, in words for the person who asked."""

from __future__ import annotations


class Refused(ValueError):
    """It cannot be done; the message says why and what to do, and stands beside the control."""
