"""python -m tests.emulators.beside: `manage.py run` with the three emulators beside it. `make run ENGINES=emulated` calls it.

The studio gets a data folder of its own, `emulated` below the usual one, and no key from outside: so nothing it does can cost
anything, and no account of an emulator is left in a studio that is meant. The emulators are children of the same supervisor.
"""

from __future__ import annotations

import os
import shlex
import socket
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LATENCY = 4.0  # seconds a picture takes
BASES = {"runware": "RUNWARE_BASE_URL", "hiapi": "HIAPI_BASE_URL", "gemini": "WISDOM_GATE_BASE_URL"}
KEYS = ("RUNWARE_API_KEY", "HIAPI_API_KEY", "WISDOM_GATE_KEY")
KEY = "key-for-the-emulator"


def main() -> None:
    port = int(os.environ.get("PORT") or 8000)
    data = Path(os.environ.get("STUDIO_DATA") or ROOT / "var").expanduser().resolve() / "emulated"
    ports = dict(zip(BASES, free_ports(first_port(port), len(BASES)), strict=True))
    print(
        f"Engines are emulated: Runware, hiapi and Wisdom Gate answer from this machine, and nothing is charged. Data: {data}",
        flush=True,
    )
    beside = ["engines", "tests.emulators", "--latency", str(LATENCY), "--fetch"]
    beside += [word for name, one in ports.items() for word in (f"--{name}", str(one))]
    os.chdir(ROOT)
    os.execve(
        sys.executable,
        [sys.executable, "manage.py", "run", "--with", shlex.join(beside)],
        environment(dict(os.environ), port, data, ports),
    )


def environment(given: dict[str, str], port: int, data: Path, ports: dict[str, int]) -> dict[str, str]:
    """Ours over what is given; real keys and a database of somebody's are not passed on."""
    kept = {
        name: value
        for name, value in given.items()
        if name not in {"DATABASE_URL", "GEMINI_API_KEY", "GEMINI_BASE_URL"}
    }
    bases = {BASES[name]: f"http://127.0.0.1:{one}{'/v1' if name == 'runware' else ''}" for name, one in ports.items()}
    # said, so that references go to hiapi as links, and the emulator can fetch them
    own = {"STUDIO_DATA": str(data), "STUDIO_PUBLIC_URL": f"http://localhost:{port}"}
    return {**kept, **bases, **dict.fromkeys(KEYS, KEY), **own}


def first_port(port: int) -> int:
    """Three of its own for each port of a studio: two that start in the same minute never find the same ones free."""
    return 20000 + port % 4000 * len(BASES)


def free_ports(first: int, count: int) -> list[int]:
    """The next ones that nobody listens on: the same from one start to the next where nothing is in the way."""
    found: list[int] = []
    for port in range(min(first, 60000), 65536):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        found.append(port)
        if len(found) == count:
            return found
    raise SystemExit("No free ports for the emulators.")


if __name__ == "__main__":
    main()
