from __future__ import annotations

import pytest

from tests.emulators.gemini import GeminiEmulator
from tests.emulators.hiapi import HiApiEmulator
from tests.emulators.runware import RunwareEmulator
from tests.providers.engines import CANARY

KINDS = {"runware": RunwareEmulator, "hiapi": HiApiEmulator, "gemini": GeminiEmulator}


@pytest.fixture
def runware():
    with RunwareEmulator(key=CANARY) as emulator:
        yield emulator


@pytest.fixture
def hiapi():
    with HiApiEmulator(key=CANARY) as emulator:
        emulator.per_minute = 6000  # tests ask every 10 ms
        yield emulator


@pytest.fixture
def gemini():
    with GeminiEmulator(key=CANARY) as emulator:
        yield emulator


@pytest.fixture(params=list(KINDS))
def emulator(request):
    return request.getfixturevalue(request.param)
