"""What a text claims: which figure of whom stood where and which way it went.

A text is parted into clauses; what a clause leaves out it takes from the one before, as a reader
does. Names are taken out first, so that nothing inside them is read as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from shared.domain.semantics import METRICS
from shared.domain.summaries import lexicon

Claim = tuple[str | int | None, ...]

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
    rf"(?:[.,'’]\d+|[ \u00a0\u202f]\d{{3}}(?!\d))*(?:[ \u00a0\u202f]?(?:%|{_MARK}))?"
)
_METRIC = "|".join(
    re.escape(one).replace("\\ ", " ") for one in sorted(lexicon.METRIC_PHRASES, key=len)[::-1]
)
_TOKEN = re.compile(
    rf"(?P<name>[\ue000-\uf8ff])|(?P<date>{_DATE})|(?P<number>{_NUMBER})"
    rf"|(?P<metric>(?<!\w)(?i:{_METRIC})(?!\w))"
    r"|(?P<word>[^\W\d_]+)|(?P<stop>[.;:,()—]|–)"
)
_COMPARED = re.compile(r"(?i:in comparison|compared) (?:with|to)(?!\w)")
_METRIC_OF = {phrase.lower(): metric for phrase, metric in lexicon.METRIC_PHRASES.items()}
FIRST_MASK = 0xE000
MOST_NAMES = 0x1000


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a text: name, date, number, metric, word or stop, and its text."""

    kind: str
    text: str
    at: int

    @property
    def word(self) -> str:
        """In small letters."""
        return self.text.lower()


@dataclass(slots=True)
class _Clause:
    tokens: list[Token] = field(default_factory=list)
    sentence: int = 0
    cause: bool = False

    def of(self, kind: str) -> list[Token]:
        return [one for one in self.tokens if one.kind == kind]

    @property
    def says_something(self) -> bool:
        return bool(self.of("number") or self.ways)

    @property
    def ways(self) -> list[int]:
        """Which ways it says that something went, word by word."""
        return [way for one in self.of("word") for way in [self._way(one)] if way is not None]

    def _way(self, one: Token) -> int | None:
        if one.word in lexicon.JUDGEMENTS:
            metrics = {_METRIC_OF[found.word] for found in self.of("metric")}
            if not metrics or "spend" in metrics:
                return 2  # of what? and nobody knows whether more spend is better
            low = any(METRICS[metric].better == "low" for metric in metrics)
            return lexicon.JUDGEMENTS[one.word] * (-1 if low else 1)
        return lexicon.DIRECTIONS.get(one.word)

    @property
    def base(self) -> str:
        """What it compares with."""
        averaged = any(one.word in lexicon.AVERAGES for one in self.of("word"))
        return "average" if averaged else "week"


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a text claims, and the order of what it names.

    `figures` are (subject, metric, role, way, base, text), `ways` (subject, metric, way, base, "")
    and `others` counts, causes, whether a figure is of the week before, and metrics that nothing is
    said of. `mixed`: a clause says that something rose and fell; `most_ways`: how often at most one
    clause says it.
    """

    names: tuple[str, ...]
    dates: tuple[str, ...]
    numbers: tuple[str, ...]
    kept: frozenset[str]
    figures: frozenset[Claim]
    ways: frozenset[Claim]
    unproved: frozenset[Claim]  # the ways that no figure of their clause shows
    others: frozenset[Claim]
    mixed: bool
    most_ways: int


def masked(text: str, names: Sequence[str]) -> str:
    """The text with one sign for each name, the longest names first."""
    found = _named(tuple(names[:MOST_NAMES]))
    return found.sub(lambda one: chr(FIRST_MASK + names.index(one.group())), text)


@lru_cache(maxsize=32)
def _named(names: tuple[str, ...]) -> re.Pattern[str]:
    longest = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)")


def tokens(text: str) -> list[Token]:
    """A masked text's pieces, in order."""
    return [
        Token(str(found.lastgroup), found.group(), found.start()) for found in _TOKEN.finditer(text)
    ]


@lru_cache(maxsize=256)
def read(text: str, whole: str, single: bool) -> Reading:
    """What a masked text claims. `whole` is the sign of the project's name, which is nobody's part;
    `single`: all of the text is about the one other name in it, if there is just one.
    """
    found = tokens(_COMPARED.sub("against", text))
    clauses = _merged(_clauses(found))
    names = [one.text for one in found if one.kind == "name" and one.text != whole]
    only = names[0] if single and len(set(names)) == 1 else None
    told = [*_claims(clauses, whole, only)]
    return Reading(
        names=tuple(dict.fromkeys(one.text for one in found if one.kind == "name")),
        dates=tuple(_plain(one.text) for one in found if one.kind == "date"),
        numbers=tuple(_plain(one.text) for one in found if one.kind == "number"),
        kept=frozenset(one.word for one in found if one.word in lexicon.KEPT),
        figures=frozenset(claim[1:] for claim in told if claim[0] == "figure"),
        ways=frozenset(claim[1:] for claim in told if claim[0] in ("way", "unproved")),
        unproved=frozenset(claim[1:] for claim in told if claim[0] == "unproved"),
        others=frozenset(claim for claim in told if claim[0] not in ("figure", "way", "unproved")),
        mixed=any(len(set(clause.ways)) > 1 for clause in clauses),
        most_ways=max((len(clause.ways) for clause in clauses), default=0),
    )


