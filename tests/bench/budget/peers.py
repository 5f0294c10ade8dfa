"""A published bandit in an environment of its own, below build/, made when first asked for.

Thompson sampling (Thompson 1933) as MABWiser has it (Strong et al. 2021). The bandit lives in a
process of its own and is talked to by lines: it is told the day's returns and says shares.
"""

from __future__ import annotations

import json
import subprocess
import venv
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from shared.domain.budget.allocation import nearest

if TYPE_CHECKING:
    from shared.domain.budget.allocation import Constraints
    from shared.domain.budget.history import Floats, History

ROOT = Path(__file__).parents[3]
HOME = ROOT / "build" / "budget-peers"
REQUIREMENTS = ROOT / "requirements-budget-peers.txt"
BANDIT = Path(__file__).with_name("peer_bandit.py")


class Missing(Exception):
    """The environment of the peers could not be made."""


def set_up() -> Path:
    """The interpreter of the peers' environment, made from the pinned requirements only."""
    python = HOME / "bin" / "python"
    if not (HOME / "ready").exists():
        venv.create(HOME, clear=True, with_pip=True)
        pip = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes")
        done = subprocess.run([python, *pip, "-r", REQUIREMENTS], capture_output=True, check=False)
        if done.returncode:
            raise Missing("pip could not install requirements-budget-peers.txt")
        (HOME / "ready").touch()
    return python
