"""What can be asked of the making of references, verb by verb. All are keyword-only and take `by`; they raise generation's or the
library's `Refused` with a sentence for the person."""

from studio.making.actions.campaigns import Column, Row, make_campaign
from studio.making.actions.drawing import draw_sides
from studio.making.actions.lending import lend
from studio.making.actions.redrawing import draw_pass, restyle
from studio.making.actions.ruling import accept, discard

__all__ = ["Column", "Row", "accept", "discard", "draw_pass", "draw_sides", "lend", "make_campaign", "restyle"]
