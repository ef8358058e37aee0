"""The bible linter: what each rule finds, what it leaves alone, and where it is shown."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.library import lint, lint_cast, lint_words
from studio.library.models import Kind
from tests import makers

GOOD = (
    "Ida, a harbour pilot of sixty, square-built and short, weathered reddish skin, a broad round face with pale grey eyes and "
    "heavy white eyebrows, white hair cut close above the ears, a small scar through the left eyebrow, a red wool cap with a "
    "brass anchor pin. She stands square with her feet apart, calm and watchful."
)


@dataclass
class Mark:
    phrase: str
    category: str = "face"
    colour: str = ""


@dataclass
class Coat:
    name: str
    description: str


@dataclass
class Voice:
    name: str
    bible: str
    kind: str = "character"
    markers: tuple = ()


def found(text, kind="character", markers=(), outfits=()):
    return lint.bible(text, kind=kind, markers=markers, outfits=outfits)


def rules(text, **more):
    return {one.rule for one in found(text, **more)}


def test_it_has_nothing_to_say_of_a_good_bible():
    marks = [Mark("scar through the left eyebrow", "mark"), Mark("red wool cap with a brass anchor pin", "item")]
    assert found(GOOD, markers=marks) == []


def test_it_waits_for_the_first_word():
    assert found("  \n ") == []


@pytest.mark.parametrize(
    ("more", "rule", "words"),
    [
        ("A burnt sienna scarf.", "colour", "burnt sienna"),
        ("A rust-olive scarf.", "colour", "rust-olive"),
        ("Wears colourful scarves.", "colour", "colourful"),
        ("As on a character sheet.", "medium", "character sheet"),
        ("A model-sheet look.", "medium", "model-sheet"),
        ("Turnaround of three views.", "medium", "Turnaround"),
        ("Cinematic photography, a bit cartoon.", "medium", "cartoon"),
        ("A gouache figure.", "medium", "gouache"),
        ("Clean-shaven, with a short beard.", "contradiction", "beard"),
        ("Bald, her long hair in a bun.", "contradiction", "long hair"),
        ("Shot on a 35mm lens.", "camera", "35mm lens"),
        ("Soft studio lighting.", "light", "Soft studio lighting"),
        ("Seamless paper behind.", "backdrop", "Seamless paper"),
        ("Always walking.", "action", "walking"),
    ],
)
def test_it_finds_the_words(more, rule, words):
    text = f"{GOOD} {more}"
    hits = [one for one in found(text) if one.rule == rule]
    assert [one.words for one in hits] == [words]
    assert text[hits[0].start : hits[0].end] == words
    assert hits[0].title
    assert hits[0].reason
    assert hits[0].mend


@pytest.mark.parametrize(
    "more",
    ["No illustration, no toon.", "Not a model sheet.", "Warm olive skin.", "A copper pot hangs at her belt.", "Without a beard, never a bun.", "Hair lying flat."],
)  # fmt: skip
def test_it_leaves_alone_what_is_meant(more):
    assert found(f"{GOOD} {more}") == []


def test_a_swatch_settles_a_colour():
    text = GOOD.replace("red wool cap", "teal wool cap")
    assert "colour" in rules(text, markers=[Mark("teal wool cap", "item")])
    assert "colour" not in rules(text, markers=[Mark("teal wool cap", "item", "#1f7a78")])
    (one,) = found(text, markers=[Mark("teal wool cap", "item")])
    assert one.mend == "Give the marker “teal wool cap” a swatch, or say it plainly: dark blue-green."


def test_it_names_markers_that_the_text_lacks():
    (one,) = found(GOOD, markers=[Mark("silver nose ring", "item")])
    assert (one.rule, one.weight, one.words) == ("unsaid", lint.GRAVE, "silver nose ring")
    (one,) = found(GOOD, markers=[Mark("heavy bushy eyebrows")])
    assert (one.rule, one.weight) == ("unsaid", lint.WORTH)
    assert found(GOOD, markers=[Mark("Small scar, left eyebrow", "mark")]) == []


def test_it_sees_a_mark_change_sides():
    (one,) = found(GOOD, markers=[Mark("scar through the right eyebrow", "mark")])
    assert (one.rule, one.words) == ("contradiction", "left")
    assert GOOD[one.start : one.end] == "left"


def test_it_sees_a_marker_against_the_text():
    hits = [one for one in found(f"{GOOD} Clean-shaven.", markers=[Mark("grey beard")]) if one.rule == "contradiction"]
    assert hits[0].title == "“Clean-shaven” here, “beard” in a marker"


def test_it_sees_an_outfit_against_the_text():
    text = f"{GOOD} A blue denim jacket."
    assert "contradiction" not in rules(text)
    assert "contradiction" not in rules(text, outfits=[Coat("Same", "a blue denim jacket")])
    assert "contradiction" not in rules(text, outfits=[Coat("Same", "Blue cotton jacket with a zip")])
    assert "contradiction" in rules(text, outfits=[Coat("Other", "a red leather jacket")])
    assert "contradiction" not in rules(text, outfits=[Coat("Legs", "grey trousers")])
    (one,) = found(text, outfits=[Coat("Rain", "a yellow raincoat"), Coat("Night", "a black parka")])
    assert one.title == "“jacket” here, “raincoat” in the outfit Rain, and 1 more"


def test_it_asks_for_posture_and_expression_of_characters_only():
    plain = GOOD.split(" She stands")[0]
    (one,) = found(plain)
    assert one.title == "Posture and expression are not said"
    assert found(plain, markers=[Mark("upright, calm", "posture")])[0].rule == "unsaid"
    assert "bearing" not in rules(plain, kind="product")


@pytest.mark.parametrize("kind", Kind.values)
def test_it_says_when_a_bible_is_too_short(kind):
    assert "short" in rules("A grey one.", kind=kind)


def test_it_says_when_a_bible_is_too_long():
    assert rules(f"{GOOD} " + "very " * 160) == {"long"}


def test_a_style_may_have_its_camera_and_a_place_its_light():
    words = "Cinematic photography on a 35mm lens, shallow depth of field, soft studio lighting, neutral grade, fine natural grain."
    assert found(words, kind="style") == []
    place = "A narrow workshop, benches left and right, one window at the back, oiled wood, dust, soft lighting from the window."
    assert found(place, kind="location") == []


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (Voice("Ida", "A gouache figure."), Voice("Bo", "Cinematic photography."), "of two media"),
        (Voice("Ida", "Cinematic photography."), Voice("Bo", "A cartoon."), "of two media"),
        (Voice("Ida", "Golden hour."), Voice("Bo", "Rim light."), "two lights"),
        (Voice("Ida", "Taller than Bo."), Voice("Bo", "Taller than Ida."), "cannot both be taller"),
        (Voice("Ida", "x", markers=(Mark("red cap"),)), Voice("Bo", "y", markers=(Mark("a red cap"),)), "share “red cap”"),
        (Voice("Ida Berg", "x"), Voice("Ida Holm", "y"), "begin with the same name"),
    ],
)  # fmt: skip
def test_it_hears_two_in_one_panel_against_each_other(one, other, said):
    (finding,) = lint_cast.between([one, other])
    assert said in finding.title
    assert finding.reason
    assert finding.mend


def test_it_lets_two_be_who_agree():
    assert lint_cast.between([Voice("Ida", GOOD), Voice("Bo", GOOD.replace("sixty", "thirty"))]) == []


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300) | st.lists(st.sampled_from([*sorted(lint_words.PLAIN), "no", "cartoon", "photo", "left", ",", "."]), max_size=40).map(" ".join), st.sampled_from(Kind.values))  # fmt: skip
def test_its_places_are_always_in_the_text(text, kind):
    hits = lint.bible(text, kind=kind, markers=[Mark(text[:60])], outfits=[Coat("x", text[:80])])
    assert all(text[one.start : one.end] == one.words.strip() or one.start < 0 or one.words in text for one in hits)
    assert "".join(piece for piece, _ in lint.marked(text, hits)) == text


@pytest.fixture
def ilse(team):
    return makers.subject(team, "Ilse", bible=f"{GOOD} A burnt sienna scarf.", markers=[("nose ring", "item", "")])


def test_its_page_says_it_without_scripts(ilse, mei, signed_in):
    page = signed_in(mei).get(f"/subjects/{ilse.code}/").content.decode()
    assert "“burnt sienna” is not one colour" in page
    assert 'data-words="burnt sienna"' in page
    assert "The text never mentions “nose ring”" in page


def test_it_answers_while_one_writes_and_saves_nothing(ilse, mei, signed_in):
    client = signed_in(mei)
    answer = client.post(f"/subjects/{ilse.code}/lint/", {"bible": "A model sheet."}, headers={"HX-Request": "true"})
    assert "pulls towards a cartoon" in answer.content.decode()
    assert "burnt sienna" not in answer.content.decode()
    assert ilse.versions.get().bible.endswith("burnt sienna scarf.")


def test_it_reads_no_more_than_can_be_saved(ilse, mei, signed_in):
    answer = signed_in(mei).post(f"/subjects/{ilse.code}/lint/", {"bible": "word " * 2000 + "model sheet"})
    assert "cartoon" not in answer.content.decode()


def test_the_lock_dialog_marks_the_words_and_locks_all_the_same(ilse, pavel, signed_in):
    client = signed_in(pavel)
    page = client.get(f"/subjects/{ilse.code}/lock/").content.decode()
    assert '<mark class="doubt">burnt sienna<sup>' in page
    assert "You can lock it all the same" in page
    version = ilse.versions.get()
    client.post(f"/subjects/{ilse.code}/lock/", {"number": 1, "revision": version.revision})
    assert ilse.versions.get().locked_at


def test_a_locked_bible_is_left_alone(team, mei, signed_in):
    done = makers.subject(team, "Done", bible="A model sheet.", locked=True)
    assert "cartoon" not in signed_in(mei).get(f"/subjects/{done.code}/").content.decode()


def test_it_escapes_what_was_typed(ilse, mei, signed_in):
    answer = signed_in(mei).post(f"/subjects/{ilse.code}/lint/", {"bible": "teal <script>alert(1)</script>"})
    assert "<script>alert" not in answer.content.decode()
