"""python -m tests.emulators --runware 9101 --hiapi 9102 --gemini 9103: the three services on loopback, to be tried by hand."""

from __future__ import annotations

import argparse
import signal
import threading

from tests.emulators import pictures
from tests.emulators.gemini import GeminiEmulator
from tests.emulators.hiapi import HiApiEmulator
from tests.emulators.runware import RunwareEmulator
from tests.emulators.serving import Emulator

KINDS: dict[str, tuple[type[Emulator], str, str]] = {
    "runware": (RunwareEmulator, "RUNWARE_BASE_URL", "RUNWARE_API_KEY"),
    "hiapi": (HiApiEmulator, "HIAPI_BASE_URL", "HIAPI_API_KEY"),
    "gemini": (GeminiEmulator, "WISDOM_GATE_BASE_URL", "WISDOM_GATE_KEY"),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.emulators", description=__doc__)
    for name in KINDS:
        parser.add_argument(f"--{name}", type=int, metavar="PORT", help="0 takes any free port")
    parser.add_argument("--latency", type=float, default=5.0, help="seconds a picture takes")
    parser.add_argument("--jitter", type=float, default=0.0, help="give or take this share of the latency")
    parser.add_argument(
        "--scale", type=float, default=1.0, help="factor on every other time of the service: minute, expiry, retries"
    )
    parser.add_argument("--weight", type=int, default=0, help="bytes a picture should have; 0 writes the prompt on it")
    parser.add_argument("--key", action="append", default=[], help="a key it takes, besides its own; may be repeated")
    parser.add_argument(
        "--concurrency", type=int, help="pictures at once of one key; more are counted, and hiapi refuses them"
    )
    parser.add_argument(
        "--per-minute", type=int, help="calls a minute of one key; more are counted, and hiapi refuses them"
    )
    parser.add_argument(
        "--fetch", action="store_true", help="look at the links it is sent, where they are on this machine"
    )
    asked = parser.parse_args()
    done = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: done.set())  # before anybody is told that they run
    running = []
    for name, (kind, base, key) in KINDS.items():
        port = getattr(asked, name)
        if port is None:
            continue
        more = {"concurrency": asked.concurrency, "per_minute": asked.per_minute}
        emulator = kind(
            port, latency=asked.latency, jitter=asked.jitter, scale=asked.scale, written=not asked.weight, weight=asked.weight, also=asked.key,
            fetches=asked.fetch, remember=False, **{name: value for name, value in more.items() if value is not None},
        )  # fmt: skip
        if asked.weight:
            for size in ((1024, 1024), (1376, 768)):
                pictures.prepared(*size, "JPG", asked.weight)
        running.append(emulator)
        print(f"{base}={emulator.base} {key}={emulator.key}", flush=True)
    if not running:
        parser.error("say which: --runware, --hiapi, --gemini")
    done.wait()
    for emulator in running:
        emulator.close()
        spent = sum(row["amount"] for row in emulator.charged())
        print(f"{emulator.name}: {len(emulator.charged())} pictures, ${spent:.4f}", flush=True)


if __name__ == "__main__":
    main()
