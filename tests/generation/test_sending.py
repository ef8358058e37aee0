"""Pictures that are too heavy together: the heaviest go smaller, none is left out."""

from __future__ import annotations

import pytest

from studio.generation.sending import _lighten
from studio.media.models import Rendition

SLOTS = [{"image_key": key} for key in ("a", "b", "c", "a")]


def row(size, spec):
    return Rendition(size=size, spec=spec)


@pytest.mark.parametrize(
    ("most", "sent"),
    [(4 * 2200, "a b c"), (4 * 2199, "a c"), (4 * 1400, "a c"), (4 * 1399, "c"), (4 * 10, "c")],
)
def test_the_heaviest_go_smaller_until_all_fit(most, sent):
    """Base64 takes four characters for three bytes; the one that is sent twice weighs twice."""
    files = {"a": row(900, "provider"), "b": row(3600, "provider"), "c": row(1200, "provider")}
    smaller = {"a": row(300, "1280"), "b": row(1200, "1280"), "c": row(1500, "1280")}
    _lighten(files, smaller, SLOTS, most)
    assert set(files) == {"a", "b", "c"}
    assert " ".join(key for key, one in files.items() if one.spec == "provider") == sent
