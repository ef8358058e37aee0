"""The children that decode: they may die, nobody else does."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from bench.intake import photograph
from studio.media import child, intake
from studio.media.pool import FILES_EACH, ROOT, Pool
from tests.media import files

pytestmark = pytest.mark.processes
SAMPLES = Path(ROOT).parent / "shared" / "samples" / "photos"
SENTENCES = {"truncated", "unreadable", "type", "pixels", "side", "frames", "memory", "time"}


linux = pytest.mark.skipif(sys.platform != "linux", reason="read from /proc, or a limit that only Linux keeps")


@pytest.fixture
def one():
    """`one(...)` gives a pool of a single child with limits of its own."""
    made = []

    def make(size=1, **limits):
        made.append(Pool(size, **limits))
        return made[-1]

    yield make
    for pool in made:
        pool.close()


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def mutated(dice, data):
    """One file, spoilt: bits turned, a piece cut out, doubled, zeroed or swapped, most often behind the signature."""
    spoilt = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 5, 30))):
        at = dice.randrange(0 if dice.random() < 0.05 else 12, len(spoilt))
        if dice.random() < 0.5:
            at = min(at, dice.randrange(12, 400))
        length = dice.choice((1, 2, 4, 16, 200))
        how = dice.randrange(6)
        if how == 0:
            spoilt[at : at + 1] = bytes((spoilt[at] ^ 1 << dice.randrange(8),)) if at < len(spoilt) else b""
        elif how == 1:
            spoilt[at : at + length] = dice.randbytes(length)
        elif how == 2:
            del spoilt[at : at + length]
        elif how == 3:
            spoilt[at:at] = spoilt[at : at + length]
        elif how == 4:
            spoilt[at : at + length] = dice.choice((b"\0", b"\xff", b"\x7f")) * length
        else:
            del spoilt[max(13, len(spoilt) - dice.randrange(1, len(spoilt))) :]
        if len(spoilt) < 40:
            break
    return bytes(spoilt)


def test_it_survives_400_mutated_files(one):
    dice = random.Random(2026)
    noise = Image.effect_noise((120, 80), 40)
    colour = Image.merge("RGB", (noise, noise.rotate(180), noise))
    exif = Image.Exif()
    exif[0x0112] = 6
    wide = files.profile(*files.P3)
    frames = [files.drawing(), colour.crop((0, 0, 96, 64))]
    good = [
        files.saved(colour, "JPEG", exif=exif, icc_profile=wide),
        files.saved(colour, "JPEG", progressive=True, quality=60),
        files.saved(colour.convert("CMYK"), "JPEG"),
        files.saved(colour, exif=exif, icc_profile=wide),
        files.saved(colour.quantize(16)),
        files.saved(frames[0], save_all=True, append_images=frames[1:]),
        files.saved(colour, "WEBP", exif=exif, icc_profile=wide),
        files.saved(files.drawing(mode="RGBA"), "WEBP", lossless=True),
        files.saved(frames[0], "WEBP", save_all=True, append_images=frames[1:]),
        files.png(40, 40, depth=16, colour=6),
    ]
    good += [path.read_bytes() for path in sorted(SAMPLES.glob("*")) if path.stat().st_size < 300_000]
    spoilt = [mutated(dice, dice.choice(good)) for _ in range(400)]
    pool = one(2)

    def outcome(data):
        try:
            intake.read(data, "aria.png", through=pool)
        except intake.Refused as found:
            plain = found.reason.startswith("aria.png ") and found.reason.endswith(".")
            return found.code if plain else found.reason
        return "taken"

    with ThreadPoolExecutor(2) as threads:
        outcomes = Counter(threads.map(outcome, spoilt))
    assert set(outcomes) <= SENTENCES | {"taken"}
    assert outcomes["type"] < 100  # most of them reached the decoder
    assert outcomes["taken"] > 20
    assert outcomes["unreadable"] + outcomes["truncated"] > 100


@linux
def test_it_refuses_a_file_too_heavy_for_the_limit_and_takes_the_next(one):
    heavy = files.png(5000, 4000, colour=6)
    assert intake.read(heavy, "heavy.png").width == 5000  # within the real limit
    small = one(memory=64 * 1024**2)
    with pytest.raises(intake.Refused) as found:
        intake.read(heavy, "heavy.png", through=small)
    assert found.value.reason == "heavy.png needs too much memory to open. Save it smaller, or as a plain JPEG."
    assert intake.read(files.saved(files.drawing()), "a.png", through=small).width == 96


def test_it_ends_a_child_that_computes_too_long(one):
    """With no second to spare, the child is ended within its first: a few files, then one is refused."""
    hasty = one(seconds=0)
    data = photograph(1800, 1200)
    reason = ""
    for _ in range(60):
        try:
            intake.read(data, "slow.jpg", through=hasty)
        except intake.Refused as found:
            reason = found.reason
            break
    assert reason == "slow.jpg takes too long to open. Save it smaller, or as a plain JPEG."
    assert intake.read(files.saved(files.drawing()), "a.png", through=hasty).width == 96


@linux
def test_it_gives_each_file_its_own_processor_time(one):
    """Ten seconds beyond what the child has used, anew for each file: else a long-lived one would die of its age."""
    pool = one()
    data = photograph(1800, 1200)
    allowed = []
    for _ in range(60):
        intake.read(data, "a.jpg", through=pool)
        limits = Path(f"/proc/{pool.free[0].process.pid}/limits").read_text()
        allowed.append(int(re.search(r"Max cpu time +(\d+)", limits)[1]))
        if allowed[-1] > allowed[0]:
            break
    assert (allowed[0], allowed[-1]) == (11, 12)


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGSEGV])
def test_it_replaces_a_child_that_was_killed_between_files(one, ending):
    pool = one()
    data = files.saved(files.drawing())
    intake.read(data, "a.png", through=pool)
    first = pool.free[0].process
    os.kill(first.pid, ending)
    first.wait(5)
    assert intake.read(data, "a.png", through=pool).width == 96
    assert pool.free[0].process.pid != first.pid


def test_it_refuses_the_file_whose_child_dies_and_takes_the_next(one):
    pool = one()
    big = files.png(8000, 5000, colour=6)
    intake.read(files.saved(files.drawing()), "a.png", through=pool)
    killed = threading.Timer(0.15, pool.free[0].process.kill)
    killed.start()
    with pytest.raises(intake.Refused, match=r"^big\.png needs too much memory"):
        intake.read(big, "big.png", through=pool)
    killed.join()
    assert intake.read(files.saved(files.drawing()), "a.png", through=pool).width == 96


def test_it_ends_a_child_that_hangs(one):
    """Stopped, it uses no processor time: the clock on the wall ends it."""
    pool = one(wall=0.5)
    intake.read(files.saved(files.drawing()), "a.png", through=pool)
    os.kill(pool.free[0].process.pid, signal.SIGSTOP)
    with pytest.raises(intake.Refused, match=r"^a\.png takes too long to open"):
        intake.read(files.saved(files.drawing()), "a.png", through=pool)
    assert intake.read(files.saved(files.drawing()), "a.png", through=pool).width == 96


def test_it_says_when_all_children_are_at_work(one):
    pool = one(wait=0.1)
    with pool.child(), pytest.raises(intake.Refused) as found:
        intake.read(files.saved(files.drawing()), "a.png", through=pool)
    assert found.value.reason == "a.png is still waiting: many pictures are coming in. Try again in a minute."
    assert intake.read(files.saved(files.drawing()), "a.png", through=pool).width == 96


def test_it_replaces_a_child_after_its_share_of_files(one):
    pool = one()
    data = files.png(1, 1)
    seen = set()
    for _ in range(FILES_EACH + 1):
        pool.ask(data)
        seen |= {free.process.pid for free in pool.free}
    assert len(seen) == 2
    assert sum(alive(pid) for pid in seen) == 1


def test_it_serves_sixteen_threads_and_mixes_nothing_up():
    pictures = [files.saved(Image.new("RGB", (100 + n, 50), (n * 9, 0, 255 - n * 9)), "PNG") for n in range(24)]

    def sizes(n):
        taken = intake.read(pictures[n], f"{n}.png")
        assert taken.colour_mean == f"#{n * 9:02x}00{255 - n * 9:02x}"
        return taken.width

    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(sizes, range(24))) == [100 + n for n in range(24)]


def test_it_starts_children_of_its_own_after_a_fork():
    """A web server forks its workers: the pipes stay with the one who opened them."""
    program = """
