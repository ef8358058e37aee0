"""The house rules that can be checked by reading the code."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = {
    "lib": 0,
    "accounts": 1, "providers": 1,
    "media": 2,
    "library": 3,
    "board": 4,
    "prompting": 5, "consistency": 5, "review": 5, "lookbook": 5, "scripts": 5,
    "generation": 6, "exports": 6, "notices": 6, "presenting": 6,
    "forms": 7, "sample": 7, "making": 7,
    "views": 8, "management": 8,
}  # fmt: skip
SOURCES = sorted(p for p in (ROOT / "studio").rglob("*.py") if "migrations" not in p.parts)


@cache
def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text())))


@cache
def imports(path: Path) -> list[str]:
    found = []
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found += [f"{node.module}.{name.name}" for name in node.names]
    return found


def room(dotted: str) -> str | None:
    parts = dotted.split(".")
    return parts[1] if parts[0] == "studio" and len(parts) > 1 and parts[1] in FLOORS else None


def test_it_imports_only_downward():
    wrong = []
    for path in SOURCES:
        here = path.relative_to(ROOT / "studio").parts[0]
        if here not in FLOORS:
            continue
        for target in imports(path):
            there = room(target)
            if there and there != here and FLOORS[there] >= FLOORS[here]:
                wrong.append(f"{path.relative_to(ROOT)} imports {target}")
    assert not wrong, "\n".join(wrong)


def test_it_has_no_room_without_a_floor():
    rooms = {p.name for p in (ROOT / "studio").iterdir() if p.is_dir() and not p.name.startswith("__")}
    assert rooms <= set(FLOORS) | {"migrations", "templatetags"}


@pytest.mark.parametrize(
    ("library", "homes"),
    [("httpx", {"providers/http.py"}), ("httpcore", {"providers/http.py"}), ("dbos", {"lib/engine.py"})],
)
def test_it_knows_an_outside_library_in_one_place(library, homes):
    knowing = {
        str(p.relative_to(ROOT / "studio")) for p in SOURCES if any(i.split(".")[0] == library for i in imports(p))
    }
    assert knowing <= homes


def test_it_keeps_files_short():
    long = [f"{p.relative_to(ROOT)}: {n}" for p in SOURCES if (n := len(p.read_text().splitlines())) > 420]
    assert not long, "\n".join(long)


def test_it_fetches_objects_in_one_file():
    wrong = [
        str(p.relative_to(ROOT))
        for p in SOURCES
        if "views" in p.parts
        and p.name != "access.py"
        and ("objects.get(" in p.read_text() or "get_object_or_404" in p.read_text())
    ]
    assert not wrong


def test_it_opens_pictures_by_named_formats_only():
    wrong = []
    for path in SOURCES:
        for node in nodes(path):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "open":
                owner = ast.unparse(node.func.value)
                if owner in {"Image", "PIL.Image", "Pixels", "PilImage"} and not any(
                    k.arg == "formats" for k in node.keywords
                ):
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not wrong, "Image.open without formats=: " + ", ".join(wrong)


def test_it_has_no_script_or_style_in_a_template():
    wrong = []
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        if (path.parts[-2:] and path.name.startswith("pdf_")) or "exports/paper" in str(path):
            continue
        for bad in (
            "<script>",
            "<style",
            "onclick=",
            "onchange=",
            "hx-on",
            "javascript:",
            "hx-vals='js",
            'hx-vals="js',
        ):
            if bad in text:
                wrong.append(f"{path.relative_to(ROOT)}: {bad}")
    assert not wrong
