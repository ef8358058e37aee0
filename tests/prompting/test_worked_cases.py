"""The cases that the guides of picture engines teach, played with our own people: which references go in which order, what the
words say, what they must not say, and what is warned of before anything is spent."""

from dataclasses import replace

import pytest

from studio.library import lint
from studio.prompting import compiler, references, versions
from studio.prompting.types import Brief, Clothes, MarkerLine, Member, Setting
from studio.providers import catalog
from studio.providers.base import Limits
from tests.prompting.casts import pics

ROOMY = Limits(references=14)
BLIND = Limits(references=0)

FACE = MarkerLine("face", "broad freckled face", "face")
HAIR = MarkerLine("hair", "copper plait", "hair", "#a4532a")
JACKET = MarkerLine("jacket", "mustard work jacket", "wardrobe", "#c9962c")
HERON = MarkerLine("heron", "silver heron across the back of the jacket", "item")
BAND = MarkerLine("band", "cork foot", "material", "#b98a57")
LOGO = MarkerLine("logo", "white fir on the front", "logo")


def person(name="Tilda", *, code="t", views=("front",), view="front", markers=(FACE, HAIR, JACKET), bible="", **more):
    bible = (
        bible
        or f"{name}, a woman of thirty with a broad freckled face and a copper plait, calm, upright, in a mustard work jacket."
    )
    return Member(
        f"character-{code}", code, "character", "person", name, bible, 1, markers, pics(code, views), view=view, **more
    )


def thing(name="Fir mug", *, code="m", views=("front",), view="front", markers=(BAND, LOGO), **more):
    bible = f"A {name.lower()} of teal ceramic with a cork foot and a white fir on the front."
    return Member(f"product-{code}", code, "product", "", name, bible, 1, markers, pics(code, views), view=view, **more)


def place(name, code="l", views=("",)):
    return Setting(f"location-{code}", code, name, "", (), pics(code, views), 1)


def panel(*cast, action="", size="MS", spot="", light="", location=None, style=None, **more):
    given = {"angle": "eye", "framing": "", "lens": "35 mm", "movement": "", "int_ext": "EXT", "time_of_day": ""} | more
    return Brief("p", "1A", "3:2", size, action=action, place=spot, light=light, cast=cast, location=location, style=style, template_version="v2", **given)  # fmt: skip


def drawn(brief, limits=ROOMY, **more):
    plan = references.plan(brief, limits)
    return plan, compiler.compile(brief, plan, **more)


def order(plan):
    return [(slot.role, slot.pic.view) for slot in plan.slots]


class TestWalkingAway:
    """One picture of the front, or front and back: only what was shown can come back."""

    walking = {"view": "back", "doing": "walks away down the avenue", "markers": (FACE, HAIR, JACKET, HERON)}

    def test_with_the_front_alone_it_warns_that_the_back_is_a_guess(self):
        plan, _ = drawn(panel(person(**self.walking)))
        assert order(plan) == [("identity", "front")]
        (warning,) = plan.warnings
        assert (warning.title, warning.view) == ("Tilda: the back will show", "back")
        assert "guess" in warning.text

    def test_with_front_and_back_both_go_and_nothing_is_warned(self):
        plan, prompt = drawn(panel(person(**self.walking, views=("front", "profile_left", "back"))))
        assert order(plan) == [("identity", "front"), ("identity", "back")]
        assert not plan.warnings
        assert [(one.pic.view, one.why) for one in plan.out] == [
            ("profile_left", "left profile: this shot shows the back")
        ]
        assert (
            "The woman in the first image, from the back in the second image (Tilda): seen from behind" in prompt.text
        )

    def test_the_words_keep_what_the_back_shows_and_leave_the_face_out(self):
        _, prompt = drawn(panel(person(**self.walking, views=("front", "back"))))
        assert "silver heron across the back of the jacket identical to the first and second images" in prompt.text
        assert "freckled" not in prompt.text
        assert [(one.phrase, one.why) for one in prompt.left_out] == [
            ("broad freckled face", "the face is turned away")
        ]

    def test_from_the_front_the_heron_is_left_out(self):
        _, prompt = drawn(panel(person(markers=(FACE, HERON))))
        assert "heron" not in prompt.text
        assert prompt.left_out[0].why == "the back is not shown"


