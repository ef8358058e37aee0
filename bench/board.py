"""The board of 500 panels against an f-string loop that makes the same HTML of the same rows, and its layout in Chromium.

The floor writes every card with one f-string and escapes what people typed; before anything is measured its output is
compared with ours, byte for byte. Ours is what the page does: ten scenes with their headers and cards, once with nothing
kept (no card is known) and once with every card known, as on all loads but the first.
"""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

PANELS, SCENES, BIG, ROUNDS, VISITS = 500, 10, 1000, 20, 7
ROOT = Path(__file__).resolve().parent.parent
ICONS: dict[str, str] = {}


def run() -> list[dict[str, Any]]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
    os.environ.setdefault("STUDIO_DATA", tempfile.mkdtemp(prefix="studio-bench-"))
    import django

    django.setup()
    return [*_rendering(), _layout()]


def _rendering() -> list[dict[str, Any]]:
    from studio.templatetags import board_tags

    board = _board(PANELS)
    cards = board.cards
    ours_html, floor_html = board_tags.cards_html(cards, True), _floor(cards)
    if ours_html != floor_html:
        raise AssertionError("The floor does not make the same cards.")
    page = _page(board)

    def uncached() -> None:
        board_tags.card_html.cache_clear()
        page()

    acts = {"floor": lambda: _floor(cards), "no card kept": uncached, "cards kept": page}
    page()
    best = _best(acts)
    return [
        {
            "name": f"Board of {PANELS} panels, {name}, over an f-string loop",
            "ours": round(best[name] * 1000, 2),
            "floor": round(best["floor"] * 1000, 2),
            "ratio": round(best[name] / best["floor"], 2),
            "wanted": wanted,
            "unit": "ms",
        }
        for name, wanted in (("no card kept", 15.0), ("cards kept", 2.0))
    ]


