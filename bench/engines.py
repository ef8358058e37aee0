"""500 pictures from a service that takes five seconds for each and allows 64 at once, against the ideal and the vendor's own client.

Ours is the whole way: panels, asked for as a page asks, an account of 64 at once, a real worker process on a data folder of
its own, every picture opened in the decoding child, kept with its renditions, made a take, its money settled; from the click
to the last take. Theirs is the official client scripted with asyncio in an environment of its own, twice: asked, fetched, written
to disk, nothing else; and with each picture opened in another process and written in the sizes that pages show, as a studio must.
All talk to the same emulator process, one after the other. Ours is warm by one picture an engine.

Runware is measured a second time with 4 to 6 seconds for each, five on average, as services are: a client that is polled by a
fixed schedule may happen to ask in the very moment where all take the same.

Afterwards the emulator's ledger must be ours, row by row where the service takes a key, and no picture charged twice.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PICTURES = int(os.environ.get("BENCH_PICTURES", "500"))
AT_ONCE = int(os.environ.get("BENCH_AT_ONCE", "64"))
LATENCY = 5.0
WEIGHT = 1_000_000
IDEAL = PICTURES / AT_ONCE * LATENCY
MODELS = {"runware": "google:4@3", "gemini": "gemini-3.1-flash-image-preview"}
VARIABLES = {"runware": "RUNWARE_BASE_URL", "gemini": "WISDOM_GATE_BASE_URL"}
KEY = "key-for-the-emulator"
JITTER = 0.2
ROUNDS = (("runware", 0.0), ("runware", JITTER), ("gemini", 0.0))  # engine, share of the latency that it varies by


def run() -> list[dict[str, Any]]:
    return [row for engine, jitter in ROUNDS for row in measured(engine, jitter)]


def measured(engine: str, jitter: float = 0.0) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="studio-bench-") as place, Emulated(engine, jitter) as emulator:
        folder = Path(place)
        theirs, why_not = official(engine, emulator.base, folder / "theirs")
        emulator.remote.forget()
        alike, _ = official(engine, emulator.base, folder / "alike", opened=True) if theirs else (None, "")
        emulator.remote.forget()
        ours = _ours(engine, emulator.base, folder / "data")
        compare(engine, emulator.remote, ours)
    spread = f"{LATENCY * (1 - jitter):.0f} to {LATENCY * (1 + jitter):.0f}" if jitter else f"{LATENCY:.0f}"
    name = f"{PICTURES} pictures by {engine}, {AT_ONCE} at once, {spread} s each"
    rows = [row(f"{name}: over the ideal", ours["seconds"], IDEAL, 1.15, "s")]
    if theirs is None or alike is None:
        print(f"No comparison with the official client of {engine}: {why_not}", file=sys.stderr)
        return [
            *rows,
            row("  our processor time", ours["cpu"], None, None, "s"),
            row("  our memory", ours["memory"], None, None, "MB"),
        ]
    return [
        *rows,
        row(f"  over the official client ({theirs['package']}), which keeps the bytes", ours["seconds"], theirs["seconds"], 1.0, "s"),
        row("  over it with a script that opens each picture and writes its sizes, as ours", ours["seconds"], alike["seconds"], 1.0, "s"),
        row("    processor time of the two", ours["cpu"], alike["cpu"], None, "s"),
        row("  processor time, with opening and renditions, beside the client’s", ours["cpu"], theirs["cpu"], None, "s"),
        row("    of it without the decoding children", ours["own"], theirs["cpu"], None, "s"),
        row("  most memory, with the decoding children, beside the client’s", ours["memory"], theirs["memory"], None, "MB"),
    ]  # fmt: skip


def row(name: str, ours: float, floor: float | None, wanted: float | None, unit: str) -> dict[str, Any]:
    ratio = None if floor is None else round(ours / floor, 3)
    return {"name": name, "ours": round(ours, 2), "floor": None if floor is None else round(floor, 2), "ratio": ratio, "wanted": wanted, "unit": unit}  # fmt: skip


class Emulated:
    """One emulator in a process of its own."""

    def __init__(self, engine: str, jitter: float = 0.0) -> None:
        from tests.emulators.control import Remote

        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.emulators", f"--{engine}", "0", "--latency", str(LATENCY), "--weight", str(WEIGHT), "--jitter", str(jitter),
             "--concurrency", str(AT_ONCE)],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdout
        told = dict(word.split("=", 1) for word in self.process.stdout.readline().split())
        self.base = told[VARIABLES[engine]]
        self.remote = Remote(self.base)

    def __enter__(self) -> Emulated:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()


def official(engine: str, base: str, saved: Path, *, opened: bool = False) -> tuple[dict[str, Any] | None, str]:
    """What the vendor's client needed, or None and why it could not be asked. With `opened` its script does with each picture what
    ours must: opens it in another process, and writes the sizes that pages show."""
    from tests.emulators.official.__main__ import CLIENTS, HERE, environment

    package, script = CLIENTS[engine]
    try:
        also = [f"Pillow=={version('Pillow')}"] if opened else []
        python = environment(f"{engine}-opened" if opened else engine, package, *also)
    except (subprocess.CalledProcessError, OSError) as error:
        return None, f"its environment could not be made ({error})."
    saved.mkdir()
    done = subprocess.run(
        [python, HERE / script.replace("by_", "many_by_"), base, KEY, str(PICTURES), str(AT_ONCE), saved, *(["opened"] if opened else [])],
        capture_output=True, text=True, timeout=900,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr)
    told = json.loads(done.stdout.splitlines()[-1])
    if told["pictures"] != PICTURES:
        raise RuntimeError(f"the official client has {told['pictures']} pictures")
    return {**told, "package": package}, ""


def compare(engine: str, remote: Any, ours: dict[str, Any]) -> None:
    """Raises RuntimeError where their ledger is not ours, or where a limit was passed."""
    ledger, seen = remote.ledger(), remote.seen()[KEY]
    charged = [entry for entry in ledger if entry["charged"]]
    keys = [entry["key"] for entry in charged]
    dollars = sum(entry["amount"] for entry in charged)
    wrong = []
    if len(charged) != len(ledger) or len(keys) != len(set(keys)) or len(keys) != ours["takes"]:
        wrong.append(f"{len(ledger)} accepted, {len(keys)} charged, {ours['takes']} takes")
    if engine == "runware" and sorted(keys) != sorted(ours["charges"]):
        wrong.append("their keys are not ours")
    if abs(dollars - ours["dollars"]) > 0.000001 * len(keys):
        wrong.append(f"theirs ${dollars:.4f}, ours ${ours['dollars']:.4f}")
    if seen["most_at_once"] > AT_ONCE or seen["over"]["concurrency"]:
        wrong.append(f"{seen['most_at_once']} at once")
    if wrong:
        raise RuntimeError(f"{engine}: {'; '.join(wrong)}")


def _ours(engine: str, base: str, data: Path) -> dict[str, Any]:
    environment = {**os.environ, "STUDIO_DATA": str(data), "DJANGO_SETTINGS_MODULE": "studio.settings"}
    environment.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-m", "bench.engines", "measure", engine, base],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True, timeout=1800,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def measure(engine: str, base: str) -> dict[str, Any]:
    """Seconds from the click to the last take, and what the ledger says. Runs in a process whose data folder is empty."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    account, panels = _studio(engine, base)
    worker = subprocess.Popen([sys.executable, "manage.py", "worker"], cwd=ROOT, stdout=sys.stderr)
    try:
        _asked(account, panels[:1], engine)  # the worker has its client, its connections and its first decoding child
        from tests.emulators.control import Remote

        Remote(base).forget()
        before = spent(worker.pid)
        batch, seconds = _asked(account, panels, engine)
        after = spent(worker.pid)
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait()
    return {
        "seconds": seconds, "cpu": after["cpu"] - before["cpu"], "own": after["own"] - before["own"],
        "memory": after["memory"], **_books(batch),
    }  # fmt: skip


