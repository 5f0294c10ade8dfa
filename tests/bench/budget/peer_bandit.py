"""A bandit that is asked by lines, run by the interpreter of its own environment.

A line in is {"seed": …} for a new season, or {"wins": [[0 or 1 by channel] by day]}; a line out is
the shares of the next day. An arm is a channel, and a day is won by the channels whose return on ad
spend is above that of the whole budget: shares are how often each arm is drawn as the best one. It
knows nothing of the suite and reads nothing but its input.
"""

from __future__ import annotations

import json
import sys
from collections import Counter

from mabwiser.mab import MAB, LearningPolicy

DRAWS = 100


def shares(wins: list[list[int | None]], seed: int) -> list[float]:
    """How often each arm is drawn as the best after these days."""
    arms = list(range(len(wins[0])))
    bandit = MAB(arms, LearningPolicy.ThompsonSampling(), seed=seed)
    told = [(arm, day[arm]) for day in wins for arm in arms if day[arm] is not None]
    bandit.fit([arm for arm, _ in told], [won for _, won in told])
    best: Counter[int] = Counter()
    for _ in range(DRAWS):
        drawn = bandit.predict_expectations()
        best[max(drawn, key=drawn.__getitem__)] += 1
    return [best[arm] / DRAWS for arm in arms]


for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps(shares(asked["wins"], asked["seed"])), flush=True)
