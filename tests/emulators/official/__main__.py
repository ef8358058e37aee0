"""python -m tests.emulators.official: the vendors' own clients at our emulators, and their requests beside ours, key by key.

Each client lives in an environment of its own under var/clients (made on the first run; that needs a package index).
"""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
HERE = Path(__file__).resolve().parent
CLIENTS = {"runware": ("runware-sdk==1.8.0", "by_runware_sdk.py"), "hiapi": ("hiapi==0.2.1", "by_hiapi.py"), "gemini": ("google-genai==3.4.0", "by_google_genai.py")}  # fmt: skip
SYSTEM = "Keep every face as in its reference."
# path of a key → why ours differs; docs/providers.md lists the same
BY_CHOICE = {
    "runware": {
        "taskUUID": "the attempt's own id",
        "inputs.referenceImages": "handed over once and named by UUID",
        "outputQuality": "said, so that a changed default changes nothing",
    },
    "hiapi": {},
    "gemini": {
        "systemInstruction.role": "there is no role to tell",
        "contents.0.parts.N.inlineData.data": "the plain base64 alphabet",
        "contents.0.parts.N.inlineData.mime_type": "mimeType in the spelling of its parent",
        "contents.0.parts.N.inlineData.mimeType": "mimeType in the spelling of its parent",
        "tools.0.googleSearch": "google_search as in the vendors' own requests",
        "tools.0.google_search": "google_search as in the vendors' own requests",
    },
}


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")
    sys.path.insert(0, str(ROOT))
    from tests.providers.conftest import KINDS

    wrong = 0
    for name, (package, script) in CLIENTS.items():
        python = environment(name, package)
        with KINDS[name]() as emulator:
            theirs, said = asked_by_them(emulator, python, script)
            ours = asked_by_us(emulator)
        print(f"\n{package}: {said}")
        if not said["bytes"] or not said["refused"] or said.get("same_task") is False:
            wrong += 1
        for path, left, right in differences(theirs, ours):
            why = BY_CHOICE[name].get(re.sub(r"parts\.\d+", "parts.N", path), "NOT EXPLAINED")
            wrong += why == "NOT EXPLAINED"
            print(f"  {path}: theirs {short(left)}, ours {short(right)} · {why}")
        print(f"  {len(list(flat(ours)))} keys of ours compared")
    print("\nAll differences are ours by choice." if not wrong else f"\n{wrong} wrong.")
    return 1 if wrong else 0


def environment(name: str, *packages: str) -> Path:
    place = ROOT / "var" / "clients" / name
    python = place / "bin" / "python"
    marker = place / " ".join(packages)
    if not marker.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", place], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *packages], check=True)
        marker.touch()
    return python


def asked_by_them(emulator: Any, python: Path, script: str) -> tuple[Any, dict[str, Any]]:
    done = subprocess.run(
        [python, HERE / script, emulator.base, emulator.key, json.dumps(panel(emulator.name))], capture_output=True, text=True, timeout=120
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stderr)
    return first_paid(emulator), json.loads(done.stdout.splitlines()[-1])


def asked_by_us(emulator: Any) -> Any:
    from tests.providers.engines import asked, attempt, drawn

    emulator.calls.clear()
    request = asked(emulator.name, size="2K", references=2, seed=41, system=SYSTEM, web_search=True)
    drawn(emulator, request, attempt())
    return first_paid(emulator)


def first_paid(emulator: Any) -> Any:
    from tests.providers.engines import posts

    return posts(emulator)[0]


def panel(name: str) -> dict[str, Any]:
    from tests.providers.engines import MODELS, link, reference

    sent = [reference(n) for n in range(2)]
    return {
        "model": MODELS[name], "prompt": "Nova on the roof at dawn", "aspect": "16:9", "size": "2K", "width": 2752, "height": 1536, "seed": 41,
        "system": SYSTEM, "links": [link(one, "panel") for one in sent],
        "data_uris": [f"data:image/jpeg;base64,{base64.b64encode(one.data).decode()}" for one in sent],
    }  # fmt: skip


def differences(theirs: Any, ours: Any) -> list[tuple[str, Any, Any]]:
    """(path, theirs, ours) of what is not the same; a name that is spelled otherwise is two of them."""
    left, right = dict(flat(theirs)), dict(flat(ours))
    paths = list(dict.fromkeys((*left, *right)))
    return [(p, left.get(p), right.get(p)) for p in paths if not same(left.get(p), right.get(p))]


def same(left: Any, right: Any) -> bool:
    if isinstance(left, str) and isinstance(right, str) and "/signed/" in left:
        return left.rpartition("/")[2] == right.rpartition("/")[2]
    return left == right


def flat(value: Any, path: str = "") -> Any:
    """(path, leaf) of JSON; lists of plain words are leaves."""
    if isinstance(value, dict) and value:
        for name, one in value.items():
            yield from flat(one, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        for n, one in enumerate(value):
            yield from flat(one, f"{path}.{n}" if path else str(n))
    else:
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            value = [one.rpartition("/")[2] if "/signed/" in one else one for one in value]
        yield path, value


def short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) < 60 else f"{text[:40]}… ({len(text)} characters)"


if __name__ == "__main__":
    raise SystemExit(main())
