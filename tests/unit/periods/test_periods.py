"""What period phrases mean: tables of phrases and days."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.periods import Period, previous_period, same_period_last_year
from shared.domain.periods.days import Frame, Problem, Relative
from shared.domain.periods.finding import read_period

TABLES = Path(__file__).parent
DATA_BEGIN = date(2024, 1, 1)
WEDNESDAY = Frame(date(2025, 3, 12), earliest=DATA_BEGIN)


def rows(name: str):
    for line in (TABLES / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def phrases():
    frame = WEDNESDAY
    for line in rows("phrases.txt"):
        section = re.match(r"today (\S+) .* week from (\w+)", line)
        if section:
            start = 6 if section[2] == "Sunday" else 0
            frame = Frame(date.fromisoformat(section[1]), start, DATA_BEGIN)
            continue
        phrase, _, expected = line.partition(" => ")
        yield pytest.param(phrase, frame, expected, id=f"{frame.today:%m%d}-{phrase}")


def shown(meaning: Period | Problem | Relative | None) -> str:
    if meaning is None:
        return "no period"
    if isinstance(meaning, Relative):
        return meaning.kind
    if isinstance(meaning, Problem):
        choices = ": " + ", ".join(meaning.choices) if meaning.choices else ""
        return meaning.kind + choices
    days = str(meaning.start)
    if meaning.end != meaning.start:
        days += f" .. {meaning.end}"
    return days + (" partial" if meaning.partial else "")


@pytest.mark.parametrize(("phrase", "frame", "expected"), list(phrases()))
def test_a_phrase_names_its_days(phrase, frame, expected):
    assert shown(read_period(phrase, frame)) == expected


@pytest.mark.parametrize("line", list(rows("earlier.txt")))
def test_a_period_is_compared_with_its_own_kind(line):
    phrase, _, expected = line.partition(" => ")
    period = read_period(phrase, WEDNESDAY)
    assert isinstance(period, Period)
    earlier = f"{shown(previous_period(period))} ; {shown(same_period_last_year(period))}"
    assert earlier == expected


PHRASES = sorted({case.values[0] for case in phrases()})
DAYS = st.dates(date(2012, 1, 1), date(2040, 12, 31))


@given(st.sampled_from(PHRASES), DAYS, st.integers(0, 6))
def test_no_period_reaches_beyond_yesterday_but_today_itself(phrase, today, week_start):
    meaning = read_period(phrase, Frame(today, week_start, date(2010, 1, 1)))
    if isinstance(meaning, Period):
        assert meaning.end < today or meaning.start == meaning.end == today
        assert previous_period(meaning).end < meaning.start


@given(st.lists(st.sampled_from(" ".join(PHRASES).split()), max_size=30).map(" ".join), DAYS)
def test_any_words_of_period_phrases_can_be_read(text, today):
    assert isinstance(read_period(text, Frame(today)), Period | Problem | Relative | None)


@pytest.mark.parametrize("phrase", ["since Monday", "since last Monday", "since on Monday"])
def test_a_day_since_when_is_called_without_its_preposition(phrase):
    period = read_period(phrase, WEDNESDAY)
    assert isinstance(period, Period)
    assert period.words == "since Monday"
