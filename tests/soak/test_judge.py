"""The judge of a soak finds what a soak looks for."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.soak.judge import Verdict, _one
from tests.soak.rounds import Round
from tests.soak.table import page

PRICE = Decimal("0.04657")
DONE = {
    "engine": "runware", "key": "k", "state": "done", "error": "", "takes": 1, "attempts": 1, "charged": True, "batch_over": True,
    "estimate": "0.046570", "spends": [("reserved", "0.046570", "table"), ("charged", "0.046570", "service")], "events": [],
}  # fmt: skip
UNKNOWN = {
    **DONE, "state": "unknown", "takes": 0, "charged": None,
    "spends": [("reserved", "0.046570", "table"), ("uncertain", "0.046570", "table")],
}  # fmt: skip
GIVEN_BACK = {
    **DONE, "state": "failed", "takes": 0, "charged": False,
    "spends": [("reserved", "0.046570", "table"), ("released", "0.046570", "table")],
}  # fmt: skip


def judged(job, *paid):
    verdict = Verdict()
    _one(verdict, job, list(paid))
    return verdict


def faults(verdict):
    return {name for name in ("twice", "lost", "stuck", "untrue") if getattr(verdict, name)}


def test_it_finds_nothing_where_all_is_well():
    assert not judged(DONE, PRICE).wrong
    assert not judged(
        {**DONE, "engine": "sketch", "spends": [("reserved", "0.000000", "table"), ("charged", "0.000000", "service")]}
    ).wrong
    assert not judged(GIVEN_BACK).wrong
    assert judged(GIVEN_BACK).failed
    woken = {**DONE, "spends": [*UNKNOWN["spends"], ("charged", "0.046570", "service")]}
    assert not judged(woken, PRICE).wrong
    assert judged({**woken, "state": "failed"}, PRICE).wrong
    for paid in ((), (PRICE,)):
        found = judged(UNKNOWN, *paid)
        assert not found.wrong
        assert [one["charged"] for one in found.listed] == [bool(paid)]


@pytest.mark.parametrize(
    ("job", "paid", "found"),
    [
        (DONE, (PRICE, PRICE), {"twice", "untrue"}),
        (UNKNOWN, (PRICE, PRICE), {"twice"}),
        (GIVEN_BACK, (PRICE,), {"lost", "untrue"}),
        ({**DONE, "state": "waiting", "takes": 0, "batch_over": False}, (PRICE,), {"stuck"}),
        ({**DONE, "batch_over": False}, (PRICE,), {"stuck"}),
        (DONE, (), {"untrue"}),
        (DONE, (PRICE + 1,), {"untrue"}),
        ({**DONE, "takes": 2}, (PRICE,), {"untrue"}),
        ({**DONE, "takes": 0}, (PRICE,), {"lost", "untrue"}),
        ({**DONE, "spends": DONE["spends"][:1]}, (PRICE,), {"untrue"}),
        ({**UNKNOWN, "spends": DONE["spends"]}, (PRICE,), {"untrue"}),
        ({**UNKNOWN, "charged": False}, (PRICE,), {"untrue"}),
    ],
)
def test_it_finds_what_is_wrong(job, paid, found):
    assert faults(judged(job, *paid)) == found


def test_the_page_counts_them():
    one = Round("claimed", kills=3, verdict=judged(DONE, PRICE, PRICE))
    last = Round("left over", left={"rows": 1, "files": 4, "spooled": 2}, swept={"rows": 0, "files": 0, "spooled": 1})
    text = page({"SQLite": ([one, last], 60.0)}, share=1.0, warm=False)
    assert "| at “claimed” | 3 | 1 | 1 | 2 | 1 | 0 | 0 | 1 | 0 (0) | 0 | 0 s |" in text
    assert "1 pictures without a take, 4 files without a row, 2 spooled pictures" in text
