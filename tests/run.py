"""What `make test` runs: finds or installs a browser, then pytest; anything on the command line is handed on.

The browser tests want Chromium. It is taken from `CHROMIUM` or from PATH, installed from Debian's packages where this runs
as root with apt, and otherwise named in one line while the rest runs and the skips are counted. With CI=true a missing
browser is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PAPER = (
    "libpango-1.0-0",
    "libpangoft2-1.0-0",
    "libharfbuzz-subset0",
    "fonts-noto-core",
    "fonts-noto-cjk",
    "fonts-noto-color-emoji",
)

NO_TESTS = 5  # pytest's exit code for an empty selection


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
    if arguments:
        return subprocess.call([sys.executable, "-m", "pytest", *arguments])
    # Fast ones side by side; then those that drive a browser and those that kill processes, so that none starves another.
    runs = (
        ["-n", "3", "--dist", "loadfile", "-m", "not browser and not processes"],
        ["-m", "browser"],
        ["-m", "processes and not browser"],
    )
    codes = [pytest(*run) for run in runs[:1]]
    codes += [pytest(*run) and again(*run) for run in runs[1:]]
    return max((code for code in codes if code != NO_TESTS), default=0)


def pytest(*arguments: str) -> int:
    code = subprocess.call([sys.executable, "-m", "pytest", *arguments])
    return 0 if code == NO_TESTS else code


def again(*arguments: str) -> int:
    """Browsers and killed processes depend on the machine's mood: what failed has one more try, alone, and is named."""
    print("Once more, alone, what failed:", flush=True)
    return pytest("--last-failed", "--last-failed-no-failures=none", *arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
