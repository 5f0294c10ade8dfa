"""The two corpora: what analysts ask passes and reads one tenant; what is hostile does not."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from shared.domain.guard import Reason, UnsafeSql, guard

CORPUS = Path(__file__).parent / "corpus"


def accepted() -> list[str]:
    paragraphs = (CORPUS / "accepted.sql").read_text("utf-8").strip().split("\n\n")
    return paragraphs[1:]


def refused() -> Iterator[tuple[str, str]]:
    reason = ""
    for line in (CORPUS / "refused.sql").read_text("utf-8").splitlines():
        if line.startswith("-- reason: "):
            reason = line.removeprefix("-- reason: ")
        elif line and not line.startswith("--"):
            yield reason, line


ACCEPTED, REFUSED = accepted(), list(refused())


@pytest.mark.parametrize("sql", ACCEPTED)
def test_what_an_analyst_asks_runs_and_reads_one_tenant(worlds: Any, sql: str) -> None:
    alone, crowded = worlds.both(sql)
    assert isinstance(alone, Counter), alone
    assert alone == crowded
    assert alone


@pytest.mark.parametrize(("reason", "sql"), REFUSED)
def test_a_hostile_statement_is_refused_for_its_reason(reason: str, sql: str) -> None:
    with pytest.raises(UnsafeSql) as caught:
        guard(sql)
    assert caught.value.extra["reason"] == reason
    assert caught.value.detail.endswith((".", "?"))


def test_every_reason_is_one_of_the_contract() -> None:
    assert {reason for reason, _ in REFUSED} <= set(get_args(Reason))


def test_the_corpora_are_as_large_as_promised() -> None:
    assert len(set(ACCEPTED)) >= 60
    assert len(set(REFUSED)) >= 400


PUT = ("", "(", ")", "'", "`", "--", "/*", ",", " SELECT ", "@", " AS x ", " OR TRUE ", ".")


def damaged(sql: str, chance: random.Random) -> str:
    """The text with a few letters taken out or doubled, or something put in their place."""
    start = chance.randrange(len(sql))
    end = start + chance.randrange(4)
    put = chance.choice([*PUT, sql[start:end] * 2])
    return sql[:start] + put + sql[end:]


def test_no_damaged_text_makes_the_guard_fail_in_another_way() -> None:
    chance = random.Random(7)
    outcomes: Counter[str] = Counter()
    for sql in [*ACCEPTED * 8, *(sql for _, sql in REFUSED)]:
        try:
            guard(damaged(sql, chance))
            outcomes["accepted"] += 1
        except UnsafeSql as wrong:
            outcomes[wrong.extra["reason"]] += 1
    assert outcomes["accepted"] >= 40
    assert len(outcomes) >= 15
