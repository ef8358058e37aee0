"""`make screenshots`: the README's pictures, from the sample project of a studio started for it.

Writes docs/screens/*.webp. With a folder as argument the pictures go there, every page of the
studio in both themes and on a phone: what a person looks through before a release.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import FLAGS
from tests.run import browser

ROOT = Path(__file__).resolve().parents[2]
SCREENS = ROOT / "docs" / "screens"
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def main(arguments: list[str]) -> int:
    if not browser():
        print("No Chromium found: install Debian's package chromium, or name one in CHROMIUM.")
        return 1
    out = Path(arguments[0]).resolve() if arguments else SCREENS
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        studio, link = start(Path(folder))
        try:
            with sync_playwright() as playwright:
                chromium = playwright.chromium.launch(executable_path=browser(), args=FLAGS)
                context = chromium.new_context(viewport=DESKTOP, reduced_motion="reduce", color_scheme="dark")
                page = context.new_page()
                page.goto(link)
                page.get_by_role("button", name="Sign in").click()
                base = link.split("/enter/")[0]
                wait_until_drawn(page, base)
                said = scenery(Path(folder))
                state = context.storage_state()
                if arguments:
                    for theme, size, tag in (
                        ("dark", DESKTOP, ""),
                        ("light", DESKTOP, "-light"),
                        ("dark", PHONE, "-390"),
                    ):
                        other = chromium.new_context(
                            viewport=size, reduced_motion="reduce", color_scheme=theme, storage_state=state
                        )
                        shoot_all(other.new_page(), base, out, tag, said)
                else:
                    shoot_readme(page, base, out, said)
                chromium.close()
        finally:
            studio.send_signal(signal.SIGTERM)
            studio.wait(20)
    return 0


def start(folder: Path) -> tuple[subprocess.Popen[str], str]:
    """A studio with its sample, and the link that signs its owner in."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    environment = {k: v for k, v in os.environ.items() if k not in {"DJANGO_SETTINGS_MODULE", "DATABASE_URL"}}
    environment |= {"STUDIO_DATA": str(folder / "var"), "PORT": port}
    log = folder / "log"
    with log.open("w") as written:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "run"],
            cwd=ROOT,
            env=environment,
            stdout=written,
            stderr=subprocess.STDOUT,
            text=True,
        )
    until = time.monotonic() + 180
    while time.monotonic() < until and process.poll() is None:
        found = re.search(r"http://localhost:\d+/enter/\S+", log.read_text())
        if found:
            return process, found[0]
        time.sleep(0.3)
    raise SystemExit(log.read_text())


def scenery(folder: Path) -> dict[str, str]:
    """What people say of the sample board, and the addresses of the pages that show it."""
    environment = {k: v for k, v in os.environ.items() if k not in {"DJANGO_SETTINGS_MODULE", "DATABASE_URL"}}
    environment["STUDIO_DATA"] = str(folder / "var")
    command = [sys.executable, "-m", "tests.browser.scenery"]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def addresses(page: Page, base: str) -> dict[str, str]:
    """The sample's pages by name."""
    page.goto(f"{base}/projects/")
    projects = [a.get_attribute("href") for a in page.locator(".project-card h2 a").all()]
    titles = page.locator(".project-card h2").all_inner_texts()
    board = next(p for p, t in zip(projects, titles, strict=True) if "breakwater" in t.lower() or "light" in t.lower())
    book = next(p for p in projects if p != board)
    page.goto(base + board)
    panels = [a.get_attribute("href") for a in page.locator(".panel-card:has(.picture img) a.open").all()]
    page.goto(f"{base}/library/characters/")
    characters = [a.get_attribute("href") for a in page.locator("main a[href^='/subjects/']").all()]
    page.goto(f"{base}/library/products/")
    product = page.locator("main a[href^='/subjects/']").first.get_attribute("href")
    shown = panels[3]
    return {
        "projects": "/projects/", "board": board, "panel": shown, "compare": f"{shown}compare/", "prompt": f"{shown}prompt/",
        "lookbook": book, "takes": f"{board}takes/", "cast": f"{board}cast/", "exports": f"{board}exports/",
        "settings": f"{board}settings/", "estimate": f"{board}estimate/?missing=1", "export": f"{board}export/",
        "character": characters[0], "history": f"{characters[0]}history/", "product": product, "characters": "/library/characters/",
        "locations": "/library/locations/", "styles": "/library/styles/", "team": "/team/", "profile": "/me/", "keys": "/keys/?page=board",
        "new": "/projects/new/", "missing": "/nothing-here/",
    }  # fmt: skip


def wait_until_drawn(page: Page, base: str) -> None:
    """The sample draws itself after the first start; a board that never finishes is taken as it is after two minutes."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        page.goto(f"{base}/projects/")
        busy = 0
        for href in [a.get_attribute("href") for a in page.locator(".project-card h2 a").all()]:
            page.goto(base + str(href))
            busy += page.locator("#batch.batch-bar:not([data-finished])").count()
        if not busy:
            return
        page.wait_for_timeout(2000)


def settle(page: Page) -> None:
    """Every picture in view has arrived."""
    page.wait_for_load_state("networkidle")
    page.wait_for_function("[...document.images].every((one) => one.loading === 'lazy' || one.complete)")
    page.wait_for_timeout(300)


def shoot_all(page: Page, base: str, out: Path, tag: str, said: dict[str, str]) -> None:
    page.goto(base + said["door"])
    for name, path in {**addresses(page, base), **said}.items():
        page.goto(base + path)
        settle(page)
        page.screenshot(path=out / f"{name}{tag}.png")


def shoot_readme(page: Page, base: str, out: Path, said: dict[str, str]) -> None:
    at = addresses(page, base)
    page.goto(base + said["door"])
    for name in ("review", "consistency"):
        page.goto(base + said[name])
        settle(page)
        save(page.screenshot(), out / f"{name}.webp")
    page.goto(base + at["panel"])
    for _ in range(3):  # more takes, so that there is something to compare
        page.get_by_role("button", name=re.compile("New take")).click()
        page.locator("#batch.batch-bar[data-finished]").wait_for(timeout=60_000)
        page.reload()
    for name, path in (
        ("board", at["panel"]),
        ("character", at["character"]),
        ("compare", at["compare"]),
        ("projects", at["projects"]),
    ):
        page.goto(base + path)
        settle(page)
        save(page.screenshot(), out / f"{name}.webp")
    page.goto(base + at["export"])
    if shutil.which("pdftoppm") and page.get_by_role("button", name="Export PDF").is_enabled():
        page.get_by_role("button", name="Export PDF").click()
        page.get_by_role("link", name="Download").wait_for(timeout=90_000)
        with page.expect_download() as given:
            page.get_by_role("link", name="Download").click()
        with tempfile.TemporaryDirectory() as folder:
            given.value.save_as(Path(folder) / "board.pdf")
            subprocess.run(
                ["pdftoppm", "-r", "110", "-png", "-f", "1", "-l", "1", f"{folder}/board.pdf", f"{folder}/page"],
                check=True,
            )
            save(next(Path(folder).glob("page*.png")).read_bytes(), out / "paper.webp")


def save(png: bytes, path: Path) -> None:
    """A screenshot as WebP: a tenth of the bytes."""
    with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
        image.convert("RGB").save(path, "WEBP", quality=90, method=6)
    print(f"{path.name}: {path.stat().st_size // 1024} KB")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
