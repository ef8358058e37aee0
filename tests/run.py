"""What `make test` runs: finds or installs a browser, then pytest; anything on the command line is handed on.

What failed is tried again, alone, and named: browsers and killed processes depend on the machine's mood. On PostgreSQL
(DATABASE_URL) only those browser tests run that walk whole journeys: a page's script behaves alike on both databases.

The browser tests want Chromium. It is taken from `CHROMIUM` or from PATH, installed from Debian's packages where this runs
as root with apt, and otherwise named in one line while the rest runs and the skips are counted. With CI=true a missing
browser is a failure.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PAPER = (
    "libpango-1.0-0",
    "libpangoft2-1.0-0",
    "libharfbuzz-subset0",
    "fonts-noto-core",
    "fonts-noto-cjk",
    "fonts-noto-color-emoji",
)

FAILED, NO_TESTS = 1, 5  # pytest's exit codes for tests that failed, and for an empty selection
HUNG = 124
MOODS = 20  # more that fail at once are no mood of the machine, and are not tried again
LIMIT = int(os.environ.get("STUDIO_TEST_LIMIT", "1800"))  # seconds for one of the runs below


def browser() -> str:
    """The path of a Chromium, or an empty string."""
    named = os.environ.get("CHROMIUM", "")
    if named:
        return named if os.path.exists(named) else ""
    return next((path for name in NAMES if (path := shutil.which(name))), "")


def install(*packages: str) -> None:
    """Debian's packages, where this is root on a machine with apt. Quiet; a failure shows in what is missing after."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return
    print(f"Installing {', '.join(packages)} …", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run = lambda *command: subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, check=False)  # noqa: E731
    if run("apt-get", "install", "-qq", "-y", "--no-install-recommends", *packages).returncode:
        run("apt-get", "update", "-qq")
        run("apt-get", "install", "-qq", "-y", "--no-install-recommends", *packages)


def has_package(name: str) -> bool:
    found = subprocess.run(["dpkg", "-s", name], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return found.returncode == 0


def main(arguments: list[str]) -> int:
    wanted = [] if browser() else ["chromium"]
    if not shutil.which("pdftoppm"):
        wanted.append("poppler-utils")
    if shutil.which("dpkg"):
        wanted += [name for name in PAPER if not has_package(name)]
    if wanted:
        install(*wanted)
    if not browser():
        line = "No Chromium found: install Debian's package chromium, or name one in CHROMIUM. The browser tests are skipped."
        print(line, flush=True)
        if os.environ.get("CI") == "true":
            return 1
    os.environ.setdefault("CHROMIUM", browser())
    os.environ.setdefault("STUDIO_SKIP_PACKAGES", "1")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # compiling it all takes each process longer than a hundred tests
    if arguments:
        return subprocess.call([sys.executable, "-m", "pytest", *arguments])
    journeys = os.environ.get("DATABASE_URL", "").startswith("postgres")
    if journeys:
        print("PostgreSQL: of the browser tests only the journeys; the others ran on SQLite.", flush=True)
    # Fast ones side by side; then those that drive a browser and those that kill processes, so that none starves another.
    runs = (
        (1, "not browser and not processes", "-n", "3", "--dist", "loadfile"),
        (2, "browser and journey" if journeys else "browser"),
        (2, "processes and not browser"),
    )
    return max(tried(*run) for run in runs)


def tried(more: int, marked: str, *options: str) -> int:
    """Exit code of the last try. What fails has so many more, alone; what went wrong otherwise is tried again as a whole."""
    lucky: list[str] = []
    with tempfile.TemporaryDirectory(prefix="studio-failed-") as folder:
        ours = ("-m", marked, "-o", f"cache_dir={folder}")  # pytest's own list of what failed, and nobody else's
        code = pytest(*options, *ours)
        for n in range(1 if code == HUNG else more):
            failed = remembered(folder) if code == FAILED else []
            if code == 0 or len(failed) > MOODS:
                break
            if failed:
                print(f"\nTry {n + 2} of {more + 1}, alone:", *failed, sep="\n  ", flush=True)
                lucky += [name for name in failed if name not in lucky]
                code = pytest("--last-failed", "--last-failed-no-failures=none", *ours)
            else:
                print("\nOnce more, all of it:", flush=True)
                code = pytest(*options, *ours)
        passed = [name for name in lucky if name not in remembered(folder)] if code in {0, FAILED} else []
    if passed:
        print("Passed only when tried again:", *passed, sep="\n  ", flush=True)
    return code


def remembered(folder: str) -> list[str]:
    """The names of the tests that failed last."""
    kept = Path(folder) / "v" / "cache" / "lastfailed"
    return sorted(json.loads(kept.read_text())) if kept.exists() else []


def pytest(*arguments: str) -> int:
    """Exit code. A run that hangs is ended after LIMIT, with what every thread did, and counts as failed."""
    running = subprocess.Popen([sys.executable, "-m", "pytest", *arguments], start_new_session=True)
    try:
        code = running.wait(LIMIT)
    except subprocess.TimeoutExpired:
        print(f"Ended after {LIMIT} s: pytest {' '.join(arguments)}", flush=True)
        end(running)
        code = HUNG
    except BaseException:
        end(running)
        raise
    if code < 0:
        return 128 - code  # ended by a signal
    return 0 if code == NO_TESTS else code


def end(running: subprocess.Popen) -> None:
    """Its stacks (pytest answers SIGABRT with them), then it and all it started."""
    running.send_signal(signal.SIGABRT)
    with contextlib.suppress(subprocess.TimeoutExpired):
        running.wait(5)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
