"""How exact the colour check is, on panels whose colours are known. `python -m bench.colour` writes the figures into docs/colour.md."""

from __future__ import annotations

import io
import re
import statistics
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from PIL import Image

from bench import panels
from studio.consistency import colour as words
from studio.media import cut, decode, region, seek
from studio.media.colour import ciede2000, lab
from studio.media.region import Box

DOC = Path(__file__).resolve().parent.parent / "docs" / "colour.md"
SEEDS = (0, 1, 2)


def stored(data: bytes) -> Image.Image:
    """What is measured: the engines' JPEG of a picture that came as a JPEG."""
    out = io.BytesIO()
    cut.upright(data).save(out, "JPEG", quality=decode.PROVIDER_QUALITY)
    return cut.upright(out.getvalue())


def careful(patch: Box) -> Box:
    """The upper half of a patch, where no bar runs through it: what somebody would box who takes care."""
    return Box(
        patch.left + patch.width // 8, patch.top + patch.height // 10, patch.width * 3 // 4, max(2, patch.height // 4)
    )


def careless(patch: Box) -> Box:
    """The whole patch with its bar, moved aside by an eighth, so that some of the coat is in the box."""
    return Box(patch.left + patch.width // 8, patch.top, patch.width, patch.height)


def measured(lights: Iterable[str] = tuple(panels.LIGHTS)) -> dict[str, list[tuple[float, float, bool]]]:
    """By light and kind of box: (error of the colour, error of the difference from the swatch, whether the words are right)."""
    found: dict[str, list[tuple[float, float, bool]]] = {}
    for seed, code in enumerate(panels.PATCHES):
        base = lab(code)
        for light in lights:
            for quality in panels.QUALITIES:
                one = panels.panel(seed, code, light, quality)
                picture = stored(one.data)
                right = words.said(base, one.truth)
                for name, box in (("careful", careful(one.patch)), ("careless", careless(one.patch))):
                    seen = region.measure(picture, box).lab
                    said = words.said(base, seen)
                    row = (
                        ciede2000(seen, one.truth),
                        abs(said.difference - right.difference),
                        said.words.split(", ")[0] in right.words,
                    )
                    for key in (f"{light}, {name}", f"all, {name}"):
                        found.setdefault(key, []).append(row)
    return found


Figure = tuple[str, int, float, float, float, float, float]


def figures(lights: Iterable[str] = tuple(panels.LIGHTS)) -> list[Figure]:
    """(name, panels, median, 95th and worst error of the colour, median error of the difference, % of words right)."""
    rows = []
    for name, found in sorted(
        measured(lights).items(), key=lambda pair: (pair[0].split(", ")[1], pair[0] > "all,", pair[0])
    ):
        errors = sorted(row[0] for row in found)
        rows.append((
            name, len(found), statistics.median(errors), errors[int(len(errors) * 0.95)], errors[-1],
            statistics.median(row[1] for row in found), 100 * sum(row[2] for row in found) / len(found),
        ))  # fmt: skip
    return rows


def table(rows: list[Figure]) -> str:
    head = "| Light, box | Panels | Colour: median | 95 % | worst | Difference: median | Words right |\n|---|---:|---:|---:|---:|---:|---:|"
    lines = [f"| {n} | {c} | {a:.1f} | {b:.1f} | {w:.1f} | {d:.1f} | {s:.0f} % |" for n, c, a, b, w, d, s in rows]
    return "\n".join([head, *lines])


Places = tuple[str, int, int, int, int, int]


def sought(light: str, seeds: Iterable[int] = SEEDS, codes: Iterable[str] = panels.PATCHES) -> Places:
    """(light, panels, proposed and right, proposed and wrong, nothing proposed; proposed where the patch is missing)."""
    right = wrong = none = missing = count = 0
    for seed in seeds:
        for code in codes:
            reference = panels.reference(seed, code)
            shown = cut.upright(reference.data)
            one = panels.panel(seed, code, light, panels.QUALITIES[-1])
            bare = panels.panel(seed, code, light, panels.QUALITIES[-1], bare=True)
            found = seek.seek(shown, reference.patch, stored(one.data))
            count += 1
            right += bool(found and holds(one.patch, found.box))
            wrong += bool(found and not holds(one.patch, found.box))
            none += found is None
            missing += seek.seek(shown, reference.patch, stored(bare.data)) is not None
    return light, count, right, wrong, none, missing


def holds(patch: Box, place: Box) -> bool:
    """Whether the middle of a proposal lies in the patch."""
    across, down = place.left + place.width / 2, place.top + place.height / 2
    return patch.left <= across <= patch.left + patch.width and patch.top <= down <= patch.top + patch.height


def places(rows: list[Places]) -> str:
    head = "| Light | Panels | Right | Wrong | Nothing proposed | Proposed though missing |\n|---|---:|---:|---:|---:|---:|"
    return "\n".join([head, *(f"| {' | '.join(str(cell) for cell in row)} |" for row in rows)])


def written(name: str) -> str:
    """The lines of a table as they stand in docs/colour.md: "figures" or "places"."""
    return re.search(f"<!-- {name} -->\n(.*?)\n<!-- end -->", DOC.read_text(), re.S)[1]  # type: ignore[index]


def put(text: str, made: dict[str, str]) -> str:
    """The text with each table between its two marks, and everything else as it was."""
    for name, lines in made.items():
        head, rest = text.split(f"<!-- {name} -->\n", 1)
        text = f"{head}<!-- {name} -->\n{lines}\n{rest[rest.index('<!-- end -->') :]}"
    return text


def run() -> list[dict[str, Any]]:
    """For `make bench`: the error of a careful box, and of a careless one."""
    rows = {row[0]: row for row in figures()}
    wanted = {"careful": 2.5, "careless": 4.0}
    return [
        {"name": f"colour, {name} box: error at 95 %", "ours": rows[f"all, {name}"][3], "floor": None, "ratio": None, "wanted": most, "unit": "ΔE"}
        for name, most in wanted.items()
    ]  # fmt: skip


def write() -> str:
    """Both tables, into docs/colour.md."""
    rows = [sought(light) for light in panels.LIGHTS]
    rows.append(("all", *(sum(row[at] for row in rows) for at in range(1, 6))))  # type: ignore[misc,arg-type]
    made = {"figures": table(figures()), "places": places(rows)}
    DOC.write_text(put(DOC.read_text(), made))
    return "\n\n".join(made.values())


if __name__ == "__main__":
    sys.stdout.write(write() + "\n")
