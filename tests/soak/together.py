"""The web server and the worker killed in the same moment, while somebody clicks."""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import uuid
from dataclasses import dataclass

from tests.soak.judge import judge
from tests.soak.rounds import GROUP, Round, fill, finish
from tests.soak.world import ROOT, World, die_with_parent

CLICKS = 3  # people who click at the same time


@dataclass
class Web:
    """The web server on a port of its own."""

    world: World

    def __post_init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.world.machine.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "studio.lib.web"], cwd=ROOT, env={**self.world.machine.environment, "PORT": str(self.port)},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                preexec_fn=die_with_parent,
            )  # fmt: skip

    def up(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(0.2)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self) -> None:
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def click(self, panel: str, key: str) -> int:
        """The Draw button of a panel: the status, 0 where no answer came."""
        made = self.world.made
        csrf = "c" * 32
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            line.request(
                "POST", f"/panels/{panel}/draw/", urllib.parse.urlencode({"key": key, "takes": 1, "size": "1K"}),
                {"Cookie": f"studio_session={made['session']}; studio_csrf={csrf}", "X-CSRFToken": csrf,
                 "Content-Type": "application/x-www-form-urlencoded"},
            )  # fmt: skip
            return line.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            line.close()


def kills(world: World, name: str, count: int, dice: random.Random) -> Round:
    """Kill both while people click; then the forms that got no answer are sent again, as a browser's user would."""
    found, after = Round(name), world.inside.do("last")
    web, sent = Web(world), {}
    try:
        while found.kills < count:
            for _ in range(min(GROUP, count - found.kills)):
                fill(world, ("runware", "hiapi", "gemini"))
                web.start()
                world.until(web.up, 60)
                _again(web, sent)
                life = world.machine.start()
                ended = threading.Event()
                clicking = [
                    threading.Thread(target=_clicks, args=(web, sent, random.Random(dice.random()), ended))
                    for _ in range(CLICKS)
                ]
                for one in clicking:
                    one.start()
                time.sleep(dice.uniform(0.5, 2.5))
                life.send(signal.SIGKILL)
                web.kill()
                ended.set()
                life.kill()
                for one in clicking:
                    one.join()
                found.kills += 1
            web.start()
            world.until(web.up, 60)
            _again(web, sent)
            finish(world, found)
            web.kill()
    finally:
        web.kill()
    found.clicks = len(sent)
    made = world.inside.do("batches", keys=list(sent))
    found.doubled = [f"the form {key} made {made.get(key, 0)} jobs" for key in sent if made.get(key) != 1]
    found.verdict = judge(world, after)
    return found


def _clicks(web: Web, sent: dict[str, tuple[str, int]], dice: random.Random, ended: threading.Event) -> None:
    while not ended.is_set():
        key, panel = str(uuid.UUID(int=dice.getrandbits(128), version=4)), dice.choice(web.world.made["panels"])
        sent[key] = (panel, 0)
        sent[key] = (panel, web.click(panel, key))
        ended.wait(dice.uniform(0.2, 0.6))


def _again(web: Web, sent: dict[str, tuple[str, int]]) -> None:
    for key, (panel, status) in list(sent.items()):
        if status == 0:
            sent[key] = (panel, web.click(panel, key))
            assert sent[key][1] in {200, 302}, f"the second click was answered {sent[key][1]}"