class TestWomanAndMug:
    """Two locked subjects in one request, each from its own picture, and how they touch."""

    def bench(self, **more):
        return panel(
            thing(views=("front", "base")), person(where="on a park bench", holding=("product-m",)),
            spot="park", light="warm, low", action="Leaves fall around her.", **more,
        )  # fmt: skip

    def test_she_goes_before_the_mug(self):
        plan, _ = drawn(self.bench())
        assert [(slot.subject, slot.n) for slot in plan.slots] == [("character-t", 1), ("product-m", 2)]

    def test_each_is_named_by_its_picture_and_kept(self):
        _, prompt = drawn(self.bench())
        assert "The woman in the first image (Tilda): on a park bench" in prompt.text
        assert "The Fir mug from the second image: in Tilda’s hand." in prompt.text
        assert "Keep Tilda’s broad freckled face, copper plait (#a4532a) and mustard work jacket (#c9962c) identical to the first image." in prompt.text  # fmt: skip
        assert (
            "Keep the Fir mug’s cork foot (#b98a57) and white fir on the front identical to the second image."
            in prompt.text
        )

    def test_whoever_the_first_picture_shows_is_named_first(self):
        _, prompt = drawn(self.bench())
        assert prompt.text.startswith("New scene. The woman in the first image (Tilda)")

    def test_contact_and_size_are_said_and_nobody_is_described_again(self):
        _, prompt = drawn(self.bench())
        assert (
            "Tilda holds the Fir mug: the fingers close around it and touch it, and it is true to its size there."
            in prompt.text
        )
        assert "of thirty" not in prompt.text
        assert "teal ceramic" not in prompt.text
        assert "resting" not in prompt.text


class TestAstronautCarAndRoad:
    """Three elements shot apart, one light."""

    def road(self):
        rover = thing(
            "Dune rover", code="d", markers=(MarkerLine("stripe", "orange stripe", "logo"),), where="behind her"
        )
        ama = person("Ama", code="a", views=("front", "full_body"), view="full_body", where="in front", doing="stands with the helmet under her arm",
                     markers=(MarkerLine("suit", "white pressure suit", "item"),), bible="Ama, a woman in a white pressure suit, calm.")  # fmt: skip
        return panel(
            ama, rover, location=place("Desert road"), light="low sun from the left", size="WS", spot="desert road"
        )

    def test_they_go_in_the_order_of_what_must_hold(self):
        plan, _ = drawn(self.road())
        assert [slot.role for slot in plan.slots] == ["identity", "identity", "product", "location"]

    def test_the_words_place_them_and_light_them_once(self):
        _, prompt = drawn(self.road())
        assert "The woman in the first image, head to foot in the second image (Ama): in front" in prompt.text
        assert "The Dune rover from the third image: behind her." in prompt.text
        assert "The place is the one in the fourth image (Desert road)." in prompt.text
        assert prompt.text.count("low sun from the left") == 1
        assert "Light: low sun from the left, the same for everybody and everything." in prompt.text
        assert "The Dune rover is true to its size beside Ama, with a soft contact shadow." in prompt.text

    def test_with_room_for_two_the_road_stays_out_before_the_rover(self):
        plan, _ = drawn(self.road(), Limits(references=3))
        assert [slot.role for slot in plan.slots] == ["identity", "identity", "product"]
        assert plan.out[0].why == "this engine takes 3 pictures"


