"""The system packages that PDF needs: what is missing, in one sentence, and the installing where we may."""

from __future__ import annotations

import ctypes
import datetime as dt
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

DEBIAN = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
DEBIAN_FONTS = ("fonts-noto-core", "fonts-noto-cjk", "fonts-noto-color-emoji")
Libraries = Sequence[tuple[str, str, str]]
LIBRARIES: Libraries = (  # what WeasyPrint loads: its name for people, on Linux, on macOS
    ("gobject", "libgobject-2.0.so.0", "libgobject-2.0.0.dylib"),
    ("pango", "libpango-1.0.so.0", "libpango-1.0.dylib"),
    ("pangoft2", "libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"),
    ("harfbuzz", "libharfbuzz.so.0", "libharfbuzz.0.dylib"),
    ("harfbuzz-subset", "libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib"),
    ("fontconfig", "libfontconfig.so.1", "libfontconfig.1.dylib"),
)
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
FONTS = ("NotoSansArabic-*", "NotoSansCJK-*", "NotoColorEmoji*")
BREW_FOLDERS = ("/opt/homebrew/lib", "/usr/local/lib")
MAC = sys.platform == "darwin"
PATIENCE = 300  # seconds for one call of the package manager


def missing(libraries: Libraries = LIBRARIES) -> str:
    """Why PDF does not work, in a sentence for its greyed button; empty when it does."""
    absent = [name for name, linux, mac in libraries if not _loads(mac if MAC else linux)]
    if not absent:
        return ""
    remedy = "brew install pango" if MAC else f"apt-get install {' '.join(DEBIAN + DEBIAN_FONTS)}"
    return f"PDF needs {', '.join(absent)} on this machine: {remedy}, then start the studio again."


def fonts_missing() -> bool:
    """Whether some scripts would come out as boxes. macOS brings its own fonts."""
    if MAC:
        return False
    folders = [Path(name).expanduser() for name in FONT_FOLDERS]
    return not all(any(next(f.rglob(name), None) for f in folders if f.is_dir()) for name in FONTS)


def environment() -> dict[str, str]:
    """What child processes need to find Homebrew's libraries, which lie outside the loader's way on Apple's own chips."""
    if not MAC:
        return {}
    folders = [*os.environ.get("DYLD_FALLBACK_LIBRARY_PATH", "").split(":"), *BREW_FOLDERS, "/usr/lib"]
    return {"DYLD_FALLBACK_LIBRARY_PATH": ":".join(filter(None, folders))}


def provide(*, note: Path, say: Callable[[str], None], install: bool = True, libraries: Libraries = LIBRARIES) -> None:
    """Install what is missing, where this user may; else say in one line what to install. A failed try is not repeated that day."""
    if not missing(libraries) and not fonts_missing():
        return
    today = dt.date.today().isoformat()
    commands = _commands() if install else []
    if commands and not (note.exists() and note.read_text() == today):
        say("Installing text layout and fonts for PDF, once; this may take a minute …")
        if not all(_runs(command) for command in commands):
            note.write_text(today)
    if missing(libraries):
        say(missing(libraries))
    elif fonts_missing():
        say(f"Some scripts will lack letters in PDF: apt-get install {' '.join(DEBIAN_FONTS)}")


def _loads(name: str) -> bool:
    for place in (name, *(f"{folder}/{name}" for folder in BREW_FOLDERS if MAC)):
        try:
            ctypes.CDLL(place)
            return True
        except OSError:
            continue
    return False


def _commands() -> list[list[str]]:
    """What would install it here without asking anybody anything; empty where we may not."""
    if MAC:
        return [["brew", "install", "--quiet", "pango"]] if shutil.which("brew") else []
    if not shutil.which("apt-get"):
        return []
    prefix: list[str] = []
    if os.geteuid() != 0:
        if not shutil.which("sudo") or not _runs(["sudo", "-n", "true"]):
            return []
        prefix = ["sudo", "-n"]
    quiet = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    return [[*quiet, "update"], [*quiet, "install", "-y", "--no-install-recommends", *DEBIAN, *DEBIAN_FONTS]]


def _runs(command: list[str]) -> bool:
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=PATIENCE
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