def _clauses(found: Sequence[Token]) -> Iterator[_Clause]:
    clause, sentence = _Clause(), 0
    for one in found:
        parts = one.kind == "stop" or (one.kind == "word" and one.word in lexicon.CLAUSES)
        if parts and (clause.tokens or clause.cause):
            yield clause
            clause = _Clause(sentence=sentence)
        if one.kind == "stop" and one.text in ".;":
            sentence += 1
            clause.sentence = sentence
        if one.kind == "word" and one.word in lexicon.CAUSES:
            clause.cause = True
        elif one.kind != "stop":
            clause.tokens.append(one)
    if clause.tokens or clause.cause:
        yield clause


def _merged(clauses: Iterator[_Clause]) -> list[_Clause]:
    """Clauses that say nothing by themselves, with the next of their sentence or the last."""
    done: list[_Clause] = []
    for clause in clauses:
        before = done[-1] if done and done[-1].sentence == clause.sentence else None
        if before is not None and not before.says_something and not clause.cause:
            before.tokens += clause.tokens
        else:
            done.append(clause)
    at = 1
    while at < len(done):  # what trails
        before, clause = done[at - 1], done[at]
        if clause.sentence == before.sentence and not clause.says_something and not clause.cause:
            before.tokens += done.pop(at).tokens
        else:
            at += 1
    return done


def _claims(clauses: Sequence[_Clause], whole: str, only: str | None) -> Iterator[Claim]:
    subject, metric, sentence = only or "", None, 0
    for clause in clauses:
        if clause.sentence != sentence:
            sentence, subject = clause.sentence, ""
        if clause.of("name"):
            last = clause.of("name")[-1].text
            subject = "" if last == whole else last
        subject = only or subject
        metrics = [_METRIC_OF[one.word] for one in clause.of("metric")]
        if clause.cause:
            yield "cause", metrics[0] if metrics else None
        yield from _of_clause(clause, subject, metrics or [metric])
        metric = metrics[-1] if metrics else metric


def _of_clause(clause: _Clause, subject: str, metrics: Sequence[str | None]) -> Iterator[Claim]:
    signs, role = set(clause.ways), ""
    proved = False
    for at, one in enumerate(clause.tokens):
        if one.kind == "number" or one.word in lexicon.COUNTING:
            unit = _unit(clause.tokens[at + 1 : at + 3])
            if one.kind == "word" or (unit and one.text.isdigit()):
                yield "count", _plain(one.word), unit
                continue
            role = _role(clause.tokens[:at], signs)
            way = next(iter(signs), None) if role == "change" else None
            base = clause.base if role == "change" else ""
            proved |= role == "change"
            yield "figure", subject, _metric(clause, at, metrics), role, way, base, _plain(one.text)
        yield from _time(clause, at, role)
    for metric in metrics:
        for sign in signs:
            yield "way" if proved else "unproved", subject, metric, sign, clause.base
    if clause.base == "average":
        yield "average", " ".join(sorted({_unit([one]) for one in clause.of("word")}))
    if not signs and not clause.of("number") and clause.of("metric"):
        yield from (("bare", metric) for metric in metrics)


def _time(clause: _Clause, at: int, role: str) -> Iterator[Claim]:
    """Of which week it says that the figure before it is; its role says of which it is."""
    words = [one.word for one in clause.tokens[max(at - 1, 0) : at + 1]]
    if words in (["week", "before"], ["weeks", "before"], ["week", "earlier"]):
        yield "time", "before", "average" if clause.base == "average" else role
    if words == ["this", "week"] and role == "before":
        yield "time", "now", role


def _metric(clause: _Clause, at: int, metrics: Sequence[str | None]) -> str | None:
    """The metric named last before a figure, or first after it, or before the clause."""
    before = [one for one in clause.tokens[:at] if one.kind == "metric"]
    return _METRIC_OF[before[-1].word] if before else metrics[0]


def _role(before: Sequence[Token], signs: set[int]) -> str:
    words = [one for one in before if one.word not in lexicon.SKIPPED]
    last = words[-1] if words else None
    if last is not None and last.kind == "word" and last.word in lexicon.ROLES:
        of_itself = last.word == "of" and len(words) > 1 and _amounts(words[-2])
        return "now" if of_itself else lexicon.ROLES[last.word]
    return "change" if signs - {0} else "now"


def _amounts(one: Token) -> bool:
    """Whether a figure after it and `of` is its own: revenue of €12, an impact of €12."""
    return one.kind == "metric" or one.word == "impact"


def _unit(after: Sequence[Token]) -> str:
    """What is counted: a word or two after its number."""
    for one in after:
        word = {"anomalies": "anomaly"}.get(one.word, one.word.removesuffix("s"))
        if word in lexicon.COUNTED:
            return word
        if one.word not in lexicon.BETWEEN:
            break
    return ""


def _plain(text: str) -> str:
    """A figure without its spaces, with one kind of minus."""
    return re.sub(r"\s", "", text).replace("−", "-").replace("–", "-")