class TestWatchOnATable:
    """A product into a styled place, seen from above."""

    def table(self, views=("front", "top")):
        watch = thing("Tide watch", code="w", views=views, view="top", where="beside the open book", markers=(MarkerLine("dial", "navy dial", "material", "#1d2b4a"),))  # fmt: skip
        return panel(watch, location=place("Oak table"), angle="top", light="morning sun", size="CU", int_ext="INT")

    def test_the_watch_goes_before_the_table_with_the_side_that_shows(self):
        plan, prompt = drawn(self.table())
        assert order(plan) == [("product", "front"), ("product", "top"), ("location", "")]
        assert (
            "The Tide watch from the first image, from above in the second image: beside the open book" in prompt.text
        )
        assert "seen from directly above" in prompt.text
        assert not plan.warnings

    def test_without_a_picture_from_above_it_warns(self):
        plan, _ = drawn(self.table(views=("front",)))
        assert plan.warnings[0].title == "Tide watch: the top will show"

    def test_it_touches_the_table_and_no_person_is_invented(self):
        _, prompt = drawn(self.table())
        assert "true to its size, with a soft contact shadow" in prompt.text
        assert "fingers" not in prompt.text
        assert "person" not in prompt.text


class TestStreetInAPaintersStyle:
    """A place keeps its shape, a style lends its hand."""

    def test_the_street_goes_before_the_style_and_only_its_manner_is_taken(self):
        style = Setting("style-s", "s", "Night swirls", "", (), pics("s", ("", "")), 1)
        plan, prompt = drawn(panel(location=place("Chapel street"), style=style, spot="street"))
        assert [slot.role for slot in plan.slots] == ["location", "style"]
        assert plan.out[0].why == "1 of styles is enough; more pull apart"
        assert "The place is the one in the first image (Chapel street)." in prompt.text
        assert (
            "in the manner and palette of the second image (Night swirls): its hand, not what it shows" in prompt.text
        )

    def test_somebody_in_it_is_never_dropped_for_the_style(self):
        style = Setting("style-s", "s", "Night swirls", "", (), pics("s", ("",)), 1)
        plan, _ = drawn(panel(person(), location=place("Chapel street"), style=style), Limits(references=1))
        assert [slot.role for slot in plan.slots] == ["identity"]
        assert {one.role for one in plan.out} == {"location", "style"}


class TestWorkshopAndRooftop:
    """The same bible before two scenes, for an engine that sees nothing."""

    scenes = (
        ("INT", "repair workshop", "one warm bulb", "leans over the bench"),
        ("EXT", "rooftop", "cold, overcast", "kneels at the ledge"),
    )

    def words(self, int_ext, spot, light, doing, **more):
        return drawn(panel(person(doing=doing, **more), int_ext=int_ext, spot=spot, light=light), BLIND)

    def test_the_bible_comes_first_word_for_word_and_then_the_scene(self):
        starts = set()
        for scene in self.scenes:
            plan, prompt = self.words(*scene)
            before, separator, after = prompt.text.partition(" | Scene: ")
            starts.add(before)
            assert separator
            assert prompt.strategy == "bible_first"
            assert scene[2] in after
            assert scene[3] in after
            assert "image" not in after.split("One single picture")[0]
            assert {one.why for one in plan.out} == {"this engine sees no pictures"}
        assert starts == {person().bible}

    def test_markers_are_said_exactly_and_no_picture_is_promised(self):
        _, prompt = self.words(*self.scenes[0])
        assert "copper plait (#a4532a) and mustard work jacket (#c9962c) exactly so." in prompt.text
        assert "identical to" not in prompt.text

    def test_words_that_pull_towards_a_cartoon_are_found_in_the_bible(self):
        bible = person().bible + " Character sheet, cinematic photography."
        assert "medium" in {one.rule for one in lint.bible(bible, kind="character")}


