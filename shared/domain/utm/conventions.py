"""A team's conventions: how values are spelled, and which are allowed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, StringConstraints
from pydantic import Field as Constraint

from shared.domain.requests import Body
from shared.domain.utm.fields import FIELDS, REQUIRED, Field
from shared.domain.utm.pii import personal
from shared.domain.utm.refusal import Flaw
from shared.domain.utm.values import AS_GIVEN, DEFAULT, Spelling, has_macro, spelled

if TYPE_CHECKING:
    from shared.domain.utm.patterns import Pattern

LONGEST_VALUE = 1_024
_SHOWN = 8


def _compiles(text: str) -> str:
    _compiled(text)
    return text


def _compiled(text: str) -> Pattern:
    from shared.domain.utm.patterns import Pattern  # few projects have any

    return Pattern(text)


Value = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
PatternText = Annotated[
    str, StringConstraints(min_length=1, max_length=200), AfterValidator(_compiles)
]


class Conventions(Body):
    """How a project writes its tags. `allowed` lists values, `patterns` says what a whole value
    must match; a value with a platform's macro is not judged. `required` adds to source, medium
    and campaign.
    """

    lowercase: bool = True
    separator: Literal["_", "-", ".", " "] = "_"
    required: list[Field] = Constraint(default=[], max_length=len(FIELDS))
    allowed: dict[Field, Annotated[list[Value], Constraint(min_length=1, max_length=500)]] = (
        Constraint(default={})
    )
    patterns: dict[Field, PatternText] = Constraint(default={})


@dataclass(frozen=True)
class Allowed:
    """The values that a field may have, in the team's order."""

    values: dict[str, None]

    def hint(self, value: str) -> str:
        """What to write instead: the value of the same letters and digits, or the choice."""
        if near := self._by_letters.get(_letters(value)):
            return f"Did you mean {near}?"
        more = " …" if len(self.values) > _SHOWN else ""
        return f"This project allows {', '.join(islice(self.values, _SHOWN))}{more}."

    @cached_property
    def _by_letters(self) -> dict[str, str]:
        # Typing errors mostly swap, repeat or lose a letter that stands elsewhere too. Measuring
        # the distance to every value would find more and let a long list stall a batch.
        return {_letters(value): value for value in reversed(self.values)}


def _letters(value: str) -> str:
    return "".join(sorted(set(filter(str.isalnum, value))))


@dataclass(frozen=True, slots=True)
class Rules:
    """Conventions made ready to judge many links."""

    spelling: Spelling = DEFAULT
    required: tuple[Field, ...] = REQUIRED
    allowed: Mapping[Field, Allowed] = field(default_factory=dict)
    patterns: Mapping[Field, tuple[str, Pattern]] = field(default_factory=dict)

    def spelled(self, name: Field, value: str) -> str:
        """A value as the convention writes it; an id is only trimmed."""
        return spelled(value, AS_GIVEN if name == "id" else self.spelling)

    def writes(self, name: Field, char: str) -> bool:
        """Whether a value may hold a character once it is spelled."""
        return self.spelled(name, f"-{char}-") == f"-{char}-"

    def take(self, name: Field, value: str) -> bool:
        """Whether a spelled value keeps every rule for its field."""
        return not (personal(name, value) or any(self._against(name, value)))

    def flaws(self, tags: Mapping[Field, str]) -> Iterator[Flaw]:
        """What breaks the convention, in the order of the fields."""
        for name in self.required:
            if name not in tags:
                yield missing(name)
        for name, value in tags.items():
            if len(value) > LONGEST_VALUE:
                yield too_long_a_value(name)
            elif (name in self.allowed or name in self.patterns) and not has_macro(value):
                yield from self._against(name, value)

    def _against(self, name: Field, value: str) -> Iterator[Flaw]:
        allowed = self.allowed.get(name)
        if allowed is not None and value not in allowed.values:
            yield _broken(name, f"is {value[:80]!r}. {allowed.hint(value)}")
        written, pattern = self.patterns.get(name, ("", None))
        if pattern is not None and not pattern.fullmatch(value):
            yield _broken(name, f"is {value[:80]!r}. Write it as {written} says.")


NO_CONVENTIONS = Rules(spelling=AS_GIVEN)


def rules_of(conventions: Conventions) -> Rules:
    """Conventions ready to judge links."""
    spelling = Spelling(conventions.lowercase, conventions.separator)
    plain = Rules(spelling)
    return Rules(
        spelling=spelling,
        required=tuple(f for f in FIELDS if f in REQUIRED or f in conventions.required),
        allowed={
            name: Allowed(dict.fromkeys(plain.spelled(name, value) for value in values))
            for name, values in conventions.allowed.items()
        },
        patterns={name: (text, _compiled(text)) for name, text in conventions.patterns.items()},
    )


def contradictions(conventions: Conventions) -> Iterator[Flaw]:
    """The fields for which no value can keep all of the conventions' rules."""
    rules = rules_of(conventions)
    for name, allowed in rules.allowed.items():
        if not any(rules.take(name, value) for value in allowed.values):
            yield Flaw(
                "broken_convention",
                f"allowed.{name}",
                f"No value that is allowed for {name} keeps the other rules: its pattern, the "
                "spelling, no personal data. Change one of them.",
            )
    for name, (_, pattern) in rules.patterns.items():
        if not pattern.can_match(partial(rules.writes, name)):
            yield Flaw(
                "broken_convention",
                f"patterns.{name}",
                f"No value of {name} in this spelling matches the pattern: it asks for capital "
                "letters or spaces. Change one of them.",
            )


def missing(name: str) -> Flaw:
    """A field that a link needs."""
    if name in REQUIRED:
        return Flaw("missing_required", name, f"{name} is missing. Fill it in.")
    return Flaw("missing_required", name, f"This project's links need {name} too. Fill it in.")


def too_long_a_value(name: Field) -> Flaw:
    """A value that nobody reads in a report."""
    return _broken(name, f"has more than {LONGEST_VALUE:,} characters. Shorten it.")


def _broken(name: Field, what: str) -> Flaw:
    return Flaw("broken_convention", name, f"{name} {what}")
