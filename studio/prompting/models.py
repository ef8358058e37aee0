"""What people change by hand about one panel's words and pictures."""

from __future__ import annotations

from django.db import models

from studio.board.models import Panel


class PanelPrompt(models.Model):
    """The layer over what is compiled and planned. It holds edits, never whole texts: the rest goes on being compiled."""

    panel = models.OneToOneField(Panel, models.CASCADE, related_name="by_hand")
    strategy = models.CharField(max_length=20, blank=True)  # empty: chosen by what the engine can see
    edits = models.JSONField(
        default=list, blank=True
    )  # [{id, section, was, text, by, at}]; section "": a sentence of one's own
    pinned = models.JSONField(default=list, blank=True)  # codes of references that shall go
    dropped = models.JSONField(default=list, blank=True)  # codes of references that shall not
    order = models.JSONField(default=list, blank=True)  # codes in the order they were put
    left_out = models.JSONField(default=list, blank=True)  # keys of markers that the words shall not say
    sent_anyway = models.JSONField(default=list, blank=True)  # keys of markers to say though the shot hides them