class TestFrontalSideAndWardrobe:
    """The same model straight on, from the side, and in other clothes."""

    def test_the_side_takes_the_profile(self):
        plan, prompt = drawn(
            panel(person(views=("front", "profile_left", "profile_right"), view="profile_right"), size="FS")
        )
        assert order(plan) == [("identity", "front"), ("identity", "profile_right")]
        assert "from the right in the second image (Tilda): in profile, right side to camera" in prompt.text

    def test_a_mark_on_the_side_turned_away_is_left_out(self):
        mole = MarkerLine("mole", "mole below the left eye", "mark")
        _, prompt = drawn(panel(person(markers=(FACE, mole), views=("front", "profile_right"), view="profile_right")))
        assert "mole" not in prompt.text
        assert prompt.left_out[0].why == "on the left side, which is turned away"

    def test_other_clothes_are_said_as_a_change_and_the_old_ones_not_at_all(self):
        coat = Clothes("c", "Camel coat", "a long camel overcoat, wide lapels", (), pics("c", ("front",)))
        plan, prompt = drawn(panel(person(outfit=coat)))
        assert order(plan) == [("identity", "front"), ("outfit", "front")]
        assert "Tilda now wears a long camel overcoat, wide lapels, as in the second image; Tilda stays the same, even though the overcoat is different." in prompt.text  # fmt: skip
        assert "mustard" not in prompt.text
        assert "broad freckled face" in prompt.text

    @pytest.mark.parametrize(
        ("worn", "said"),
        [("dark jeans", "the jeans are"), ("a red dress", "the dress is"), ("an oat trench over grey trousers", "the clothes are"), ("nothing much", "the clothes are")],
    )  # fmt: skip
    def test_the_change_is_named_where_it_is_one_thing(self, worn, said):
        _, prompt = drawn(panel(person(outfit=Clothes("c", "Other", worn, (), ()))))
        assert f"Tilda stays the same, even though {said} different." in prompt.text

    def test_where_only_words_carry_her_the_outfit_overrules_the_bible(self):
        coat = Clothes("c", "Camel coat", "a long camel overcoat", (), ())
        _, prompt = drawn(panel(person(outfit=coat)), BLIND)
        assert "Whatever is said above, Tilda wears a long camel overcoat." in prompt.text

    def test_two_women_are_told_apart_by_what_only_one_has(self):
        other = person("Runa", code="r", markers=(MarkerLine("bob", "black bob", "hair"),))
        _, prompt = drawn(panel(person(), other))
        assert "The woman with copper plait in the first image (Tilda)" in prompt.text
        assert "The woman with black bob in the second image (Runa)" in prompt.text
        assert "Tilda and Runa stand on the same ground" in prompt.text


@pytest.mark.parametrize(
    ("engine", "model", "strategy"),
    [("hiapi", "Nano-Banana", ""), ("hiapi", "Nano-Banana-2", ""), ("hiapi", "Nano-Banana-Pro", "")],
)
class TestFlatTwoKAndHero:
    """One panel through three qualities: the plan follows what each model takes, the words follow the plan."""

    def test_no_more_than_the_model_takes_and_the_words_fit(self, engine, model, strategy):
        limits = catalog.get(engine, model).limits
        views = ("front", "three_quarter_left", "three_quarter_right", "full_body", "detail")
        cast = [person(f"P{n}", code=f"p{n}", views=views) for n in range(4)]
        plan, prompt = drawn(panel(*cast, location=place("Pier", views=("", ""))), limits, strategy=strategy)
        assert len(plan.slots) <= limits.references
        assert len(prompt.text) <= limits.prompt_characters
        faces = {slot.subject for slot in plan.slots if slot.role == "identity"}
        assert faces == {member.key for member in cast[: limits.references]}
        assert prompt.strategy == ("reference_first" if faces else "bible_first")

    def test_what_is_kept_is_the_same_in_every_quality(self, engine, model, strategy):
        _, prompt = drawn(panel(person()), catalog.get(engine, model).limits)
        said = {span.source for _, spans in prompt.rows for span in spans if span.kind == "marker"}
        assert said == {"face", "hair", "jacket"}


def test_a_strategy_can_be_asked_for():
    _, prompt = drawn(panel(person()), strategy="bible_first")
    assert prompt.text.startswith(person().bible + " | Scene: Tilda")


def test_camera_markers_are_said_once_for_all():
    grade = MarkerLine("grade", "soft film grain", "camera")
    cast = (person(markers=(FACE, grade)), person("Runa", code="r", markers=(replace(grade, key="grade2"),)))
    _, prompt = drawn(panel(*cast))
    assert prompt.text.count("oft film grain") == 1


@pytest.mark.parametrize("version", [version.VERSION for version in versions.ALL])
def test_every_version_words_an_empty_panel(version):
    assert drawn(panel(), version=version)[1].text
