"""What models take and cost, as data; a request is held against it before anything is sent."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from studio.prompting import frame
from studio.providers import catalog
from studio.providers.base import ProviderError
from tests.emulators import gemini as gemini_rules
from tests.emulators import hiapi as hiapi_rules
from tests.emulators.runware_rules import MODELS
from tests.providers.engines import MODELS as USUAL
from tests.providers.engines import asked, drawn

ACTIVE = [model for model in catalog.read().values() if not model.retired]
PAIRS = [(model, size, aspect) for model in ACTIVE if model.pixels for size in model.prices for aspect in model.aspects]


@pytest.fixture
def override(tmp_path, monkeypatch):
    def lay(text):
        path = tmp_path / "ours.toml"
        path.write_text(text)
        monkeypatch.setenv("STUDIO_CATALOG", str(path))
        catalog.forget()

    yield lay
    monkeypatch.undo()
    catalog.forget()


def refused(engine, **more):
    request = asked(engine, **more)
    with pytest.raises(ProviderError) as caught:
        catalog.check(request, catalog.get(engine, request.model))
    assert (caught.value.kind, caught.value.charged, caught.value.permanent) == ("invalid", False, True)
    return caught.value.message


def test_it_refuses_what_a_model_does_not_take():
    assert "does not draw 2.39:1" in refused("runware", aspect="2.39:1")
    assert "does not draw 8K" in refused("runware", size="8K")
    assert "does not draw 4:1" in refused("hiapi", aspect="4:1")
    assert "does not draw 2K" in refused("hiapi", model="Nano-Banana", size="2K")
    assert "takes no reference" in refused("hiapi", model="Nano-Banana", references=1)
    assert "takes 8 pictures; this plan sends 9" in refused("hiapi", references=9)
    assert "takes 14 pictures; this plan sends 15" in refused("gemini", references=15)
    assert "5,001 characters" in refused("hiapi", model="Nano-Banana", prompt="x" * 5001)
    assert "2 characters" in refused("gemini", prompt="no")
    catalog.check(asked("hiapi", prompt="x" * 10_000), catalog.get("hiapi", "Nano-Banana-Pro"))


def test_it_names_the_successor_of_a_retired_model():
    said = refused("gemini", model="gemini-2.5-flash-image")
    assert "2 Oct 2026" in said
    assert "gemini-nano-banana-2.1" in said
    for model in catalog.read().values():
        if model.retired or model.retired_at:
            assert not catalog.get(model.engine, model.successor).retired


def test_it_knows_what_one_service_has_taken_away_and_another_offers():
    for name in ("gemini-3-pro-image-preview", "gemini-3.1-flash-image-preview"):
        model = catalog.get("gemini", name)
        assert model.at("https://wisdom-gate.juheapi.com") is model
        gone = model.at("https://Generativelanguage.googleapis.com/v1beta")
        assert gone.ended == f"{model.name} ({name}) was retired on 25 Jun 2026. Its successor is {model.successor}."
        with pytest.raises(ProviderError, match="retired on 25 Jun 2026"):
            catalog.check(asked("gemini", model=name), gone)
        assert not catalog.get("gemini", model.successor).at("https://generativelanguage.googleapis.com").retired


def test_it_does_without_a_successor():
    model = replace(catalog.get("gemini", "gemini-2.5-flash-image"), successor="")
    assert model.ended == "Nano Banana (gemini-2.5-flash-image) was retired on 2 Oct 2026."


def test_it_sends_nothing_that_it_refuses(emulator):
    for more in ({"aspect": "2.39:1"}, {"size": "8K"}, {"references": 15}, {"prompt": ""}):
        with pytest.raises(ProviderError):
            drawn(emulator, asked(emulator.name, **more))
    with pytest.raises(ProviderError, match="no model"):
        drawn(emulator, asked(emulator.name, model="no-such-model"))
    assert emulator.calls == []


@pytest.mark.parametrize("engine", USUAL)
def test_it_draws_a_wide_panel_in_the_nearest_ratio_with_a_safe_crop(engine):
    for model in catalog.models(engine):
        assert frame.drawn_aspect("2.39:1", model.aspects) == "21:9"
    left, top, right, bottom = frame.safe_crop("21:9", "2.39:1")
    assert (left, right) == (0.0, 1.0)
    assert (right - left) / (bottom - top) * 21 / 9 == pytest.approx(2.39)


def test_it_may_cost_less_to_draw_larger():
    model = catalog.get("hiapi", "Nano-Banana-2")
    assert (model.price("2K"), model.price("1K")) == (Decimal("0.076"), Decimal("0.085"))
    assert model.price("2K") < model.price("1K") < model.price("4K")


def test_it_counts_references_and_search():
    model = catalog.get("runware", "google:4@3")
    assert model.price("1K", 3) == Decimal("0.06979")  # as a vendor's own example was billed
    assert model.price("1K", search=True) == Decimal("0.20895")
    with pytest.raises(KeyError):
        model.price("8K")


@pytest.mark.parametrize(("model", "size", "aspect"), PAIRS, ids=lambda one: str(getattr(one, "id", one)))
def test_it_sends_only_pairs_that_runware_lists(model, size, aspect):
    width, height = catalog.pixels(model, aspect, size)
    listed, dollars = MODELS[model.id][size]
    assert f"{width}x{height}" in listed
    assert float(model.price(size)) == dollars
    if (size, aspect) != ("0.5K", "21:9"):  # printed 792x168 by two vendors, though it is no 21:9
        wide, _, high = aspect.partition(":")
        assert width / height == pytest.approx(int(wide) / int(high), rel=0.03)


def test_it_knows_the_two_odd_pairs_by_model():
    assert catalog.pixels(catalog.get("runware", "google:4@2"), "21:9", "1K") == (1548, 672)
    assert catalog.pixels(catalog.get("runware", "google:4@3"), "21:9", "1K") == (1584, 672)
    assert catalog.pixels(catalog.get("runware", "google:4@2"), "16:9", "4K") == (5504, 3072)
    with pytest.raises(ProviderError):
        catalog.pixels(catalog.get("runware", "google:4@2"), "4:1", "1K")


@pytest.mark.parametrize("model", [one for one in ACTIVE if one.engine != "runware"], ids=lambda one: one.id)
def test_it_agrees_with_what_the_other_services_enforce(model):
    if model.engine == "hiapi":
        ratios, most, longest, _, prices = hiapi_rules.MODELS[model.id]
        assert set(model.aspects) == ratios - {"auto"}
        assert model.references <= (most or 0)
        assert model.prompt <= longest
        assert [float(price) for price in model.prices.values()] == list(prices.values())
    else:
        ratios, prices, _ = gemini_rules.MODELS[model.id]
        assert set(model.aspects) == set(ratios)
        assert model.references <= 14
        sizes = {"512" if size == "0.5K" else size: float(price) for size, price in model.prices.items()}
        assert sizes == prices


def test_it_marks_what_no_vendor_confirms():
    assert "references" in catalog.get("hiapi", "Nano-Banana-2").unconfirmed
    assert "available" in catalog.get("gemini", "gemini-3-pro-image-preview").unconfirmed
    assert all(model.dated for model in catalog.read().values())


def test_it_lets_an_operator_change_a_price_and_add_a_model(override):
    override("""