import os, sys
from studio.media import intake, pool
from tests.media import files
data = files.saved(files.drawing())
intake.read(data, "a")
before = {c.process.pid for c in pool.pool().free}
forked = os.fork()
if not forked:
    intake.read(data, "a")
    os._exit(0 if before.isdisjoint({c.process.pid for c in pool.pool().free}) else 1)
assert os.waitstatus_to_exitcode(os.waitpid(forked, 0)[1]) == 0
intake.read(data, "a")
assert before == {c.process.pid for c in pool.pool().free}
"""
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=30)


def test_it_ends_the_children_with_the_parent():
    program = """
import os, signal
from studio.media import intake, pool
from tests.media import files
intake.read(files.saved(files.drawing()), "a")
print(pool.pool().free[0].process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=30)
    pid, until = int(done.stdout), time.monotonic() + 5
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.02)
    assert not alive(pid)


@linux
def test_it_gives_the_child_no_secrets(one, monkeypatch):
    monkeypatch.setenv("STUDIO_SECRET_KEY", "CANARY")
    pool = one()
    intake.read(files.saved(files.drawing()), "a.png", through=pool)
    environment = Path(f"/proc/{pool.free[0].process.pid}/environ").read_bytes()
    assert b"PATH=" in environment
    assert b"CANARY" not in environment
    assert set(os.listdir(f"/proc/{pool.free[0].process.pid}/fd")) <= {"0", "1", "2", "3"}


def test_it_imports_little_into_the_child():
    """No Django, no database driver, no decoder of a format that is not taken."""
    program = "import sys; from studio.media import child, decode; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "studio.media.decode" in loaded
    assert not {name for name in loaded if name.split(".")[0] in ("django", "sqlite3", "numpy", "httpx", "asyncio")}
    readers = {name for name in loaded if name.startswith("PIL.") and name.endswith("ImagePlugin")}
    assert readers == {"PIL.PngImagePlugin", "PIL.JpegImagePlugin", "PIL.WebPImagePlugin"}
    assert child.MEMORY == 1024**3
    assert child.CPU_SECONDS == 10
