"""What questions mean: tables of questions and readings."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from tables import read, shown, table


def matches(reading: str, expected: str) -> bool:
    if expected.startswith("cannot:"):
        reason = expected.removeprefix("cannot:").strip().casefold()
        return reading.startswith("cannot:") and reason in reading.casefold()
    return reading == expected


@pytest.mark.parametrize(("question", "expected"), table("questions.txt"))
def test_a_question_is_read(question, expected):
    reading = shown(read(question))
    assert matches(reading, expected), reading


@pytest.mark.parametrize(("before", "question", "expected"), table("follow_ups.txt"))
def test_a_follow_up_changes_the_plan_before(before, question, expected):
    reading = shown(read(question, previous=read(before)))
    assert matches(reading, expected), reading
