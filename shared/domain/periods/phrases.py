"""The phrases that name a period, as a table: a pattern over the words, and what it comes to.

Conventions that the words leave open: a part of a month is its days 1–10 (beginning), 11–20
(middle) or from 21 on (end); its first week is days 1–7. "Last March" is the last complete one. A
day without a year is the latest that is not in the future. ISO weeks begin on Monday whatever the
project's week.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

from shared.domain.periods import named, relative
from shared.domain.periods.days import Days, Frame, Problem, Relative
from shared.domain.periods.tokens import DASH, MONTH, WEEKDAY

Meaning = Days | Problem | Relative
Groups = Mapping[str, str | None]
Builder = Callable[[Groups, Frame], Meaning]

_SPELLED = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    *("nineteen", "twenty"),
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
DIGITS = {
    **{word: str(number) for number, word in enumerate(_SPELLED)},
    "thirty": "30",
    "forty": "40",
    "fifty": "50",
    "sixty": "60",
    "ninety": "90",
    **dict(zip(_ORDINALS, ("1st", "2nd", "3rd", *(f"{n}th" for n in range(4, 10))), strict=True)),
}
"""Numbers written as words: periods are read with digits in their place."""

_LAST = "last|past|previous|prior|preceding|latest|trailing|rolling"
_YEAR = r"(?:19|20)\d\d"
_FRAGMENTS = {
    "last": f"(?:the |this )?(?:{_LAST})(?: (?:full|complete|whole|entire|calendar))?",
    "n": r"(?P<n>\d{1,4})",
    "unit": "(?P<unit>day|week|month|quarter|year)",
    "units": "(?P<unit>day|week|month|quarter|year)s?",
    "month": f"(?P<month>{MONTH})",
    "weekday": f"(?:on )?(?P<weekday>{WEEKDAY})",
    "year": f"(?P<year>{_YEAR})",
    # "2024", "of last year", ", 2025" or nothing
    "when": rf"(?:(?: ,)?(?: of| in)? (?:(?P<year>{_YEAR})|(?P<which>last|this|the) year))?",
    "day": r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?",
    "day2": r"(?P<day2>[0-3]?\d)(?:st|nd|rd|th)?",
    "to": f"(?:to|{DASH}|until|till|through|thru)",
    "edge": "(?P<edge>beginning|start|early|mid|middle|end|late)(?: of)?(?: the)?",
    "whole": "(?:the )?(?:month of |all of |whole of |year |entire )?",
}

_ROWS: tuple[tuple[str, Builder], ...] = (
    ("today|this day", relative.days_back(0, "today")),
    ("yesterday", relative.days_back(1, "yesterday")),
    ("(?:the )?day before yesterday", relative.days_back(2, "the day before yesterday")),
    ("tomorrow", relative.future),
    ("(?:the )?(?:next|coming|upcoming|following)(?: {n})? {units}", relative.next_units),
    (
        "(?:the )?(?:next|coming|upcoming|following)(?: {n})?(?: weekend| {month}| {weekday})",
        relative.future,
    ),
    ("{last} {n} ?{units}", relative.last_units),
    ("(?:last|past) {n}", relative.last_count),
    (r"l(?P<n>\d{{1,3}})(?P<unit>d|w|m)", relative.last_units),
    (r"(?P<n>7|14|28|30|60|90|180|365) ?(?P<unit>d|day)s?", relative.last_units),
    (r"{last} {n}(?: )?(?P<unit>d|w|m|y)", relative.last_units),
    ("{last} {n} (?:full|complete|whole|calendar) {units}", relative.last_units),
    ("{last}(?: a)? (?P<n>couple)(?: of)? {units}", relative.last_units),
    ("{last}(?: a)? (?:few|several) {units}", relative.last_few),
    ("(?:the |this )?(?:past|trailing|rolling) year", relative.past_year),
    ("{last} {unit}", relative.last_unit),
    ("{last} fortnight", relative.last_fortnight),
    ("{last} half(?: year)?", relative.last_half),
    ("(?:the )?{unit} before last", relative.before_last),
    ("(?:this|(?:the )?current|(?:the )?present) {unit}", relative.this_unit),
    ("(?:the )?{unit} to date", relative.this_unit),
    ("(?:the )?{unit} so far", relative.this_unit),
    ("so far (?:in )?(?:this|the) {unit}", relative.this_unit),
    ("since (?:the )?(?:beginning|start) of (?:the|this) {unit}", relative.this_unit),
    ("(?P<short>[wmqy])td", relative.this_unit),
    ("(?:(?P<n>\\d{{1,4}})|an?) {units} ago", relative.units_ago),
    ("{last} weekend", relative.weekend_back(1)),
    ("(?:(?:on|at|over) )?(?:the )?weekend", relative.weekend_back(1)),
    ("(?:the )?weekend before last", relative.weekend_back(2)),
    ("this weekend", relative.weekend_back(0)),
    ("(?:last )?{weekday}", named.weekday),
    ("this {weekday}", named.weekday_of_week(0)),
    ("{weekday}(?: of)? last week", named.weekday_of_week(1)),
    ("last week(?: on)? {weekday}", named.weekday_of_week(1)),
    ("{whole}{month}{when}", named.month),
    ("{year} {month}", named.month),
    ("(?P<which>last|this) year in {month}", named.month),
    (r"{year}-(?P<number>\d\d)", named.month),
    (r"(?P<number>\d\d?)/{year}", named.month),
    ("last {month}", named.last_month_called),
    ("this {month}", named.this_month_called),
    ("(?:the )?q(?P<number>[1-4])(?: /)?{when}", named.quarter),
    ("(?:the )?(?P<number>[1-4])(?:st|nd|rd|th) quarter{when}", named.quarter),
    ("{year}(?: |-)?q(?P<number>[1-4])", named.quarter),
    ("(?:the )?h(?P<number>[12])(?: /)?{when}", named.half),
    ("{year}(?: |-)?h(?P<number>[12])", named.half),
    ("(?:the )?(?P<number>[12])(?:st|nd) half{when}", named.half),
    ("(?:the )?(?:all of |whole of |year |entire )?{year}", named.year),
    (r"(?:(?:calendar )?week |[ck]?w ?)(?P<number>\d\d?){when}", named.iso_week),
    (r"{year}(?:-| )?w(?P<number>\d\d?)", named.iso_week),
    (r"(?P<iso>\d{{4}}[-/.]\d\d?[-/.]\d\d?)", named.iso_day),
    (r"(?P<iso>\d{{8}})", named.compact_day),
    (r"(?P<one>\d\d?)\.(?P<two>\d\d?)\.", named.short_day),
    (r"(?P<one>\d\d?)(?P<sign>[-/.])(?P<two>\d\d?)[-/.]{year}", named.numbers),
    ("(?:on )?(?:{weekday} (?:, )?)?(?:the )?{day}(?: of)? {month}{when}", named.day),
    ("(?:on )?(?:{weekday} (?:, )?)?{month}(?: the)? {day}{when}", named.day),
    ("between {day} and {day2}(?: of)? {month}{when}", named.days_of_month),
    ("(?:from )?(?:the )?{day} {to} (?:the )?{day2}(?: of)? {month}{when}", named.days_of_month),
    ("(?:from )?{month}(?: the)? {day} {to} (?:the )?{day2}{when}", named.days_of_month),
    ("between {month} {day} and {day2}{when}", named.days_of_month),
    ("(?:the )?(?P<nth>[1-4])(?:st|nd|rd|th) week of {month}{when}", named.week_of_month),
    ("(?:the )?(?P<nth>last|final|closing) week of {month}{when}", named.week_of_month),
    ("(?:the )?(?:1st|first) {n} days of {month}{when}", named.first_days),
    ("(?:the )?(?:last|final|closing) {n} days of {month}{when}", named.last_days),
    ("(?:the )?(?P<number>[12])(?:st|nd) half of {month}{when}", named.half_month),
    ("(?:the )?{edge} {month}{when}", named.part_of_month),
    ("(?:the )?{edge} (?P<which>last|this) month", named.part_of_month),
    ("all time|of all time|ever|lifetime|(?:whole|entire) life(?:time)?", relative.life),
    ("since (?:the )?(?:very )?(?:beginning|start|launch|inception)", relative.life),
    ("so far|to date|until now", relative.life),
    (f"(?:the )?(?:{_LAST}) (?:period|one)|(?:the )?period before(?: that)?", relative.previous),
    ("(?:the )?{unit} (?:before|earlier|prior)(?: that)?", relative.previous),
    ("(?:the )?{n} {units} (?:before|earlier|prior)(?: that)?", relative.previous),
    ("(?P<unit>day|week|month|quarter) (?:over|on) (?P=unit)", relative.over),
    ("(?P<short>[dwmq])o(?P=short)", relative.over),
    ("year (?:over|on) year|yoy|(?:a|1) year (?:earlier|before)", relative.year_ago),
    (
        "(?:the )?same (?:period|time|dates?|days?|month|week|quarter|weeks|months)"
        "(?: of| in)? (?:the )?(?:last|previous|prior) year",
        relative.year_ago,
    ),
    (
        "(?:the )?same (?:period|time|dates?|days?|month|week|quarter) (?:a|1) year (?:ago|before)",
        relative.year_ago,
    ),
    (
        "(?:the )?same (?:period|time|dates?|days)(?: of| in)? (?:the )?(?:last|previous|prior) "
        "(?P<unit>month|week|quarter)",
        relative.previous,
    ),
    ("last year same (?:period|time|month|week|quarter|dates)", relative.year_ago),
)


@cache
def compiled() -> tuple[tuple[re.Pattern[str], Builder], ...]:
    """The table, ready to match at a word of a text whose words single spaces part."""
    return tuple(
        (re.compile(rf"(?:{pattern.format(**_FRAGMENTS)})(?= |$)"), builder)
        for pattern, builder in _ROWS
    )
