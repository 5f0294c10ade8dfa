"""Rivals from PyPI that cannot live beside the suite's packages: an environment a group."""

from __future__ import annotations

import subprocess
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Missing(Exception):
    """The environment of the peers could not be made."""


def home(group: str) -> Path:
    """Where a group of requirements-<group>.txt is installed."""
    return ROOT / "build" / group


def set_up(group: str) -> Path:
    """The interpreter of the group's environment, made from the pinned requirements only."""
    where, requirements = home(group), ROOT / f"requirements-{group}.txt"
    python = where / "bin" / "python"
    if not (where / "ready").exists():
        venv.create(where, clear=True, with_pip=True)
        pip = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes")
        done = subprocess.run([python, *pip, "-r", requirements], capture_output=True, check=False)
        if done.returncode:
            raise Missing(f"pip could not install {requirements.name}")
        (where / "ready").touch()
    return python