date = 2026-12-01
[[model]]
engine = "runware"
id = "google:4@3"
prices = { "1K" = 0.05 }
[[model]]
engine = "gemini"
id = "gemini-nano-banana-3"
name = "Nano Banana 3"
aspects = ["16:9"]
references = 5
prompt = 1000
prices = { "1K" = 0.02 }
""")
    changed = catalog.get("runware", "google:4@3")
    assert changed.prices == {
        "0.5K": Decimal("0.04657"), "1K": Decimal("0.05"), "2K": Decimal("0.10255"), "4K": Decimal("0.15295"),
    }  # fmt: skip
    assert changed.reference_price == Decimal("0.00028")
    assert changed.dated.isoformat() == "2026-12-01"
    assert catalog.get("runware", "google:4@2").dated.isoformat() == "2026-11-20"
    catalog.check(replace(asked("gemini"), model="gemini-nano-banana-3"), catalog.get("gemini", "gemini-nano-banana-3"))
    assert catalog.pixels(changed, "16:9", "1K") == (1376, 768)


def test_it_lets_an_operator_name_only_what_differs(override):
    override("""
date = 2026-12-01
[pixels.two."1K"]
"21:9" = [1548, 672]
[[model]]
engine = "runware"
id = "google:4@3"
references = 5
[[model]]
engine = "runware"
id = "google:4@2"
prices = { "4K" = false }
[[model]]
engine = "gemini"
id = "gemini-2.5-flash-image"
retired = false
[[model]]
engine = "gemini"
id = "gemini-3-pro-image-preview"
retired_at = { "generativelanguage.googleapis.com" = false, "gate.example" = 2026-11-30 }
""")
    model = catalog.get("runware", "google:4@3")
    assert (model.references, model.people, model.dated.isoformat()) == (
        5,
        4,
        "2026-11-20",
    )  # nobody looked at its prices
    assert catalog.pixels(model, "21:9", "1K") == (1548, 672)
    assert catalog.pixels(model, "16:9", "1K") == (1376, 768)
    assert catalog.pixels(model, "16:9", "2K") == (2752, 1536)
    assert list(catalog.get("runware", "google:4@2").prices) == ["1K", "2K"]
    assert catalog.get("gemini", "gemini-2.5-flash-image").retired is None
    preview = catalog.get("gemini", "gemini-3-pro-image-preview")
    assert preview.at("https://generativelanguage.googleapis.com").retired is None
    assert preview.at("https://gate.example/x").retired.isoformat() == "2026-11-30"


def test_it_applies_another_list_of_ratios_to_every_model_that_names_it(override):
    override('[aspects]\nten = ["1:1", "16:9"]\n')
    assert catalog.get("hiapi", "Nano-Banana").aspects == ("1:1", "16:9")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ('id = "new"', "runware new is not complete: it lacks name, aspects, references, prompt, prices"),
        ('id = "google:4@3"\ncolour = "red"', "has a field 'colour', which there is not"),
        ('id = "google:4@3"\nprices = { "1K" = "cheap" }', "prices 1K is 'cheap'"),
        ('id = "google:4@3"\nprices = { "1K" = -0.05 }', "prices 1K is '-0.05'. It has to be US dollars, from 0"),
        ('id = "google:4@3"\nprices = { "1K" = nan }', "prices 1K is 'nan'"),
        ('id = "google:4@3"\nprices = { "1K" = true }', "prices 1K is 'True'"),
        ('id = "google:4@3"\nprices = { "1K" = 5000 }', "to below 1000"),
        ('id = "google:4@3"\nprices = { "1K" = 0.12345678 }', "at most six decimals"),
        ('id = "google:4@3"\nprices = 0.05', "prices is '0.05'. It has to be a table"),
        ('id = "google:4@1"\nprices = { "1K" = false }', "has no size and no price"),
        ('id = "google:4@3"\nprices = { "1 K" = 0.05 }', "'1 K' is no size"),
        ('id = "google:4@3"\nprices = { "8K" = 0.5 }', "its table of pixels has no 1:1 at 8K"),
        ('id = "google:4@3"\npixels = "three"', "its table of pixels has no 1:1 at 0.5K"),
        ('id = "google:4@3"\nreference_price = -1', "reference_price is '-1'"),
        ('id = "google:4@3"\nreferences = -1', "references is '-1'. It has to be a whole number from 0 on"),
        ('id = "google:4@3"\nreferences = "many"', "references is 'many'"),
        ('id = "google:4@3"\nprompt = 0', "prompt is '0'. It has to be a whole number from 3 on"),
        ('id = "google:4@3"\naspects = "eleven"', "aspects is 'eleven'"),
        ('id = "google:4@3"\naspects = ["wide"]', "a list of ratios"),
        ('id = "google:4@3"\naspects = []', "a list of ratios"),
        ('id = "google:4@3"\nseed = "no"', "seed is 'no'. It has to be true or false"),
        ('id = "google:4@3"\nflat = true', "is flat, so it has one size"),
        ('id = "google:4@3"\noptions = ["sytem"]', "options is"),
        ('id = "google:4@3"\nretired = "2026-12-01"', "a day, without quotation marks"),
        ('id = "google:4@3"\nretired_at = "Google"', "a table of hosts and days"),
        ('id = "google:4@3"\nsuccessor = "gogle:4@2"', "its successor 'gogle:4@2' is not in the catalogue"),
    ],
)
def test_it_says_which_row_of_an_operators_file_is_wrong(override, row, words):
    override(f'date = 2026-12-01\n[[model]]\nengine = "runware"\n{row}\n')
    with pytest.raises(ValueError, match=r"catalogue’s row for runware (new|google:4@[13])") as caught:
        catalog.read()
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("datum = 2026-12-01", "'datum' means nothing here"),
        ('date = "2026-12-01"', "The file’s date is '2026-12-01'"),
        ("date = 2026-12-01T10:00:00", "a day, without quotation marks"),
        ('[model]\nengine = "runware"', "in two pairs of brackets"),
        ("model = [1]", "model has to be a table"),
        ("aspects = 3", "aspects has to be a table"),
        ('[pixels.two."1K"]\n"21:9" = "1548x672"', 'pixels.two.1K: write pixels as "16:9" = [1376, 768]'),
        ('[pixels.two."1K"]\ninherit = 3', "pixels.two.1K"),
        ('[[model]]\nengine = "hiapi"\nid = "Nano-Banana"\nprices = { "1K" = 0.06 }', "A price has a date"),
        ('date = 2026-12-01\n[[model]]\nengine = "hiapy"\nid = "N"\nname = "N"\naspects = "ten"\nreferences = 0\nprompt = 500\nprices = { "1K" = 1 }\n',
         "no such engine"),
    ],
)  # fmt: skip
def test_it_says_what_is_wrong_with_an_operators_file(override, text, words):
    override(text)
    with pytest.raises(ValueError, match=re.escape(words)):
        catalog.read()
