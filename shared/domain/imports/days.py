"""Dates as exports write them.

Only the order of `03/01/2025` is open. It is decided for the whole column: by a part above 12, by
days that would lie in the future, by the file's own habits, then by those of the project's
language, and then it is said.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from shared.domain.imports.sheet import PLACEHOLDERS
from shared.domain.imports.words import Unreadable

FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2100, 12, 31)
_MAX_LENGTH = 60

_MONTHS: dict[int, str] = {
    1: "jan january januar janner janvier janv ene enero januari gennaio",
    2: "feb february februar fevrier fevr fev febrero februari",
    3: "mar march marz mrz mars marzo maart mrt maerz",
    4: "apr april avril avr abr abril",
    5: "may mai mayo mei",
    6: "jun june juni juin junio",
    7: "jul july juli juillet juil julio",
    8: "aug august aout ago agosto augustus",
    9: "sep sept september septembre septiembre set",
    10: "oct october okt oktober octobre octubre",
    11: "nov november novembre noviembre",
    12: "dec december dez dezember decembre dic diciembre",
}
_MONTH_OF = {name: number for number, names in _MONTHS.items() for name in names.split()}

_MIDNIGHT = re.compile(r"[T ]+00:00(?::00(?:\.0{1,9})?)?(?: ?(?:Z|UTC|[+-]00:?00))?$")
_WEEKDAY = re.compile(
    r"^[^\W\d_]{2,10}\.?,? "
    r"(?=\d{4}-|\d{1,2}[./]\d|\d{1,2}(?:\.|\w\w)? [^\W\d_]|[^\W\d_]{3,10}\.? \d)"
)
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DOTTED = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4}|\d{2})")
_OPEN_ORDER = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4}|\d{2})")
_MONTH_NAMED = re.compile(r"([^\W\d_]{3,10})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_DAY_NAMED = re.compile(
    r"(\d{1,2})(?:\.|st|nd|rd|th|er)?[ -](?:de )?([^\W\d_]{3,10})\.?,?[ -](?:de )?(\d{4}|\d{2})"
)


@dataclass(frozen=True, slots=True)
class Order:
    """Whether `03/01/2025` is the third of January, and what a person should know about it."""

    day_first: bool
    warning: str = ""


def decide_order(texts: Iterable[str], last: date, custom: bool) -> Order:
    """The order of day and month in a column's distinct texts; `last` is its last possible day.

    `custom` is whether the file or its project would put the day first; it counts where the days
    themselves tell nothing.
    """
    pairs = [
        (int(found[1]), int(found[3]), int(_century(found[4])), text)
        for text in texts
        if (found := _OPEN_ORDER.fullmatch(_bare(text)))
    ]
    day_first = sum(a > 12 for a, _, _, _ in pairs)
    month_first = sum(b > 12 for _, b, _, _ in pairs)
    if day_first and month_first:
        return Order(
            day_first > month_first,
            f"Dates are written both day first and month first; {_said(day_first > month_first)}, "
            "and the others are errors.",
        )
    if day_first or month_first or not pairs:
        return Order(day_first > 0)
    ahead_if_day = any(_beyond(year, b, a, last) for a, b, year, _ in pairs)
    ahead_if_month = any(_beyond(year, a, b, last) for a, b, year, _ in pairs)
    chosen = ahead_if_month if ahead_if_day != ahead_if_month else custom
    day, month, year, text = pairs[0]
    if not chosen:
        day, month = month, day
    return Order(
        chosen,
        f"Dates such as '{text}' can be read two ways; {_said(chosen)}, so this one is "
        f"{year}-{month:02}-{day:02}. To be sure, write days as YYYY-MM-DD.",
    )


def day_reader(day_first: bool, last: date) -> Callable[[str], date | None]:
    """Reads one date text; raises Unreadable."""

    def read(text: str) -> date | None:
        bare = _bare(text)
        if bare in PLACEHOLDERS:
            return None
        parts = _parts(bare, day_first)
        if parts is None:
            raise Unreadable(_why_not(bare))
        try:
            day = date(*parts)
        except ValueError:
            written = "day first" if day_first else "month first"
            hint = f" (dates are read {written})" if _OPEN_ORDER.fullmatch(bare) else ""
            raise Unreadable(f"is no day of the calendar{hint}") from None
        if day > last:
            raise Unreadable(f"lies after {last.isoformat()}")
        if day < FIRST_DAY:
            raise Unreadable(f"lies before {FIRST_DAY.isoformat()}")
        return day

    return read


def _bare(text: str) -> str:
    """A date text without space around it, weekday and midnight."""
    if len(text) > _MAX_LENGTH:
        return text
    text = " ".join(text.split())
    return _WEEKDAY.sub("", _MIDNIGHT.sub("", text))


def _parts(bare: str, day_first: bool) -> tuple[int, int, int] | None:
    """Year, month and day of a bare text, or None when it is no date."""
    if len(bare) > _MAX_LENGTH or not bare.isprintable():
        return None
    if found := _YEAR_FIRST.fullmatch(bare):
        return int(found[1]), int(found[3]), int(found[4])
    if found := _COMPACT.fullmatch(bare):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _DOTTED.fullmatch(bare):
        return _century(found[3]), int(found[2]), int(found[1])
    if found := _OPEN_ORDER.fullmatch(bare):
        day, month = (found[1], found[3]) if day_first else (found[3], found[1])
        return _century(found[4]), int(month), int(day)
    return _named(bare)


def _named(bare: str) -> tuple[int, int, int] | None:
    if found := _MONTH_NAMED.fullmatch(bare):
        name, day, year = found[1], found[2], found[3]
    elif found := _DAY_NAMED.fullmatch(bare):
        day, name, year = found[1], found[2], found[3]
    else:
        return None
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    month = _MONTH_OF.get("".join(c for c in decomposed if not unicodedata.combining(c)))
    return (_century(year), month, int(day)) if month else None


def _century(year: str) -> int:
    return int(year) + 2000 if len(year) == 2 else int(year)


def _beyond(year: int, month: int, day: int, last: date) -> bool:
    return (year, month, day) > (last.year, last.month, last.day)


def _said(day_first: bool) -> str:
    return "the day was taken first" if day_first else "the month was taken first"


def _why_not(bare: str) -> str:
    if re.fullmatch(r"[34]\d{4}(?:[.,]0+)?", bare):
        return "is a spreadsheet's day number; format its column as YYYY-MM-DD"
    if re.search(r"\d{1,2}:\d{2}", bare):
        return "has a time of day; one row is one whole day"
    return "is not a date; write YYYY-MM-DD"
