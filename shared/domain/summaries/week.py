"""A week as the summary knows it: from Monday to Sunday, named as ISO 8601 does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from shared.errors import Malformed

_NAME = re.compile(r"([0-9]{4})-W([0-9]{2})")
_FIRST, _LAST = 1900, 2199  # years that hold data
DAYS = 7


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """Seven days from a Monday on."""

    start: date

    @property
    def end(self) -> date:
        """Its Sunday."""
        return self.start + timedelta(days=DAYS - 1)

    @property
    def name(self) -> str:
        """2026-W03: the year is that of its Thursday."""
        year, number, _ = self.start.isocalendar()
        return f"{year}-W{number:02}"

    def before(self, weeks: int) -> Week:
        """The week so many weeks earlier."""
        return Week(self.start - timedelta(weeks=weeks))


def week_named(name: str) -> Week:
    """The week behind 2026-W03. Raises Malformed for anything else."""
    found = _NAME.fullmatch(name)
    try:
        if found is None or not _FIRST <= int(found[1]) <= _LAST:
            raise ValueError
        return Week(date.fromisocalendar(int(found[1]), int(found[2]), 1))
    except ValueError as wrong:
        raise Malformed("This is no week. Name one as ISO 8601 does, such as 2026-W03.") from wrong


def week_over(today: date) -> Week:
    """The newest week that is over on this day."""
    return Week(today - timedelta(days=today.weekday() + DAYS))
