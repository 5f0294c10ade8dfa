"""Why a link is not built: every flaw with its code, its field and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from shared.errors import FieldError, Invalid

Code = Literal["invalid_url", "missing_required", "pii", "broken_convention"]


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong; `field` is a field of the request such as `url` or `source`."""

    code: Code
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to know about a link that is built all the same."""

    code: str
    message: str


class Refused(Invalid):
    """Input that makes no link. The problem document has the first flaw's `code` and `field`."""

    title = "This makes no tagged link"

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        first = flaws[0]
        super().__init__(
            first.message,
            errors=[FieldError(flaw.field, flaw.message) for flaw in flaws],
            extra={"code": first.code, "field": first.field},
        )
        self.flaws = tuple(flaws)
