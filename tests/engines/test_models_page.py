"""The list of models and prices: every row of the catalogue, with its date and what is not confirmed."""

import pytest

from studio.generation import shelf
from studio.providers import catalog

pytestmark = pytest.mark.django_db


@pytest.fixture
def laid_over(tmp_path, monkeypatch):
    """An operator's file over ours."""

    def lay(text):
        path = tmp_path / "prices.toml"
        path.write_text(text)
        monkeypatch.setenv("STUDIO_CATALOG", str(path))
        catalog.forget()

    yield lay
    monkeypatch.delenv("STUDIO_CATALOG", raising=False)
    catalog.forget()


def page(signed_in, user):
    return signed_in(user).get("/team/engines/models/").content.decode()


def test_it_lists_every_model(signed_in, mei):
    text = page(signed_in, mei)
    for model in catalog.read().values():
        assert model.id in text
    for words in ("as of 20 Nov 2026", "2K costs less than 1K", "each reference adds $0.0003", "one size", "$0.1026"):
        assert words in text
    assert "Not confirmed: price, longest prompt, whether it is offered" in text


def test_it_says_what_is_retired_and_what_comes_after(signed_in, mei):
    assert "Retired on 2 Oct 2026. Its successor is gemini-nano-banana-2.1." in page(signed_in, mei)


def test_it_says_where_a_model_is_retired_and_others_still_have_it(signed_in, mei):
    text = page(signed_in, mei)
    assert (
        "Retired at generativelanguage.googleapis.com on 25 Jun 2026. Its successor there is gemini-3-pro-image."
        in text
    )


def test_it_greys_what_needs_a_public_address(signed_in, mei, settings):
    assert page(signed_in, mei).count("this studio has no public address") == 2
    settings.PUBLIC = True
    assert "this studio has no public address" not in page(signed_in, mei)


def test_it_dates_what_an_operator_laid_over(signed_in, mei, laid_over):
    laid_over('date = 2026-12-24\n[[model]]\nengine = "hiapi"\nid = "Nano-Banana"\n[model.prices]\n"1K" = 0.06\n')
    text = page(signed_in, mei)
    assert "$0.06" in text
    assert "as of 24 Dec 2026" in text
    assert "of 20 Nov 2026" in text  # the rows beside it
    assert shelf.dated().isoformat() == "2026-12-24"


def test_it_finds_a_cheaper_size_only_among_larger_ones():
    rows = {row.model.id: row for one in shelf.shelves() for row in one.rows}
    larger, chosen = rows["Nano-Banana-2"].cheaper
    assert (larger.size, chosen.size) == ("2K", "1K")
    assert rows["Nano-Banana-Pro"].cheaper is None
    assert rows["google:4@3"].cheaper is None
