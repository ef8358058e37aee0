"""Shapes on a picture: what a browser sends is read strictly, kept small, and put into words and paths."""

from __future__ import annotations

import json

import pytest

from studio.review import marks

PIN = {"kind": "pin", "x": 0.81234567, "y": 0.22}


def read(*found):
    return marks.read(json.dumps(list(found)))


def test_it_keeps_a_pin_rounded_and_nothing_beside_it():
    assert read({**PIN, "onclick": "alert(1)"}) == [{"kind": "pin", "x": 0.8123, "y": 0.22}]
    assert marks.read("") == marks.read("  ") == marks.read("[]") == []


def test_it_puts_the_pin_first_and_names_a_box_by_its_corners():
    box = {"kind": "box", "from": [0.9, 0.8], "to": [0.1, 0.2]}
    assert [mark["kind"] for mark in read(box, PIN)] == ["pin", "box"]
    assert read(box)[0]["from"] == [0.1, 0.2]
    assert read({**box, "kind": "arrow"})[0]["from"] == [0.9, 0.8]  # an arrow has a direction


def test_it_holds_points_inside_the_picture():
    assert read({"kind": "pin", "x": -3, "y": 7}) == [{"kind": "pin", "x": 0.0, "y": 1.0}]


@pytest.mark.parametrize(
    "text",
    [
        "{", "{}", '"x"', "[1]", "[null]", '[{"kind": "text", "x": 0, "y": 0}]', '[{"kind": "pin", "x": "0", "y": 0}]',
        '[{"kind": "pin", "x": NaN, "y": 0}]', '[{"kind": "pin", "x": 1e999, "y": 0}]', '[{"kind": "pin", "x": true, "y": 0}]',
        '[{"kind": "box", "from": [0], "to": [1, 1]}]', '[{"kind": "arrow", "from": [0, 0]}]', '[{"kind": "pencil"}]',
        '[{"kind": "pencil", "points": [[0, 0]]}]', '[{"kind": ["pin"]}]', "[" * 5000, "[" + "9" * 5000 + "]",
        json.dumps([PIN, PIN]), json.dumps([{"kind": "box", "from": [0, 0], "to": [1, 1]}] * 21),
        json.dumps([{"kind": "pencil", "points": [[0, 0]] * 601}]), " " * 10 + "[" + "1," * 70_000 + "1]",
    ],
)  # fmt: skip
def test_it_takes_nothing_else(text):
    with pytest.raises(marks.Malformed):
        marks.read(text)


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [(0, 0, "upper left"), (0.5, 0.1, "upper middle"), (1, 1, "lower right"), (0.5, 0.5, "centre"), (0.9, 0.4, "right"),
     (0.5, 0.99, "lower middle"), (0.1, 0.5, "left")],
)  # fmt: skip
def test_it_says_where_by_thirds(x, y, words):
    assert marks.third(x, y) == words


def test_it_puts_all_marks_into_words():
    found = read(
        PIN, {"kind": "arrow", "from": [0, 0], "to": [1, 1]}, {"kind": "ellipse", "from": [0, 0], "to": [0.2, 0.2]}
    )
    assert marks.words(found) == (
        "Pin, upper right, at 81% across and 22% down. Arrow from upper left to lower right. Ellipse around upper left."
    )
    assert marks.where(found) == "upper right"
    assert marks.where([]) == marks.words([]) == ""


def test_it_finds_the_spot_of_the_number():
    assert marks.spot(read(PIN)) == (0.8123, 0.22)
    assert marks.spot(read({"kind": "arrow", "from": [0, 0], "to": [0.4, 0.5]})) == (0.4, 0.5)
    assert marks.spot(read({"kind": "box", "from": [0.1, 0.2], "to": [0.4, 0.5]})) == (0.4, 0.2)
    assert marks.spot(read({"kind": "pencil", "points": [[0.3, 0.3], [0.4, 0.4]]})) == (0.3, 0.3)
    assert marks.spot([]) is None


def test_it_draws_paths_of_numbers_only():
    found = read(
        PIN,
        {"kind": "box", "from": [0, 0], "to": [0.5, 0.5]},
        {"kind": "ellipse", "from": [0, 0], "to": [0, 0]},
        {"kind": "arrow", "from": [0, 0], "to": [1, 0]},
        {"kind": "pencil", "points": [[0, 0], [1, 1]]},
    )
    paths = marks.shapes(found, 2.0)
    assert [shape.kind for shape in paths] == ["box", "ellipse", "arrow", "pencil"]
    assert paths[0].path == "M0.0 0.0H500.0V250.0H0.0Z"
    assert paths[3].path == "M0.0 0.0L1000.0 500.0"
    assert all(set(shape.path) <= set("MLHVAZ0123456789. -") for shape in paths)
