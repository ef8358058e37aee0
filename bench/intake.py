"""Taking in a 24 MP photograph (provider's picture, three renditions, measures) against one plain Pillow decode of it.

Both are measured in fresh processes, in turns; the figures are medians. Ours is the whole way of an upload: through the
pipe into the limited child and back, hash included, with the child already running, as it is in the studio.
"""

from __future__ import annotations

import functools
import io
import json
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageChops, ImageCms, ImageDraw

ROOT = Path(__file__).resolve().parent.parent
SIZE = (6000, 4000)
ROUNDS = 9
WARM_UP = "warm.jpg"
PHOTOGRAPH = "photograph.jpg"

FLOOR = """
import io, json, resource, sys, time
from PIL import Image
data = {name: open(f"{sys.argv[1]}/{name}", "rb").read() for name in ("warm.jpg", "photograph.jpg")}
def decode(name):
    with Image.open(io.BytesIO(data[name]), formats=("JPEG",)) as picture:
        picture.load()
decode("warm.jpg")
start = time.perf_counter()
decode("photograph.jpg")
took = time.perf_counter() - start
print(json.dumps([took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))
"""

OURS = """
import json, resource, sys, time
from studio.media import intake, pool
read = lambda name: open(f"{sys.argv[1]}/{name}", "rb").read()
intake.read(read("warm.jpg"), "warm.jpg")
data = read("photograph.jpg")
start = time.perf_counter()
taken = intake.read(data, "photograph.jpg")
took = time.perf_counter() - start
assert (taken.width, taken.height) == (4000, 6000) and len(taken.steps) == 3
pool.pool().close()
print(json.dumps([took, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss]))
"""


def run() -> list[dict]:
    """Time as a multiple of the decode, and the child's peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / PHOTOGRAPH).write_bytes(photograph(*SIZE))
        (Path(folder) / WARM_UP).write_bytes(photograph(600, 400))
        pairs = [(_fresh(OURS, folder), _fresh(FLOOR, folder)) for _ in range(ROUNDS)]
    ours, floor, memory = (
        statistics.median(values)
        for values in (
            [ours[0] for ours, _ in pairs],
            [floor[0] for _, floor in pairs],
            [ours[1] for ours, _ in pairs],
        )
    )
    megabytes = memory * (1 if sys.platform == "darwin" else 1024) / 1e6
    return [
        {
            "name": "Intake of a 24 MP JPEG over one plain decode",
            "ours": round(ours * 1000, 1),
            "floor": round(floor * 1000, 1),
            "ratio": round(ours / floor, 2),
            "wanted": 2.0,
            "unit": "ms",
        },
        {
            "name": "Intake of a 24 MP JPEG, peak memory of the child",
            "ours": round(megabytes, 1),
            "floor": 110,
            "ratio": round(megabytes / 110, 2),
            "wanted": 1.0,
            "unit": "MB",
        },
    ]


def _fresh(program: str, folder: str) -> tuple[float, int]:
    done = subprocess.run(
        [sys.executable, "-c", program, folder], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    took, memory = json.loads(done.stdout)
    return took, memory


@functools.cache
def photograph(width: int, height: int) -> bytes:
    """Clouds of 1/f noise, shapes, grain; quality 92, lying on its side (EXIF 6), with an sRGB profile."""
    dice = random.Random(24)
    channels = []
    for _ in range(3):
        clouds = Image.new("L", (width, height), 120)
        for octave in range(2, 9):
            cells = (max(2, width * 2**octave // 3000), max(2, height * 2**octave // 3000))
            noise = Image.effect_noise(cells, 96 / 2 ** (octave * 0.5)).resize(
                (width, height), Image.Resampling.BICUBIC
            )
            clouds = ImageChops.add(clouds, noise, 1, -128)
        channels.append(clouds)
    picture = Image.merge("RGB", channels)
    draw = ImageDraw.Draw(picture)
    for _ in range(60):
        x, y, reach = dice.randrange(width), dice.randrange(height), dice.randrange(width // 60, width // 8)
        colour = tuple(dice.randrange(256) for _ in range(3))
        shape = dice.choice((draw.ellipse, draw.rectangle))
        shape((x - reach, y - reach, x + reach, y + reach * 0.7), fill=colour)
    grain = Image.effect_noise((width, height), 5)
    picture = ImageChops.add(picture, Image.merge("RGB", (grain, grain, grain)), 1, -128)
    exif = Image.Exif()
    exif[0x0112] = 6
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=92, exif=exif, icc_profile=profile)
    return out.getvalue()


if __name__ == "__main__":
    for figure in run():
        print(figure)