def _studio(engine: str, base: str) -> tuple[Any, list[Any]]:
    from studio.accounts.actions import found_studio
    from studio.board.models import Panel, Project, Scene
    from studio.generation.actions import add_account
    from studio.generation.models import EngineAccount

    owner = found_studio(name="Bench")
    team = owner.teams.get()
    account = add_account(team=team, by=owner, engine=engine, label=engine, key=KEY, base_url=base)
    EngineAccount.objects.filter(pk=account.pk).update(concurrency=AT_ONCE, per_minute=None)
    project = Project.objects.create(team=team, title="Night ferry")
    for number in range(10):
        scene = Scene.objects.create(project=project, number=str(number + 1), position=number, place="boat shed")
        Panel.objects.bulk_create(
            Panel(scene=scene, label=f"{number + 1}-{at}", position=at, action=f"She lifts flask {at}.")
            for at in range(-(-PICTURES // 10))
        )
    account.refresh_from_db()
    return account, list(Panel.objects.select_related("scene__project").order_by("pk")[:PICTURES])


def _asked(account: Any, panels: list[Any], engine: str) -> tuple[Any, float]:
    """The finished batch, and the seconds from the click to its last take."""
    import uuid

    from django.utils import timezone

    from studio.generation import actions
    from studio.generation.models import ACTIVE

    began = timezone.now()
    batch = actions.request_takes(panels=panels, by=None, key=uuid.uuid4(), account=account, model=MODELS[engine])
    until = time.monotonic() + IDEAL * 6 + 60
    while batch.jobs.filter(state__in=ACTIVE).exists():
        if time.monotonic() > until:
            raise RuntimeError(f"{batch.jobs.filter(state__in=ACTIVE).count()} pictures never came")
        time.sleep(0.5)  # seldom: looking takes from the cores that work
    jobs = list(batch.jobs.all())
    lost = [job for job in jobs if job.state != "done"]
    if lost:
        raise RuntimeError(f"{len(lost)} of {len(jobs)} were lost, the first with: {lost[0].error} {lost[0].details}")
    return batch, (max(job.finished for job in jobs) - began).total_seconds()


def _books(batch: Any) -> dict[str, Any]:
    from studio.board.models import Take
    from studio.generation.models import Spend

    charged = Spend.objects.filter(job__batch=batch, kind=Spend.Kind.CHARGED)
    takes = Take.objects.filter(job__batch=batch)
    return {
        "takes": takes.values("image__sha256").distinct().count(),
        "charges": [str(key) for key in charged.values_list("job__key", flat=True)],
        "dollars": float(sum(charged.values_list("amount", flat=True))),
    }


def spent(pid: int) -> dict[str, float]:
    """Processor seconds of a process and all that it started, its own apart, and peak memory in MB."""
    ticks, found = os.sysconf("SC_CLK_TCK"), {"cpu": 0.0, "own": 0.0, "memory": 0.0}
    below: dict[int, list[int]] = {}
    stats: dict[int, list[str]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stats[int(entry.name)] = fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            below.setdefault(int(fields[1]), []).append(int(entry.name))
    ahead = [pid]
    while ahead:
        one = ahead.pop()
        ahead += below.get(one, [])
        found["cpu"] += sum(map(int, stats[one][11:15])) / ticks  # its own, and that of those it has seen end
        found["own"] += sum(map(int, stats[one][11:13])) / ticks if one == pid else 0
        try:
            lines = (Path("/proc") / str(one) / "status").read_text().splitlines()
        except OSError:
            continue
        found["memory"] += sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
    return found


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        print(json.dumps(measure(*sys.argv[2:])))
    else:
        wanted = sys.argv[1:] or list(MODELS)
        for figure in [row for engine, jitter in ROUNDS if engine in wanted for row in measured(engine, jitter)]:
            print(figure)
