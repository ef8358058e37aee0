"""What the words say, what they must not say, and where each piece comes from."""

import ast
import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from studio.prompting import compiler, frame, references, sheet, upon, versions
from studio.prompting.types import Brief, Clothes, MarkerLine, Member, Pic, Setting
from studio.prompting.versions import side1, upon1
from studio.providers.base import Limits

MOLE = MarkerLine("mole", "a mole left of the chin", "mark")
CAP = MarkerLine("cap", "teal knitted cap", "item", "#1f7a78")
BOOTS = MarkerLine("boots", "scuffed boots", "wardrobe")


def pic(code, view="front"):
    return Pic(code, "k", "s", view)


def noor(**more):
    given = {"pics": (pic("n1"),), "markers": (MOLE, CAP, BOOTS), "where": "left third", "doing": "bolts the hatch"}
    return Member(
        "character-n",
        "n",
        "character",
        "person",
        "Noor",
        "Noor, a woman in her thirties, calm.",
        2,
        **{**given, **more},
    )


FLASK = Member(
    "product-f",
    "f",
    "product",
    "",
    "Tern flask",
    "A cream enamel flask.",
    1,
    (MarkerLine("band", "red band", "logo"),),
    (pic("f1"),),
)


def brief(*cast, size="MS", **more):
    given = {
        "action": "She works fast.",
        "int_ext": "EXT",
        "place": "turbine deck",
        "time_of_day": "dawn",
        "light": "cold, overcast",
    }
    given |= more
    location, style = given.pop("location", None), given.pop("style", None)
    return Brief("p", "1A", "16:9", size, "low", "", "35 mm", "", cast=cast, location=location, style=style, **given)


def compiled(of, limits=None, **more):
    return compiler.compile(of, references.plan(of, limits or Limits(references=14)), **more)


def test_it_names_by_position_and_does_not_redescribe_who_is_seen():
    prompt = compiled(brief(noor(), FLASK))
    assert prompt.strategy == "reference_first"
    assert "Noor, the woman in the first image" in prompt.text
    assert "The Tern flask from the second image" in prompt.text
    assert "in her thirties" not in prompt.text
    assert prompt.text.lower().count("cold, overcast") == 1
    assert (
        "Keep Noor’s mole left of the chin, teal knitted cap (#1f7a78) and scuffed boots identical to the reference"
        in prompt.text
    )


def test_it_puts_the_bible_first_where_nobody_is_seen():
    prompt = compiled(brief(noor()), Limits(references=0))
    assert prompt.strategy == "bible_first"
    assert prompt.text.startswith("Noor, a woman in her thirties, calm. | Scene: Medium shot")
    assert "image" not in prompt.text.split("One single picture")[0]


def test_it_says_wardrobe_as_a_change_and_drops_wardrobe_markers():
    coat = Clothes("c", "Oat trench", "a long oat trench coat", (), (pic("c1"),))
    text = compiled(brief(noor(outfit=coat))).text
    assert (
        "Noor wears a long oat trench coat, as in the second image; Noor stays the same person even though the clothes are different"
        in text
    )
    assert "scuffed boots" not in text


def test_it_leaves_out_what_the_shot_cannot_show_and_says_so():
    prompt = compiled(brief(noor(view="back")))
    assert "mole" not in prompt.text
    assert [(left.phrase, left.why) for left in prompt.left_out] == [
        ("a mole left of the chin", "it is on the side turned away")
    ]


def test_it_says_how_things_touch():
    holding = noor(holding=("product-f",))
    text = compiled(brief(holding, FLASK)).text
    assert "holding Tern flask, fingers closed around it" in text
    assert "in the hand, true to its size" in text
    assert "resting on a surface" in compiled(brief(FLASK)).text


def test_it_sends_place_and_style_by_position():
    place = Setting("location-l", "l", "Turbine deck", "", (), (pic("l1", ""),))
    style = Setting("style-s", "s", "Wash", "", (), (pic("s1", ""),))
    text = compiled(brief(noor(), location=place, style=style)).text
    assert "The place is the one in the second image (Turbine deck)" in text
    assert "in the manner and palette of the third image (Wash)" in text


def test_it_links_every_span_to_its_source():
    prompt = compiled(brief(noor(), FLASK))
    assert {"ref", "marker", "shot", "scene", "action"} <= {s.kind for _, spans in prompt.rows for s in spans}
    assert "".join(s.text for _, spans in prompt.rows for s in spans).strip() == prompt.text


def test_it_compiles_an_empty_panel():
    empty = Brief("p", "1A", "16:9", "", "", "", "", "", "", "", "", "", "")
    assert compiled(empty).text


