"""What docs/colour.md says of the colour check is so: parts of the bench set are measured again."""

import re

import pytest

from bench import colour as bench
from bench import panels


def rows(lines):
    """Name → numbers of a table's rows."""
    found = {}
    for line in lines.splitlines()[2:]:
        name, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        found[name] = [float(re.sub(r"[ %]", "", cell)) for cell in cells]
    return found


def test_it_says_how_exact_the_check_is():
    stands = rows(bench.written("figures"))
    again = rows(bench.table(bench.figures(["lamp"])))
    for name in ("lamp, careful", "lamp, careless"):
        assert again[name] == pytest.approx(stands[name], abs=0.31)  # another libjpeg may round another way
    assert stands["all, careful"][2] < 2.5
    assert {name.split(",")[0] for name in stands} == {"all", *panels.LIGHTS}


def test_writing_the_tables_leaves_the_words_between_them():
    text = "any x <!-- figures -->\nx\n<!-- end --> boxes <!-- places -->\ny\n<!-- end --> why"
    put = bench.put(text, {"figures": "one", "places": "two"})
    assert put == "any x <!-- figures -->\none\n<!-- end --> boxes <!-- places -->\ntwo\n<!-- end --> why"
    assert bench.DOC.read_text().count("| Light") == 2


def test_it_says_how_often_a_proposed_place_is_right():
    stands = rows(bench.written("places"))
    _, count, right, wrong, none, missing = bench.sought("even", [0], panels.PATCHES[:4])
    assert (count, right + wrong + none) == (4, 4)
    assert right >= 3
    assert wrong + missing <= 1
    total = stands.pop("all")
    assert total == [sum(row[at] for row in stands.values()) for at in range(5)]
    assert total[1] / total[0] > 0.75  # else it would be of no use, and has to be left out
    assert total[2] / total[0] < 0.05
