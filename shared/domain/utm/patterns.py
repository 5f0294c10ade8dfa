"""Regular expressions that cannot be made to run long.

A team writes patterns for its own values, so they are untrusted. They are compiled to a machine
that reads each character once and keeps the set of its states in the bits of a number (Thompson,
"Regular expression search algorithm", CACM 11/6, 1968): no backtracking, and whatever the pattern
is, a character costs at most a few microseconds. Known are
literals, `.`, `[a-z]`, `[^a-z]`, `\\d \\w \\s`, groups, `|`, `* + ?` and `{m,n}`; the whole value
must match, so `^` and `$` at the ends say nothing new.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 200
MOST_STEPS = 255
MOST_REPEATS = 100
DEEPEST = 20

Ranges = tuple[tuple[str, str], ...]
_CLASSES: dict[str, Ranges] = {
    "d": (("0", "9"),),
    "w": (("a", "z"), ("A", "Z"), ("0", "9"), ("_", "_")),
    "s": ((" ", " "), ("\t", "\r")),
}


class BadPattern(ValueError):
    """A pattern that is none of this language; the text says what to change."""


@dataclass(frozen=True, slots=True)
class _Chars:
    ranges: Ranges
    negated: bool = False

    def hold(self, char: str) -> bool:
        return any(low <= char <= high for low, high in self.ranges) != self.negated

    def any(self, could: Callable[[str], bool]) -> bool:
        codes = (c for low, high in self.ranges for c in range(ord(low), ord(high) + 1)[:200])
        return self.negated or any(could(chr(code)) for code in codes)


@dataclass(frozen=True, slots=True)
class _All:
    parts: tuple[_Node, ...]


@dataclass(frozen=True, slots=True)
class _Any:
    choices: tuple[_Node, ...]


@dataclass(frozen=True, slots=True)
class _Repeat:
    part: _Node
    least: int
    most: int | None


_Node = _Chars | _All | _Any | _Repeat


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.depth = text, 0, 0

    def next(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self) -> str:
        char = self.next()
        if not char:
            raise BadPattern("The pattern ends in the middle of something.")
        self.at += 1
        return char

    def took(self, char: str) -> bool:
        found = self.next() == char
        self.at += found
        return found

    def choices(self) -> _Node:
        found = [self.sequence()]
        while self.took("|"):
            found.append(self.sequence())
        return found[0] if len(found) == 1 else _Any(tuple(found))

    def sequence(self) -> _Node:
        parts: list[_Node] = []
        while self.next() not in ("", "|", ")"):
            parts.append(self.repeated(self.atom()))
        return _All(tuple(parts))

    def atom(self) -> _Node:
        match char := self.take():
            case "(":
                return self.group()
            case "[":
                return self.one_of()
            case ".":
                return _Chars((), negated=True)
            case "\\":
                return _Chars(*self.escaped())
            case "*" | "+" | "?" | "{" | "^" | "$":
                raise BadPattern(f"{char!r} has nothing before it; write \\{char} for the sign.")
        return _Chars(((char, char),))

    def group(self) -> _Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise BadPattern(f"Groups are nested more than {DEEPEST} deep.")
        if self.took("?") and not self.took(":"):
            raise BadPattern("(?…) is not known here, apart from (?:…).")
        inside = self.choices()
        if not self.took(")"):
            raise BadPattern("A group is not closed by ).")
        self.depth -= 1
        return inside

    def escaped(self) -> tuple[Ranges, bool]:
        char = self.take()
        if char.lower() in _CLASSES:
            return _CLASSES[char.lower()], char.isupper()
        if char.isalnum():
            raise BadPattern(f"\\{char} is not known here.")
        return ((char, char),), False

    def one_of(self) -> _Node:
        negated = self.took("^")
        ranges: list[tuple[str, str]] = []
        while not self.took("]"):
            ranges += self.range()
        return _Chars(tuple(ranges), negated)

    def range(self) -> Ranges:
        low = self.take()
        if low == "\\":
            ranges, negated = self.escaped()
            if negated:
                raise BadPattern("A negated class cannot stand between [ and ].")
            return ranges
        if self.next() != "-" or self.text[self.at + 1 : self.at + 2] in ("]", ""):
            return ((low, low),)
        self.take()
        high = self.take()
        if high < low:
            raise BadPattern(f"{low}-{high} is the wrong way round.")
        return ((low, high),)

    def repeated(self, part: _Node) -> _Node:
        match self.next():
            case "*" | "+" | "?" as sign:
                self.take()
                return _Repeat(part, int(sign == "+"), 1 if sign == "?" else None)
            case "{":
                self.take()
                return _Repeat(part, *self.bounds())
        return part

    def bounds(self) -> tuple[int, int | None]:
        inside, closed, _ = self.text[self.at :].partition("}")
        least, comma, most = inside.partition(",")
        if not closed or not least.isdecimal() or not (most.isdecimal() or not most):
            raise BadPattern("Write a number of times as {2}, {2,} or {2,5}.")
        self.at += len(inside) + 1
        low, high = int(least), int(most) if most else None if comma else int(least)
        if low > MOST_REPEATS or (high is not None and not low <= high <= MOST_REPEATS):
            raise BadPattern(f"A number of times goes from 0 to {MOST_REPEATS}.")
        return low, high


class Pattern:
    """A compiled pattern. Raises BadPattern."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise BadPattern(f"A pattern has at most {LONGEST} characters.")
        inner = text.removeprefix("^")
        if inner.endswith("$") and not inner.endswith("\\$"):
            inner = inner[:-1]
        reader = _Reader(inner)
        tree = reader.choices()
        if reader.next():
            raise BadPattern("A ) closes no group.")
        self.steps: list[_Chars | list[int] | None] = []  # reads one of; goes on at all of; the end
        self._emit(tree)
        self.steps.append(None)
        self._forks = sum(1 << n for n, step in enumerate(self.steps) if isinstance(step, list))
        self._ends = 1 << len(self.steps) - 1
        self._reading = lru_cache(maxsize=512)(self._read_by)
        self._closing = lru_cache(maxsize=8192)(self._close)
        self._after = lru_cache(maxsize=2048)(self._advance)
        self._begin = self._closed(1)

    def fullmatch(self, text: str) -> bool:
        """Whether the whole text is as the pattern says."""
        states = self._begin
        for char in text:
            states = self._after(states, char)
            if not states:
                return False
        return bool(states & self._ends)

    def can_match(self, could: Callable[[str], bool]) -> bool:
        """Whether a text can match all of whose characters could be there."""
        steps = enumerate(self.steps)
        readable = sum(1 << n for n, s in steps if isinstance(s, _Chars) and s.any(could))
        states, before = self._begin, 0
        while states != before:
            before, states = states, states | self._closed((states & readable) << 1)
        return bool(states & self._ends)

    def _advance(self, states: int, char: str) -> int:
        return self._closed((states & self._reading(char)) << 1)

    def _read_by(self, char: str) -> int:
        steps = enumerate(self.steps)
        return sum(1 << n for n, s in steps if isinstance(s, _Chars) and s.hold(char))

    def _closed(self, states: int) -> int:
        # Byte by byte: there are 256 of each, so all that a text can ask for is soon known.
        forks = states & self._forks
        if forks:
            for number, byte in enumerate(forks.to_bytes(MOST_STEPS // 8 + 1, "little")):
                if byte:
                    states |= self._closing(number, byte)
        return states

    def _close(self, number: int, byte: int) -> int:
        seen, states = 0, [8 * number + bit for bit in range(8) if byte >> bit & 1]
        while states:
            state = states.pop()
            if not seen >> state & 1:
                seen |= 1 << state
                step = self.steps[state]
                states += step if isinstance(step, list) else ()
        return seen

    def _add(self, step: _Chars | list[int]) -> int:
        if len(self.steps) >= MOST_STEPS:
            raise BadPattern("The pattern repeats too much; use fewer or smaller {m,n}.")
        self.steps.append(step)
        return len(self.steps) - 1

    def _emit(self, node: _Node) -> None:
        match node:
            case _Chars():
                self._add(node)
            case _All(parts):
                for part in parts:
                    self._emit(part)
            case _Any(choices):
                self._emit_any(choices)
            case _Repeat(part, least, most):
                for _ in range(least):
                    self._emit(part)
                self._emit_more(part, None if most is None else most - least)

    def _emit_any(self, choices: tuple[_Node, ...]) -> None:
        fork: list[int] = []
        self._add(fork)
        ends: list[list[int]] = []
        for choice in choices:
            fork.append(len(self.steps))
            self._emit(choice)
            ends.append([])
            self._add(ends[-1])
        for end in ends:
            end.append(len(self.steps))

    def _emit_more(self, part: _Node, most: int | None) -> None:
        forks: list[list[int]] = []
        for _ in range(1 if most is None else most):
            forks.append([len(self.steps) + 1])
            start = self._add(forks[-1])
            self._emit(part)
            if most is None:
                self._add([start])
        for fork in forks:
            fork.append(len(self.steps))
