from types import SimpleNamespace

from studio.library import differences


def marker(key, phrase, category="face", colour=""):
    return SimpleNamespace(key=key, phrase=phrase, category=category, colour=colour)


def test_it_strikes_what_went_and_underlines_what_came():
    pieces = differences.words("a mole on the right cheek.", "a mole on the left cheek, and a cap.")
    assert "".join(p.text for p in pieces if p.kind != "new") == "a mole on the right cheek."
    assert "".join(p.text for p in pieces if p.kind != "gone") == "a mole on the left cheek, and a cap."
    assert [p.text for p in pieces if p.kind == "gone"] == ["right"]


def test_it_finds_nothing_between_two_that_are_the_same():
    assert [p.kind for p in differences.words("same words", "same words")] == ["same"]


def test_it_matches_markers_by_key_not_by_words():
    old = [marker("a", "right cheek mole"), marker("b", "black hair"), marker("c", "scar")]
    new = [marker("b", "black hair"), marker("a", "left cheek mole"), marker("d", "cap", colour="#203050")]
    rows = differences.markers(old, new)
    assert [(row.word, row.phrase) for row in rows] == [
        ("Changed", "left cheek mole"), ("Added", "cap"), ("Removed", "scar"), ("Same", "black hair"),
    ]  # fmt: skip


def test_it_sees_a_colour_that_changed():
    (row,) = differences.markers([marker("a", "cap", colour="#111111")], [marker("a", "cap", colour="#222222")])
    assert (row.word, row.colour_was, row.colour) == ("Changed", "#111111", "#222222")


def test_it_marks_a_markers_phrase_in_the_bible_whatever_its_case():
    found = differences.marked("Narrow face, black hair.", ["narrow face", "hair"])
    assert [text for hit, text in found if hit] == ["Narrow face", "hair"]
    assert "".join(text for _, text in found) == "Narrow face, black hair."


def test_it_marks_whole_words_only_and_the_longest_phrase():
    found = differences.marked("a capable woman in a red wool cap", ["cap", "red wool cap"])
    assert [text for hit, text in found if hit] == ["red wool cap"]


def test_it_takes_a_phrase_with_signs_as_it_is():
    assert [t for hit, t in differences.marked("a (small) mole", ["(small) mole"]) if hit] == ["(small) mole"]
