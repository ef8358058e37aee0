"""Choosing what draws, in a browser: the price follows the choice, and nothing is asked for that was not shown."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from studio.generation import actions
from studio.generation.models import Job
from studio.models import Panel, Team
from tests import makers


@pytest.fixture
def board(team, ada):
    """Three panels, one of them picked, and an account whose tiers are as Runware's begin."""
    actions.add_account(team=team, by=ada, engine="runware", label="Runware", key="a-key-of-the-tests")
    scene = makers.scene(makers.project(team))
    panels = [makers.panel(scene, action=f"She lifts flask {n}.") for n in range(3)]
    makers.take(panels[0], makers.image(team), picked=True, prompt="A flask.", size="1K", aspect="16:9", seed=7)
    return panels


def test_the_price_follows_the_quality(board, page, signed, ada, axe):
    signed(page, ada)
    page.goto(reverse("panel", args=[board[0].code]))
    button = page.locator("#draw-button")
    expect(button).to_contain_text("$0.05")
    page.get_by_label("Quality").select_option("hero")
    page.locator("#draw-button", has_text="$0.24").wait_for()
    page.locator("#state-tier", has_text="Saved").wait_for()
    assert Panel.objects.get(pk=board[0].pk).tier == "hero"
    axe(page, "the inspector with qualities")
    page.locator(".panel-card .open").first.focus()  # keys rest while a field has the focus
    page.evaluate(  # twice before any answer can be there
        """() => { for (let n = 0; n < 2; n += 1) document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "g", bubbles: true })); }"""
    )
    page.locator("#batch.batch-bar").wait_for()
    assert [job.tier for job in Job.objects.all()] == ["hero"]


def test_a_model_by_name_has_its_own_sizes(board, page, signed, ada, axe):
    signed(page, ada)
    page.goto(reverse("board", args=[board[0].scene.project.code]))
    page.get_by_role("link", name=re.compile("Draw missing")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("A model by name").click()
    dialog.get_by_label("Account and model").select_option(label="Nano Banana Pro (google:4@2), $0.138, not confirmed")
    dialog.locator("#estimate-go", has_text="$0.28").wait_for()
    expect(dialog.get_by_label("Draw with this model")).to_be_checked()
    expect(dialog.locator("#estimate-sizes label")).to_have_text(["1K", "2K", "4K"], use_inner_text=True)
    dialog.locator("#estimate-sizes label", has_text="4K").click()
    dialog.locator("#estimate-go", has_text="$0.49").wait_for()
    axe(page, "the estimate by name")
    dialog.get_by_label("Account and model").select_option("sketch")
    dialog.locator("#estimate-go", has_text="free").wait_for()
    expect(dialog.locator("#estimate-sizes label")).to_have_text(["1K", "2K"], use_inner_text=True)
    dialog.locator("label.choice", has_text="Hero").click()
    dialog.locator("#estimate-go", has_text="$0.49").wait_for()
    dialog.get_by_role("button", name="Draw 2 pictures").click()
    page.locator("#batch.batch-bar").wait_for()
    assert {(job.tier, job.model) for job in Job.objects.all()} == {("hero", "google:4@2")}


@pytest.mark.journey
def test_a_limit_is_told_beside_what_would_pass_it(board, team, phone, signed, ada, no_sideways, axe):
    Team.objects.filter(pk=team.pk).update(monthly_cap="0.06")
    signed(phone, ada)
    phone.goto(reverse("estimate", args=[board[0].scene.project.code]) + "?missing=1")
    expect(phone.locator("#estimate-total")).to_contain_text("Raise it")
    expect(phone.locator("#estimate-go .button--primary")).to_be_disabled()
    no_sideways(phone, "the estimate over its limit")
    axe(phone, "the estimate over its limit")
    phone.get_by_role("button", name="Draw 1 instead").click()
    phone.wait_for_url("**batch=**")
    assert Job.objects.count() == 1
    phone.goto(reverse("panel", args=[board[0].code]))
    phone.locator("#draw-button").click()
    phone.locator("#draw-trouble", has_text="this needs").wait_for()
    assert Job.objects.count() == 1
    no_sideways(phone, "the inspector over its limit")
    axe(phone, "the inspector over its limit")
    phone.locator("#inspector").get_by_role("link", name="Promote to hero").click()
    phone.get_by_role("dialog").get_by_text("Promote take 1 of 1A").wait_for()
    expect(phone.locator("#estimate-go .button--primary")).to_be_disabled()
    no_sideways(phone, "promoting over the limit")
    axe(phone, "promoting over the limit")
