"""The period: calendar days that a question, a plan and an answer speak of."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

Grain = Literal["day", "week", "month", "quarter", "year"]


class Period(BaseModel):
    """Calendar days, inclusive at both ends, in the project's time zone.

    `words` is how the answer names it ("last week", "March 2025"); `assumed` when the question
    named none; `partial` when it was cut at yesterday because it is not over. `step` is the
    calendar unit by which a previous period lies before it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: date
    end: date
    words: str = ""
    assumed: bool = False
    partial: bool = False
    step: Grain = "day"

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.end - self.start).days + 1

    @model_validator(mode="after")
    def _ordered(self) -> Period:
        if self.end < self.start:
            raise ValueError("a period ends on or after the day it starts")
        return self
