"""The official emulators for a test process: started when first needed, stopped when it ends."""

from __future__ import annotations

import atexit
import os
from contextlib import ExitStack
from functools import cache

import pytest

from infra.emulators import Emulator, Missing, running

REQUIRED = "AIMS_REQUIRE_EMULATORS"  # set by .ci/run where gcloud is: there a skip is a failure

_stack = ExitStack()
atexit.register(_stack.close)


@cache
def _address(emulator: Emulator) -> str:
    return _stack.enter_context(running(emulator))[emulator.variable]


def require(why: str | None) -> None:
    """Skip the test if something is missing; where it must be there, fail."""
    if why:
        assert not os.environ.get(REQUIRED), why
        pytest.skip(f"needs the emulators: {why}")


def started(emulator: Emulator) -> str:
    """Host and port of the emulator, its variable set for vendor clients; skips without it."""
    try:
        address = _address(emulator)
    except Missing as why:
        if os.environ.get(REQUIRED):
            raise
        pytest.skip(f"needs the {emulator.name} emulator: {why}")
    os.environ[emulator.variable] = address
    return address
