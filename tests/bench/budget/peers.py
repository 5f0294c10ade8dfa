"""A published bandit in an environment of its own, below build/, made when first asked for.

Thompson sampling (Thompson 1933) as MABWiser has it (Strong et al. 2021). The bandit lives in a
process of its own and is talked to by lines: it is told the day's returns and says shares.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np

from tests.bench.budget.rivals import within
from tests.bench.peer_environment import set_up

if TYPE_CHECKING:
    from shared.domain.budget.constraints import Constraints
    from shared.domain.budget.history import Floats, History
    from tests.bench.budget.season import Policy

GROUP = "budget-peers"
BANDIT = Path(__file__).with_name("peer_bandit.py")


WINDOW = 5  # days that the bandit is told of: the world may change
EXPLORED = 0.2  # of the total, shared equally whatever the bandit says
SMOOTHED = 0.1  # of the way to the bandit's shares, each day


@contextmanager
def thompson() -> Iterator[Policy]:
    """The bandit as a policy, while its process lives; Missing without the environment."""
    command = [set_up(GROUP), BANDIT]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as it:
        assert it.stdin
        assert it.stdout
        asked, said = it.stdin, it.stdout

        def split(day: int, told: History, given: Constraints, rng: np.random.Generator) -> Floats:
            shares = _ask(asked, said, {"seed": int(rng.integers(2**31)), "wins": _wins(told)})
            wanted = EXPLORED / len(shares) + (1 - EXPLORED) * shares
            now = told.spend[-1] / told.spend[-1].sum()
            return within(given.total * (now + SMOOTHED * (wanted - now)), told, given)

        yield split
        asked.close()


def _ask(asked: IO[str], said: IO[str], question: dict[str, object]) -> Floats:
    asked.write(json.dumps(question) + "\n")
    asked.flush()
    return np.array(json.loads(said.readline()))


def _wins(told: History) -> list[list[int | None]]:
    """By day and channel: 1 above the return of the whole budget, None where nothing is known."""
    recent = told.last(WINDOW)
    roas = recent.revenue / np.maximum(recent.spend, 1.0)
    whole = np.nansum(recent.revenue, axis=1) / np.nansum(recent.spend, axis=1)
    return [
        [None if np.isnan(one) else int(one > of_all) for one in day]
        for day, of_all in zip(roas, whole, strict=True)
    ]