def test_it_refuses_a_version_that_never_was():
    with pytest.raises(KeyError):
        compiled(brief(noor()), version="v0")


def test_its_versions_import_nothing_that_changes():
    for path in _wordings():
        for node in ast.walk(ast.parse(path.read_text())):
            names = (
                [n.name for n in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            ours = [name for name in names if name.startswith("studio")]
            frozen = {f"studio.prompting.versions.{name}" for name in FROZEN}
            assert not [name for name in ours if name not in frozen], path


FROZEN = {
    "v1": "cfccc22e87e9935695a5f91974a3dbfe2fc7c1f8269be91a918e646b3cc91c5a",
    "v2": "c4c1f5918bc5b84cb96da38fd077b97b39f532f3d059275bac682f8f9d1928bf",
    "side1": "a2ea0938efd61684f62cf783ff0e49608f60f02f738c3a57606cf42da805482d",
    "upon1": "4daf0018f75019de3036a2e4bdfad73ad03ab854e31a0c6a71fc53460de2c518",
}
PANELS = [name for name in FROZEN if name.startswith("v")]  # the others word references, passes and other styles


def _wordings():
    return [path for path in Path(versions.__file__).parent.glob("*.py") if path.stem != "__init__"]


def test_its_versions_are_frozen():
    """Byte for byte: takes were drawn with them. Better words are a new version."""
    for path in _wordings():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == FROZEN[path.stem], path.stem
    assert sorted(path.stem for path in _wordings()) == sorted(FROZEN)
    assert [version.VERSION for version in versions.ALL] == PANELS
    assert (side1.VERSION, upon1.VERSION) == ("side1", "upon1")


@pytest.mark.parametrize("module", [compiler, sheet, upon])
def test_every_word_that_is_sent_stands_in_a_frozen_version(module):
    """What puts a prompt together makes no piece of its own: pieces come from the versions, or from a person's hand."""
    nodes = list(ast.walk(ast.parse(Path(module.__file__).read_text())))
    made = [one for one in nodes if isinstance(one, ast.Call) and getattr(one.func, "id", "") == "Span"]
    assert all(isinstance(piece, ast.Starred) for one in made for piece in one.args)
    pieces = [one for one in nodes if isinstance(one, ast.Tuple) and len(one.elts) == 3]
    assert not [one for one in pieces if isinstance(one.elts[0], (ast.Constant, ast.JoinedStr))]


@pytest.mark.parametrize(
    ("aspect", "size", "pixels"),
    [
        ("16:9", "1K", (1376, 768)),
        ("1:1", "1K", (1024, 1024)),
        ("9:16", "1K", (768, 1376)),
        ("16:9", "2K", (2752, 1552)),
    ],
)
def test_it_knows_the_pixels_of_a_ratio(aspect, size, pixels):
    width, height = frame.pixels(aspect, size)
    assert abs(width - pixels[0]) <= 16
    assert abs(height - pixels[1]) <= 16


def test_it_draws_scope_as_21_by_9_with_a_safe_crop():
    offered = ("1:1", "3:2", "4:3", "16:9", "21:9", "9:16")
    assert frame.drawn_aspect("2.39:1", offered) == "21:9"
    assert frame.drawn_aspect("1.85:1", offered) == "16:9"
    left, top, right, bottom = frame.safe_crop("21:9", "2.39:1")
    assert (left, right) == (0.0, 1.0)
    assert round((21 / 9) / (bottom - top), 3) == 2.39


@pytest.mark.parametrize("bad", ["", "wide", "0:1", "16:0"])
def test_it_refuses_what_is_no_ratio(bad):
    with pytest.raises((ValueError, ZeroDivisionError)):
        frame.ratio(bad)


@pytest.mark.parametrize(
    ("bible", "species", "noun"),
    [("Ellen, a pilot in her forties.", "person", "woman"), ("Halvard keeps his beard short.", "person", "man"), ("Sam, a welder.", "person", "person"),
     ("Kit, an old fox.", "animal", "fox"), ("Kit.", "animal", "animal")],
)  # fmt: skip
def test_it_finds_a_word_for_who_it_is(bible, species, noun):
    assert f"the {noun} in the first image" in compiled(brief(replace(noor(), bible=bible, species=species))).text


@pytest.mark.parametrize("bible", ["A 28-year-old woman who repairs sails.", "An old woman, straight as a mast."])
def test_it_calls_nobody_old_for_their_age(bible):
    text = compiled(brief(replace(noor(), bible=bible)), version="v2").text
    assert "the woman in the first image" in text.lower()
    assert "old woman" not in text
