"""What a text states, spelt in one way: two texts that state the same have the same statements.

A statement is what stands between two stops. One that tells how a metric moved is taken apart, as
its figures may stand in several orders: `Revenue fell 12 % to €8, from €9 the week before` is
`Revenue came to €8, down 12 %, from €9 a week earlier`. Any other is a string of words, figures
and names, all of which count, in their order; only the synonyms of `lexicon` are spelt alike.
Names are taken out first, so that nothing inside them is read as text.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from shared.domain.summaries import lexicon

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAYS = r"\d{1,2}(?:[–-]\d{1,2})?"
_DATE = (
    rf"{_DAYS} (?:{_MONTHS})(?: \d{{4}})?(?![\d\w])"
    rf"|(?:{_MONTHS}) {_DAYS}(?!\d)(?:, \d{{4}}(?![\d\w]|[.,]\d))?"
)
_SIGNS = r"$¢-¥؋৲৳฿៛₠-⃏﷼﹩＄￠￡￥￦"
_MARK = rf"[A-Z]{{0,3}}[{_SIGNS}]"
_NUMBER = (
    rf"[−-]?%?(?:{_MARK} ?|[^\W\d_]{{1,4}}\.?\u00a0)?[−-]?\d+"
    rf"(?:[.,'’]\d+|[ \u00a0\u202f]\d{{3}}(?!\d))*"
    rf"(?:[ \u00a0\u202f]?(?:%|{_MARK})|\u00a0[A-Z]{{3}}(?!\w))?"
)
_METRIC = "|".join(map(re.escape, sorted(lexicon.METRICS, key=len, reverse=True)))
_TOKEN = re.compile(
    rf"(?P<name>[\ue000-\uf8ff])|(?P<date>{_DATE})|(?P<number>{_NUMBER})"
    rf"|(?P<metric>(?<!\w)(?i:{_METRIC})(?!\w))|(?P<word>[^\W\d_]+)|(?P<other>\S)"
)
FIRST_MASK = 0xE000
MOST_NAMES = 0x1000

_KINDS = {
    "NAME": "[\ue000-\uf8ff]",
    "METRIC": r"<\w+>",
    "NUMBER": r"#\S+",
    "PERCENT": r"#\S*%\S*",
    "AMOUNT": r"#[^\s%]+",
    "DATE": r"@\S+",
}


def _pattern(text: str) -> re.Pattern[str]:
    for kind, found in _KINDS.items():
        text = text.replace(kind, found)
    return re.compile(rf"(?<!\S)(?:{text})(?!\S)")


_SYNONYMS = [(_pattern(way), ours) for way, ours in lexicon.SYNONYMS.items()]
_ASIDES = [_pattern(one) for one in lexicon.ASIDES]
_HEAD = _pattern(r"(?P<week>this week (?:, )?)?(?:your )?(?P<metric>METRIC)(?= \S)")
_VERB = r"(?:fell|rose|up|down|steady|came)"
_JOINED = _pattern(rf"(?:, )?(?:and|while|but|whereas)(?= (?:your )?METRIC {_VERB} )")
_WAS = "(?:from|after|against|compared (?:with|to))"
_WAYS = {"up": "rose", "down": "fell"}
# A part of how a metric moved, what it tells, and after which parts it may stand.
_PARTS = (
    ("way", _pattern(r"(fell|rose|up|down|steady)"), {"", "now", "week"}),
    ("came", _pattern(r"(came)"), {""}),
    ("by", _pattern(r"(PERCENT)"), {"way"}),
    ("now", _pattern(r"(?:to|at) (NUMBER)"), {"way", "came", "by", "was", "then", "week"}),
    ("was", _pattern(rf"{_WAS} (NUMBER)"), {"way", "by", "now", "week"}),
    ("then", _pattern(r"(the week before)"), {"was"}),
    ("week", _pattern(r"(this week)"), {"way", "by", "now"}),
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a text: name, date, number, metric, word or other, and its text."""

    kind: str
    text: str

    @property
    def spelt(self) -> str:
        """As it is compared: in small letters, a figure without spaces, with one kind of minus."""
        if self.kind == "metric":
            return f"<{lexicon.METRICS[self.text.lower()]}>"
        if self.kind == "number":
            return "#" + re.sub(r"\s", "", self.text).replace("−", "-")
        return f"@{self.text.replace(' ', '_')}" if self.kind == "date" else self.text.lower()


@dataclass(frozen=True, slots=True)
class Move:
    """How a metric moved: `facts` are way, by, now, was, then and week, and what each tells;
    `week` after which part it says "this week".

    `rest` is what follows them and the part that it follows; nothing is known of it. `tied`: it
    follows a colon.
    """

    metric: str
    facts: frozenset[tuple[str, str]]
    rest: str
    tied: bool

    def has(self, *parts: str) -> frozenset[tuple[str, str]]:
        """Some of its facts."""
        return frozenset(one for one in self.facts if one[0] in parts)


Statement = Move | str


def masked(text: str, names: Sequence[str]) -> str:
    """The text with one sign for each name, the longest names first."""
    found = _named(tuple(names[:MOST_NAMES]))
    return found.sub(lambda one: chr(FIRST_MASK + names.index(one.group())), text)


@lru_cache(maxsize=32)
def _named(names: tuple[str, ...]) -> re.Pattern[str]:
    longest = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)")


def tokens(text: str) -> list[Token]:
    """A masked text's pieces, in order: all of it but its spaces."""
    return [Token(str(found.lastgroup), found.group()) for found in _TOKEN.finditer(text)]


def normal(text: str) -> str:
    """A masked text with each synonym as our own sentences have it; each statement after a stop."""
    told = " ".join(one.spelt for one in tokens(text)).replace(";", ".")
    told = f". {told}" if told.endswith(" .") else f". {told} ."
    for way, ours in _SYNONYMS:
        told = re.sub(" +", " ", way.sub(ours, told))
    return told.removesuffix(" .")


@lru_cache(maxsize=256)
def statements(text: str) -> tuple[Statement, ...]:
    """What a masked text states, in its order."""
    return tuple(one for part in re.split(r" (?=[.:](?: |$))", normal(text)) for one in _read(part))


def is_aside(one: Statement) -> bool:
    """Whether it only puts what stands before it in another way."""
    return isinstance(one, str) and any(found.fullmatch(one) for found in _ASIDES)


def _read(part: str) -> Iterator[Statement]:
    body = part[1:].strip()
    pieces = _JOINED.split(body)
    moves = [_move(one.strip(" "), part[0] == ":") for one in pieces]
    if None in moves:
        yield body if part[0] == "." and body else part
    else:
        yield from (one for one in moves if one is not None)


def _move(text: str, tied: bool) -> Move | None:
    head = _HEAD.match(text)
    if head is None:
        return None
    last, at, found = "", head.end(), {"week": "first"} if head["week"] else {}
    while at < len(text) and (part := _part(text, at, last, found)):
        found[part[0]] = last if part[0] == "week" else _WAYS.get(part[1], part[1])
        last, _, at = part
    if not {"way", "came"} & found.keys():
        return None
    rest = f"{last}{text[at:]}" if at < len(text) else ""
    found.pop("came", None)
    return Move(head["metric"], frozenset(found.items()), rest, tied)


def _part(text: str, at: int, last: str, known: Container[str]) -> tuple[str, str, int] | None:
    """The part that begins there, what it tells and where it ends."""
    start = at + (3 if text.startswith(" , ", at) else 1)
    for part, found, after in _PARTS:
        told = found.match(text, start)
        if told and last in after and part not in known:
            return part, told.group(1), told.end()
    return None
