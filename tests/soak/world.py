"""A studio, the three services and its workers, each in processes of their own."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import queue
import secrets
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.emulators.control import Remote

ROOT = Path(__file__).resolve().parents[2]
PAID = ("runware", "hiapi", "gemini")
OURS = ("STUDIO_", "DATABASE_URL", "DJANGO_", "RUNWARE_", "HIAPI_", "WISDOM_", "GEMINI_")


def die_with_parent() -> None:
    """In a new child: whoever stops a soak in the middle leaves nothing running. Linux only; elsewhere nothing happens."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


class Talker:
    """A child process that is told JSON lines and says JSON lines."""

    def __init__(self, module: str, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", module], cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            preexec_fn=die_with_parent,
        )  # fmt: skip
        self.lock = threading.Lock()

    def tell(self, told: dict[str, Any]) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(told) + "\n")
        self.process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("The process inside the studio ended.")
        return json.loads(line)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()


class Inside(Talker):
    """`inside.do("ask", engine="sketch")`: the functions of tests.soak.inside."""

    def do(self, name: str, **given: Any) -> Any:
        with self.lock:
            self.tell({"do": name, **given})
            answer = self.hear()
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["is"]


class Life:
    """One life of a worker, from its start to its end."""

    def __init__(self, pid: int) -> None:
        self.pid, self.code = pid, None
        self.over = threading.Event()

    @property
    def stands_still(self) -> bool:
        stat = Path(f"/proc/{self.pid}/stat")
        return not self.over.is_set() and stat.read_text().rsplit(")", 1)[1].split()[0] == "T"

    def send(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill -9, and what it has forked with it, as the supervisor does."""
        self.send(signal.SIGKILL)
        self.over.wait(10)
        self.sweep()

    def sweep(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def stop(self) -> None:
        """As `make run` stops it."""
        self.send(signal.SIGTERM)
        if not self.over.wait(15):
            self.kill()
        self.sweep()

    def dies(self, seconds: float) -> bool:
        """Whether it ended by itself within that time."""
        over = self.over.wait(seconds)
        if over:
            self.sweep()
        return over


class Machine:
    """A data folder and the workers on it: forked from a loaded process, or with `cold` each a `manage.py worker` of its own."""

    def __init__(self, environment: dict[str, str], *, cold: bool = False) -> None:
        self.data = Path(environment["STUDIO_DATA"])
        self.log = self.data.parent / f"{self.data.name}.log"
        self.environment = {**environment, "SOAK_LOG": str(self.log)}
        self.cold = cold
        self.lives: list[Life] = []
        self._born: queue.Queue[Life] = queue.Queue()
        self._nursery: Talker | None = None

    def start(self, **environment: str) -> Life:
        life = self._exec(environment) if self.cold else self._fork(environment)
        self.lives.append(life)
        return life

    def dies_at(self, point: str, nth: int = 1) -> Life:
        """A worker that kills itself when it comes to this point the nth time."""
        return self.start(STUDIO_TEST_CRASH=f"{point}:{self.data.parent / secrets.token_hex(8)}:{nth}")

    def stops_at(self, point: str, nth: int = 1) -> Life:
        """A worker that stands still when it comes to this point, as a machine does that is paused."""
        mark = self.data.parent / secrets.token_hex(8)
        return self.start(STUDIO_TEST_CRASH=f"{point}:{mark}:{nth}", STUDIO_TEST_STOP="1")

    def _exec(self, environment: dict[str, str]) -> Life:
        with self.log.open("a") as log:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "worker"], cwd=ROOT, env={**self.environment, **environment},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                preexec_fn=die_with_parent,
            )  # fmt: skip
        life = Life(process.pid)

        def wait() -> None:
            life.code = process.wait()
            life.over.set()

        threading.Thread(target=wait, daemon=True).start()
        return life

    def _fork(self, environment: dict[str, str]) -> Life:
        if self._nursery is None:
            self._nursery = Talker("tests.soak.nursery", self.environment)
            threading.Thread(target=self._listen, args=(self._nursery,), daemon=True).start()
        self._nursery.tell(environment)
        return self._born.get(timeout=30)

    def _listen(self, nursery: Talker) -> None:
        alive: dict[int, Life] = {}
        with contextlib.suppress(RuntimeError, ValueError):
            while told := nursery.hear():
                if "born" in told:
                    alive[told["born"]] = Life(told["born"])
                    self._born.put(alive[told["born"]])
                else:
                    life = alive.pop(told["dead"])
                    life.code = told["code"]
                    life.over.set()

    def close(self) -> None:
        for life in self.lives:
            if not life.over.is_set():
                life.send(signal.SIGCONT)
                life.kill()
        if self._nursery:
            self._nursery.close()


class World:
    """A migrated studio with accounts at the emulators. `server` is the address of a PostgreSQL; empty: SQLite.

    With several machines they share the database, the media folder and the keys.
    """

    def __init__(
        self, folder: Path, *, server: str = "", machines: int = 1, cold: bool = False, latency: float = 0.3,
        emulators: tuple[str, ...] = (), **environment: str,
    ) -> None:  # fmt: skip
        self.folder, self.server = folder, server
        folder.mkdir(parents=True, exist_ok=True)
        self.database = f"soak_{secrets.token_hex(5)}" if server else ""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        self.environment = {
            **kept,
            "PYTHONPATH": str(ROOT),
            "STUDIO_SKIP_PACKAGES": "1",
            "STUDIO_SAMPLE": "no",
            "STUDIO_MEDIA": str(folder / "media"),
            "STUDIO_ENCRYPTION_KEYS": "bXkgc29hayBrZXkgaXMgMzIgYnl0ZXMgbG9uZyEhISE=",
            "STUDIO_SECRET_KEY": "soak-" * 12,
            **environment,
        }
        if server:
            self._sql(f"CREATE DATABASE {self.database}")
            self.environment["DATABASE_URL"] = urlsplit(server)._replace(path=f"/{self.database}").geturl()
        self.machines = [
            Machine({**self.environment, "STUDIO_DATA": str(folder / f"machine-{n}")}, cold=cold)
            for n in range(machines)
        ]
        # with a short lease a busy machine would be cut off between two statements of a migration
        self.manage("migrate", "--verbosity=0", STUDIO_LEASE="60")
        self._start_emulators(latency, emulators)
        self.inside = Inside("tests.soak.inside", self.machine.environment)
        self.made = self.inside.do("prepare", bases=self.bases, keys=self.keys)

    @property
    def machine(self) -> Machine:
        return self.machines[0]

    def manage(self, *arguments: str, **environment: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env={**self.machine.environment, **environment},
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout

    def _start_emulators(self, latency: float, more: tuple[str, ...]) -> None:
        command = [sys.executable, "-m", "tests.emulators", "--latency", str(latency), "--weight", "30000"]
        command += [word for name in PAID for word in (f"--{name}", "0")]
        given = more or ("--concurrency", "1000", "--per-minute", "1000000")
        self.emulators = subprocess.Popen(
            [*command, *given],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=die_with_parent,
        )
        self.bases: dict[str, str] = {}
        self.keys: dict[str, str] = {}
        assert self.emulators.stdout
        for name in PAID:
            base, key = (word.partition("=")[2] for word in self.emulators.stdout.readline().split())
            self.bases[name], self.keys[name] = base, key
        self.services = {name: Remote(base) for name, base in self.bases.items()}

    def open(self) -> int:
        """How many jobs are not over."""
        return sum(self.inside.do("open_jobs").values())

    def until(self, true: Any, seconds: float, pause: float = 0.05) -> float:
        """Seconds until it was true. Raises TimeoutError."""
        began = time.monotonic()
        while not true():
            if time.monotonic() - began > seconds:
                raise TimeoutError(f"not within {seconds:.0f} s")
            time.sleep(pause)
        return time.monotonic() - began

    def _sql(self, command: str) -> None:
        import psycopg

        with psycopg.connect(urlsplit(self.server)._replace(path="/postgres").geturl(), autocommit=True) as line:
            line.execute(command)

    def __enter__(self) -> World:
        return self

    def __exit__(self, *_: object) -> None:
        for machine in self.machines:
            machine.close()
        with contextlib.suppress(AttributeError):
            self.inside.close()
        with contextlib.suppress(AttributeError):
            self.emulators.terminate()
            self.emulators.wait(10)
        if self.server:
            self._sql(f"DROP DATABASE {self.database} WITH (FORCE)")
