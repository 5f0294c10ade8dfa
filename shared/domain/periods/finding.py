"""Finding period phrases in the words of a question: single ones, and those with two ends.

The longest phrase at a word wins. Bounds: since, after, before, until, from … to, between … and.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from shared.domain.periods.calendar import DAY, months_later
from shared.domain.periods.days import Days, Frame, Problem, Relative, settled
from shared.domain.periods.period import Period
from shared.domain.periods.phrases import DIGITS, Meaning, compiled
from shared.domain.periods.tokens import DASH, plain, tokens_of

_PREPOSITIONS = frozenset({"in", "on", "for", "during", "within", "over", "of"})
_AND = re.compile(r"and(?: the)? ")
_DASH = re.compile(f"{DASH} ")
_TO = re.compile(rf"(?:to|{DASH}|until|till|til|up to|through|thru)(?: the)? ")
_ON = re.compile(r"(?:(?:and )?(?:on|onwards?|forward)|(?:until|till|to) (?:now|date))(?= |$)")
_SO_FAR = re.compile(r"(?:so far|to date|until now)(?= |$)")
_OPENERS = {
    "range": re.compile(r"(?:from |starting |between )?(?:the )?"),
    "since": re.compile(r"(?:ever )?(?:since|starting|beginning)(?: from| on| in)?(?: the)? "),
    "after": re.compile(r"after "),
    "before": re.compile(r"(?:before|prior to) "),
    "week": re.compile(r"(?:the )?week (?:of|from|starting|beginning|commencing)(?: the)? "),
    "until": re.compile(r"(?:until|till|til|up to|up until|through|thru) "),
}
# "may" is a verb next to these; "2000" and "10" are amounts, not a year and a day, after those.
_MAY_BEFORE = {"i", "you", "we", "they", "it", "he", "she", "that", "which", "there"}
_MAY_AFTER = {"i", "you", "we", "be", "have", "not", "need", "want", "get", "see", "ask", "know"}
_LIMIT_BEFORE = {"over", "above", "than", "under", "below", "least", "most", "top", "bottom"}
_AMOUNT_BEFORE = _LIMIT_BEFORE | {"exceeding", "exceeded", "beyond", ">", "<", ">=", "<=", "="}
_BY_BEFORE = re.compile(r"(?:^| )(?:by|per|each|every) $")
_STEP_BEFORE = re.compile(r"(?:^| )(?:by|per|each|every) (?:day|week|month|quarter|year) $")
# "which campaigns end this month" is no end of a month.
_ENDS_AS_VERB = {"end", "start", "beginning"}
_ENDING = {"that", "which", "will", "to", "does", "did", "do", "it", "they", "ads"}
_FUTURE, _IMPOSSIBLE = Problem("future"), Problem("impossible")
_SPANNING = {"in", "within", "every", "after", "than", "each", "another", "other"}
_COUNT_BEFORE = _LIMIT_BEFORE | {"best", "worst"}


@dataclass(frozen=True, slots=True)
class Found:
    """A period phrase: words `first` up to (not including) `stop`, and what it means.

    `ends` are the two bounds of a range as periods of their own; `since` when it runs from a day
    up to now. `days` are the days it names, whether they are over or not.
    """

    first: int
    stop: int
    meaning: Period | Problem | Relative
    ends: tuple[Period, Period] | None = None
    since: bool = False
    days: Days | None = None


def read_period(text: str, frame: Frame) -> Period | Problem | Relative | None:
    """What a text means that is a period phrase and nothing else; None if it is not."""
    words = [token.word for token in tokens_of(plain(text))]
    if words[:1] and words[0] in _PREPOSITIONS:
        words = words[1:]
    found = find_periods(words, frame)
    whole = len(found) == 1 and (found[0].first, found[0].stop) == (0, len(words))
    return found[0].meaning if whole else None


def find_periods(words: Sequence[str], frame: Frame, *, pairs: bool = False) -> tuple[Found, ...]:
    """All period phrases, left to right; no two overlap. `words` are casefolded.

    With `pairs`, "March to May" is two periods to compare; "from March to May" is a range still.
    """
    reader = _Reader([DIGITS.get(word, word) for word in words], frame, pairs)
    found: list[Found] = []
    at = 0
    while at < len(words):
        here = reader.phrase(at)
        if here is not None:
            found.append(here)
        at = here.stop if here else at + 1
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Phrase:
    stop: int  # offset in the text
    meaning: Meaning
    ends: tuple[Days, Days] | None = None
    since: bool = False


@dataclass
class _Reader:
    words: list[str]
    frame: Frame
    pairs: bool = False
    text: str = ""
    starts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.text = " ".join(self.words)
        offset = 0
        for word in self.words:
            self.starts.append(offset)
            offset += len(word) + 1

    def phrase(self, at: int) -> Found | None:
        """The longest phrase that begins with this word."""
        start = self.starts[at]
        readings = [self._single(start), self._ranged(start), *self._bounded(start)]
        phrases = [p for p in readings if p is not None]
        if not phrases or self._is_no_period(at):
            return None
        longest = max(phrases, key=lambda p: p.stop)
        stop = self.text.count(" ", 0, longest.stop) + 1
        meaning = self._settled(longest.meaning)
        return Found(at, stop, meaning, self._ends(longest), longest.since, _days(longest.meaning))

    def _is_no_period(self, at: int) -> bool:
        word = self.words[at]
        before = self.words[at - 1] if at else ""
        after = self.words[at + 1] if at + 1 < len(self.words) else ""
        if word == "may":
            return before in _MAY_BEFORE or after in _MAY_AFTER
        if re.fullmatch(r"\d{4}|\d{8}|\d+\.\d+\.", word):
            return before in _AMOUNT_BEFORE
        if word in _ENDS_AS_VERB and after != "of":
            return before in _ENDING or before.startswith("campaign")
        return word.isdigit() and before in _COUNT_BEFORE | _SPANNING

    def _atom(self, start: int, frame: Frame) -> _Phrase | None:
        best: _Phrase | None = None
        for pattern, read in compiled():
            match = pattern.match(self.text, start)
            if match and (best is None or match.end() > best.stop):
                best = _Phrase(match.end(), read(match.groupdict(), frame))
        return best

    def _single(self, start: int) -> _Phrase | None:
        atom = self._atom(start, self.frame)
        if atom is None or not isinstance(atom.meaning, Days):
            return atom
        so_far = _SO_FAR.match(self.text, atom.stop + 1)
        return replace(atom, stop=so_far.end()) if so_far else atom

    def _ranged(self, start: int) -> _Phrase | None:
        """from A to B, between A and B, A – B; from A on."""
        opener = _OPENERS["range"].match(self.text, start)
        if opener is None:
            return None
        first = self._atom(opener.end(), self.frame)
        if first is None or not isinstance(first.meaning, Days):
            return None
        opened = opener[0].split(" ")[0]
        if opened == "from" and (on := _ON.match(self.text, first.stop + 1)):
            return _Phrase(on.end(), self._since(first.meaning), since=True)
        joined = _AND if opened == "between" else _TO
        if self.pairs and opened not in ("from", "between") and self._is_pair(start, first.meaning):
            joined = _DASH
        to = joined.match(self.text, first.stop + 1)
        if to is None and opened == "from" and _STEP_BEFORE.search(self.text[:start]):
            return _Phrase(first.stop, self._since(first.meaning), since=True)
        return self._spanning(opener.end(), first.meaning, to.end()) if to else None

    def _spanning(self, first_at: int, first: Days, last_at: int) -> _Phrase | None:
        # The second bound follows the first by less than a year: "Dec 20 to Jan 5". If it names
        # its year, it settles what the first leaves open: "Dec to Feb 2024".
        a_year = replace(self.frame, until=months_later(first.start, 12) - DAY)
        last = self._atom(last_at, a_year)
        if last is None or isinstance(last.meaning, Relative):
            return None
        if isinstance(last.meaning, Problem):
            return last
        again = self._atom(first_at, replace(self.frame, until=last.meaning.end))
        begin = again.meaning if again and isinstance(again.meaning, Days) else first
        if problem := self._turned(begin, last.meaning, self._atom(last_at, self.frame)):
            return _Phrase(last.stop, problem)
        return _Phrase(last.stop, _spanned(begin, last.meaning), (begin, last.meaning))

    def _turned(self, first: Days, last: Days, again: _Phrase | None) -> Problem | None:
        """`from 10 October to 5 October`: the end is to come, unless the bounds change places."""
        if again is None or not isinstance(again.meaning, Days) or last.start <= self.frame.today:
            return None
        begin = again.meaning.start
        if not begin < first.start or first.end - begin >= last.end - first.start:
            return None
        return Problem("ambiguous", (f"{begin} to {first.end}", f"since {first.start}"))

    def _is_pair(self, start: int, first: Days) -> bool:
        """`compare March to May`, not `1 March to 5 March`."""
        before = self.text[:start].rpartition(" ")[0].rpartition(" ")[2]
        return first.step != "day" or before.startswith("compar")

    def _bounded(self, start: int) -> list[_Phrase | None]:
        return [self._bound(kind, start) for kind in _OPENERS if kind != "range"]

    def _bound(self, kind: str, start: int) -> _Phrase | None:
        opener = _OPENERS[kind].match(self.text, start)
        if kind == "week" and _BY_BEFORE.search(self.text[:start]):  # "by week from 1 March"
            return None
        atom = self._atom(opener.end(), self.frame) if opener else None
        if atom is None or isinstance(atom.meaning, Relative):
            return None
        if isinstance(atom.meaning, Problem):
            return atom
        days = self._bounded_by(kind, atom.meaning)
        return _Phrase(atom.stop, days, since=kind == "since") if days else None

    def _bounded_by(self, kind: str, days: Days) -> Days | Problem | None:
        words, frame = f"{kind} {_called(days)}", self.frame
        if kind == "week":
            return frame.around("week", days.start) if days.start == days.end else None
        if kind == "since":
            return self._since(days)
        if kind == "after":
            first = days.end + DAY
            return Days(first, frame.today, words=words) if first < frame.today else _FUTURE
        last = days.start - DAY if kind == "before" else days.end
        return Days(frame.earliest, last, words=words) if last >= frame.earliest else _IMPOSSIBLE

    def _since(self, days: Days) -> Days | Problem:
        if days.start > self.frame.today:
            return _FUTURE
        return Days(days.start, self.frame.today, words=f"since {_called(days)}")

    def _settled(self, meaning: Meaning) -> Period | Problem | Relative:
        return settled(meaning, self.frame) if isinstance(meaning, Days) else meaning

    def _ends(self, phrase: _Phrase) -> tuple[Period, Period] | None:
        if phrase.ends is None:
            return None
        first, last = (settled(days, self.frame) for days in phrase.ends)
        if isinstance(first, Period) and isinstance(last, Period):
            return first, last
        return None


def _days(meaning: Meaning) -> Days | None:
    if isinstance(meaning, Problem):
        return meaning.days
    return meaning if isinstance(meaning, Days) else None


def _spanned(first: Days, last: Days) -> Days:
    return Days(first.start, last.end, first.step if first.step == last.step else "day")


def _called(days: Days) -> str:
    if days.words:
        return days.words.removeprefix("on ").removeprefix("in ")
    first = days.start
    return f"{first.day} {first:%B} {first.year}"
