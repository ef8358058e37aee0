"""A field saves itself: what is taken, what is refused in which words, and who wins when two type."""

import pytest

from studio import models

pytestmark = pytest.mark.django_db


@pytest.fixture
def panel(shed):
    return shed.panels.get(label="1B")


def save(client, panel, field, value, revision=None, **more):
    data = {"field": field, field: value, "revision": panel.revision if revision is None else revision, **more}
    return client.post(f"/panels/{panel.code}/field/", data, headers={"HX-Request": "true"})


def now(panel):
    return models.Panel.objects.get(pk=panel.pk)


@pytest.mark.parametrize(
    ("field", "typed", "stored"),
    [
        ("action", "She waits.", "She waits."),
        ("action", "One.\r\nTwo.\x00\x07", "One.\nTwo."),
        ("action", "هي ترفع القارورة 🚢", "هي ترفع القارورة 🚢"),
        ("action", "abc\u202edcba", "abcdcba"),
        ("dialogue", "", ""),
        ("sound", "rain\non tin", "rain on tin"),
        ("seconds", "2,5", "2.5"),
        ("seconds", " 12 s", "12.0"),
        ("seconds", ".3", "0.3"),
        ("shot_size", "MCU", "MCU"),
        ("framing", "", ""),
        ("lens", "85 mm", "85 mm"),
        ("label", "Opening", "Opening"),
    ],
)
def test_it_saves_one_field(signed_in, mei, panel, field, typed, stored):
    answer = save(signed_in(mei), panel, field, typed)
    assert answer.status_code == 200
    assert "Saved" in answer.content.decode()
    assert str(getattr(now(panel), field)) == stored
    assert now(panel).revision == 2
    assert now(panel).changed_by == mei


def test_it_brings_the_card_along(signed_in, mei, panel):
    answer = save(signed_in(mei), panel, "action", "A new line.").content.decode()
    assert f'hx-swap-oob="morph" class="panel-card" id="panel-{panel.code}"' in answer
    assert "A new line." in answer


def test_it_counts_the_seconds_anew(signed_in, mei, panel):
    answer = save(signed_in(mei), panel, "seconds", "10").content.decode()
    assert f'id="totals-{panel.scene.code}" hx-swap-oob="true">3 panels · 14.0 s' in answer
    assert 'id="outline" hx-swap-oob="morph"' in answer


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("action", "x" * 10_000, "10,000 characters; 5,000 is the most."),
        ("seconds", "0", "Seconds go from 0.1 to 600."),
        ("seconds", "601", "Seconds go from 0.1 to 600."),
        ("seconds", "-4", "Seconds go from 0.1 to 600."),
        ("seconds", "soon", "Seconds are a number such as 2.5."),
        ("seconds", "1e9", "Seconds are a number such as 2.5."),
        ("seconds", "٢", "Seconds are a number such as 2.5."),
        ("shot_size", "<b>", "Choose one of the list"),
        ("label", "  ", "A panel needs a label"),
        ("label", "1a", "There is already a panel 1a in this project."),
        ("label", "x" * 13, "13 characters; 12 is the most."),
    ],
)
def test_it_says_why_not_and_writes_nothing(signed_in, mei, panel, field, typed, words):
    before = getattr(panel, field)
    answer = save(signed_in(mei), panel, field, typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert getattr(now(panel), field) == before
    assert now(panel).revision == 1


def test_it_tells_the_second_of_two_who_change_one_field(signed_in, ada, mei, panel):
    assert save(signed_in(ada), panel, "action", "Hers.", was="x").status_code == 200
    answer = save(signed_in(mei), panel, "action", "Mine.", **{"was-action": panel.action})
    assert answer.status_code == 409
    words = answer.content.decode()
    assert "Ada Osei changed this" in words
    assert "Hers." in words
    assert 'data-revision="2"' in words
    assert now(panel).action == "Hers."
    assert save(signed_in(mei), panel, "action", "Mine.", revision=2).status_code == 200
    assert now(panel).action == "Mine."


def test_it_lets_two_people_change_different_fields(signed_in, ada, mei, panel):
    save(signed_in(ada), panel, "dialogue", "Hold on.")
    answer = save(signed_in(mei), panel, "action", "She holds on.", **{"was-action": panel.action})
    assert answer.status_code == 200
    assert (now(panel).dialogue, now(panel).action) == ("Hold on.", "She holds on.")


def test_it_takes_the_same_save_twice(signed_in, mei, panel):
    client = signed_in(mei)
    assert save(client, panel, "action", "Twice.").status_code == 200
    assert save(client, panel, "action", "Twice.").status_code == 200
    assert now(panel).revision == 2


@pytest.mark.parametrize("revision", ["", "abc", "-1", "999999999999999999999", "٣"])
def test_it_reads_a_broken_revision_as_stale(signed_in, mei, panel, revision):
    assert save(signed_in(mei), panel, "action", "Other.", revision=revision).status_code == 409


def test_it_wants_one_field_by_name(signed_in, mei, panel):
    client = signed_in(mei)
    assert client.post(f"/panels/{panel.code}/field/", {"revision": 1}).status_code == 422
    assert client.post(f"/panels/{panel.code}/field/", {"field": "state", "state": "approved"}).status_code == 422
    assert now(panel).state == "draft"


def test_it_keeps_one_entry_of_history_while_somebody_types_on(signed_in, mei, panel):
    client = signed_in(mei)
    for revision, text in enumerate(("A", "A b", "A b c"), 1):
        save(client, panel, "action", text, revision=revision)
    assert models.Event.objects.filter(verb="panel.edited", code=panel.code).count() == 1


def test_it_refuses_viewers_and_hides_from_outsiders(signed_in, viktor, rosa, outsider, panel):
    assert save(signed_in(viktor), panel, "action", "No.").status_code == 403
    assert save(signed_in(rosa), panel, "action", "No.").status_code == 403
    assert save(signed_in(outsider), panel, "action", "No.").status_code == 404
    assert now(panel).revision == 1


def form(panel, **typed):
    values = {
        "action": panel.action,
        "dialogue": panel.dialogue,
        "seconds": str(panel.seconds),
        "shot_size": panel.shot_size,
    }
    data = {f"was-{name}": value for name, value in values.items()}
    return {"revision": panel.revision, **data, **values, **typed}


def test_it_saves_the_whole_form_without_scripts(signed_in, mei, panel):
    answer = signed_in(mei).post(f"/panels/{panel.code}/", form(panel, action="All at once.", seconds="4"))
    assert answer.status_code == 302
    assert (now(panel).action, str(now(panel).seconds)) == ("All at once.", "4.0")


def test_it_keeps_what_was_typed_when_the_whole_form_has_a_mistake(signed_in, mei, panel):
    answer = signed_in(mei).post(f"/panels/{panel.code}/", form(panel, action="Good.", seconds="never"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="never"' in page
    assert "Seconds are a number such as 2.5." in page
    assert now(panel).action == "Good."


def test_it_shows_both_texts_without_scripts(signed_in, ada, mei, panel):
    data = form(panel, action="Mine.")
    save(signed_in(ada), panel, "action", "Hers.")
    answer = signed_in(mei).post(f"/panels/{panel.code}/", data)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Mine.</textarea>" in page
    assert "Hers." in page
    assert now(panel).action == "Hers."