def _best(acts: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Processor seconds of each one's best round, in turns: what else the machine does counts for neither."""
    best = dict.fromkeys(acts, float("inf"))
    for _ in range(ROUNDS):
        for name, act in acts.items():
            start = time.process_time()
            act()
            best[name] = min(best[name], time.process_time() - start)
    return best


def _board(count: int) -> Any:
    """Unsaved rows: what is measured is the page, not the database."""
    from studio.board.models import Project, Scene
    from studio.board.queries import Board, BoardScene, Card, card_picture

    project = Project(title="Night ferry")
    project.draw_prices = SimpleNamespace(missing="$5.20", each="$0.04", hero="$0.15", scenes={}, whole={})
    scenes = []
    for number in range(SCENES):
        scene = BoardScene(Scene(project=project, number=str(number + 1), place="harbour wall", time_of_day="dawn"))
        for n in range(count // SCENES):
            pk = number * 1000 + n
            picture = card_picture(f"{pk:032x}", 1376, 768) if n % 8 else None
            scene.cards.append(
                Card(
                    pk, f"c{pk:09d}", f"{number + 1}{n}", "Medium", "MS", "low", "35 mm", Decimal("2.5"),
                    f"She lifts the flask & waits for the {n}th wave to break over the wall.", "draft", picture, n % 4,
                )
            )  # fmt: skip
        scenes.append(scene)
    return Board(project, scenes)


def _page(board: Any) -> Callable[[], str]:
    from django.template import Context, engines

    template = engines["django"].engine.from_string(
        '{% for scene in board.scenes %}{% include "scenes/_scene.html" %}{% endfor %}'
    )
    context = {"board": board, "project": board.project, "may": {"draw": True}, "chosen": ""}
    return lambda: template.render(Context(context))


def _floor(cards: list[Any]) -> str:
    """The cards with one f-string each: the markup of panels/_card.html for a panel that is not being drawn."""
    from django.utils.html import escape

    image, layers, grip, dots = (_icon(name) for name in ("image-plus", "layers", "grip-vertical", "ellipsis"))
    parts = []
    for card in cards:
        action = escape(card.action)
        if card.picture:
            takes = (
                f'<span class="on-picture corner"><span class="visually-hidden">Takes: </span>{layers}{card.takes}</span>'
                if card.takes > 1
                else ""
            )
            inner = (
                f'<img src="{card.picture.src}" srcset="{card.picture.srcset}" sizes="(width &lt; 48rem) 92vw, 16rem" alt="" '
                f'width="{card.picture.width}" height="{card.picture.height}" loading="lazy" decoding="async">{takes}'
            ).replace("&lt;", "<")
        else:
            inner = f'<div class="state-art">{image}<span>No picture yet</span></div>'
        parts.append(
            f'<li class="panel-card" id="panel-{card.code}" data-panel="{card.code}" data-state="{card.state}">\n'
            f'<a class="open" href="/panels/{card.code}/" data-keys-through aria-label="Panel {escape(card.label)}, '
            f'{escape(card.shot.lower())}: {action}"></a>\n'
            f'<div class="picture">{inner}</div>\n'
            f'<div class="body"><p class="shot"><b dir="auto">{escape(card.label)}</b><span><abbr title="{escape(card.shot)}">'
            f'{escape(card.shot_short)}</abbr> · {escape(card.angle)} · {escape(card.lens)}</span><span class="figures">'
            f'{card.seconds} s</span></p><p class="action" dir="auto">{action}</p></div>\n'
            f'<div class="foot"><span class="status" data-state="{card.state}">{card.state_word}</span></div>\n'
            f'<div class="tools"><label class="button button--icon button--small choose"><input type="checkbox" name="panels" '
            f'value="{card.code}" form="bulk" aria-label="Choose panel {escape(card.label)}"></label><span class="button '
            f'button--icon button--small handle" title="Drag to move">{grip}</span><a class="button button--icon button--small" '
            f'href="/panels/{card.code}/menu/" data-dialog aria-label="More for panel {escape(card.label)}">{dots}</a></div>\n'
            "</li>\n"
        )
    return "".join(parts)


def _icon(name: str) -> str:
    from studio.templatetags.studio_tags import icon

    if name not in ICONS:
        ICONS[name] = str(icon(name))
    return ICONS[name]


def _layout() -> dict[str, Any]:
    """Milliseconds of layout until the whole page of a board with 1,000 cards rests, and how many pictures it asks for.

    The page is the one that a person gets: bar, outline, inspector, scripts, font. Each round is a first visit in a window of
    1440 × 900 whose caches are empty. It rests half a second after its last request: pictures that load lazily, the swap of
    the font and what the browser itself does with the page all count, also after the load event. Time is the page's own
    thread's (layout never waits), so what else the machine does hardly counts.
    """
    row = {"name": f"Layout of {BIG:,} cards in Chromium", "floor": None, "ratio": None, "wanted": 50, "unit": "ms"}
    browser = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not browser:
        return row | {"name": f"{row['name']}: skipped, no browser found (set CHROMIUM)", "ours": None}
    from playwright.sync_api import sync_playwright

    html, picture = _whole_page(_board(BIG)), _picture()
    asked: list[str] = []

    def answer(route: Any) -> None:
        path = route.request.url.removeprefix("http://studio.test/")
        if path.startswith("static/"):
            route.fulfill(path=str(ROOT / path))
        elif path.startswith("media/"):
            asked.append(path)
            route.fulfill(content_type="image/webp", body=picture)
        else:
            route.fulfill(content_type="text/html", body=html)

    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        times: list[tuple[float, float]] = []
        for _ in range(VISITS):
            page = chromium.new_page(viewport={"width": 1440, "height": 900})
            page.route("**/*", answer)
            asked.clear()
            devtools = page.context.new_cdp_session(page)
            devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
            page.goto("http://studio.test/", wait_until="networkidle")
            found = {m["name"]: m["value"] for m in devtools.send("Performance.getMetrics")["metrics"]}
            times.append((found["LayoutDuration"] * 1000, found["RecalcStyleDuration"] * 1000))
            page.close()
        chromium.close()
    layout, style = (statistics.median(part) for part in zip(*times, strict=True))
    said = f"{row['name']} ({style:.0f} ms of style besides; {len(asked)} pictures asked for)"
    return row | {"name": said, "ours": round(layout, 1)}


def _whole_page(board: Any) -> str:
    from django.conf import settings
    from django.contrib.auth.models import AnonymousUser
    from django.template.loader import render_to_string
    from django.test import RequestFactory, override_settings

    from studio.board.queries import css_ratio

    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    ratio = css_ratio(board.project.aspect)
    context = {"board": board, "project": board.project, "ratio": ratio, "may": {"draw": True}}
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        return render_to_string("board/board.html", context, request=request)


def _picture() -> bytes:
    """A picture of a card's smallest size, in the format that is served."""
    from PIL import Image

    file = BytesIO()
    Image.effect_noise((320, 179), 40).convert("RGB").save(file, "WEBP")
    return file.getvalue()


if __name__ == "__main__":
    for result in run():
        print(result)
