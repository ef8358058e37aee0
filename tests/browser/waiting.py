"""Waiting for what a test asks about, so that a slow machine only makes it slower.

`soon` for a value, `turned` for another page, `settled` for a place on the window, `drag` for what is carried by a handle.
Playwright's own `expect` is for what one element says; its patience is set in conftest.py.
"""

from __future__ import annotations

import time
from contextlib import contextmanager

from playwright.sync_api import Error

PATIENCE = 30  # seconds

# Decoded pictures, two frames with the same box in the window. A window that is not painted gets no frames: then by time.
STILL = """async (one) => {
  const frame = () => Promise.race([new Promise(requestAnimationFrame), new Promise((done) => setTimeout(done, 200))]);
  one.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
  for (const picture of [...document.images].filter((image) => image.checkVisibility() && image.currentSrc)) {
    if (picture.contains(one) || one.contains(picture)) await picture.decode().catch(() => null);
  }
  let before = "";
  for (let same = 0; same < 2;) {
    await frame();
    const box = one.getBoundingClientRect();
    const now = [box.x, box.y, box.width, box.height].join();
    same = now === before && box.width ? same + 1 : 0;
    before = now;
  }
}"""


def soon(page, read, wanted=True):
    """Reads until it is so: `soon(page, lambda: Note.objects.count(), 2)`. The page goes on meanwhile."""
    until, found = time.monotonic() + PATIENCE, None
    while True:
        try:
            found = read()
        except (
            Error,
            LookupError,
            AttributeError,
            AssertionError,
        ) as trouble:  # the page is being left, or not there yet
            found = trouble
        if found == wanted:
            return
        assert time.monotonic() < until, f"after {PATIENCE} s: {found!r}, not {wanted!r}"
        page.wait_for_timeout(50)


def says(page, script, wanted=True):
    """What a script in the page gives, before long."""
    soon(page, lambda: page.evaluate(script), wanted)


@contextmanager
def turned(page):
    """`with turned(page): …click()`: afterwards another page is there, whatever its address, with its scripts."""
    with page.expect_navigation(wait_until="load"):
        yield


def settled(locator):
    """Its box in the window, once its pictures are there and it no longer moves."""
    locator.wait_for()
    locator.evaluate(STILL)
    return locator.bounding_box()


def drag(page, handle, place, there):
    """Take a handle, carry it to `place()` and let go once `there()`; both are asked anew, as lists make room meanwhile."""
    grip = settled(handle)
    x, y = grip["x"] + min(8, grip["width"] / 2), grip["y"] + min(8, grip["height"] / 2)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 3, y + 3, steps=2)
    until, swing = time.monotonic() + PATIENCE, 0
    while True:
        to = place()
        swing = 3 - swing  # who stands still carries nothing
        page.mouse.move(to[0] + swing, to[1] + swing, steps=6)
        page.wait_for_timeout(60)
        if there():
            break
        assert time.monotonic() < until, f"after {PATIENCE} s it is not carried there"
    page.mouse.up()
