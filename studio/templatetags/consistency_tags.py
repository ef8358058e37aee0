"""Cells of the consistency matrix, written without a template: a board may have six thousand of them."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from studio.board.models import Take
from studio.consistency.marks import Cell
from studio.consistency.models import Result
from studio.consistency.queries import Column, Row
from studio.templatetags.studio_tags import MARKERS, icon

register = template.Library()
NOT_IN = mark_safe("<td></td>")


@lru_cache(maxsize=2_000)
def _escaped(words: str) -> str:
    return str(escape(words))


@lru_cache(maxsize=2_000)
def _inside(result: str, why: str) -> str:
    """The words after the marker's name, and the sign."""
    said = Result(result).label.lower() + (f", {why}" if why else "")
    return f'{escape(said)}"{" data-auto" if why else ""}>{icon(MARKERS[result]) if result else ""}</a>'


def cell_html(cell: Cell, phrase: str, label: str, take: str, more: str = "", query: str = "") -> SafeString:
    """The link that is a cell: `data-result`, `data-revision` and its address are all that the keys need. `query`: of the address."""
    return mark_safe(
        f'<a class="marker" id="cell-{take}-{cell.marker}" {more}href="/takes/{take}/markers/{cell.marker}/{escape(query)}" '
        f'data-result="{cell.result}" data-revision="{cell.revision}" '
        f'aria-label="{_escaped(phrase)} in {_escaped(label)}: {_inside(cell.result, cell.why)}'
    )


@register.simple_tag
def matrix_cell(cell: Cell, phrase: str, label: str, take: str, query: str = "") -> SafeString:
    return cell_html(cell, phrase, label, take, query=query)


@register.simple_tag
def take_cell(cell: Cell, phrase: str, take: Take, oob: bool = False) -> SafeString:
    """A cell of the table under a panel's takes; `oob` where it comes with another answer."""
    return cell_html(cell, phrase, f"take {take.number}", take.code, 'hx-swap-oob="true" ' if oob else "")


@register.simple_tag
def matrix_cells(row: Row, columns: list[Column], query: str = "") -> SafeString:
    """All cells of a row; an empty one where the subject is not in the panel."""
    made = [
        NOT_IN
        if cell is None
        else f"<td>{cell_html(cell, row.marker.phrase, column.panel.label, column.take.code, query=query)}</td>"
        for column, cell in zip(columns, row.cells, strict=True)
    ]
    return mark_safe("".join(made))
