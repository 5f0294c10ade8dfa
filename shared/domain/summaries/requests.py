"""What callers ask of summaries, and what they get besides one."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, StringConstraints, WithJsonSchema

from shared.domain.requests import Body
from shared.domain.summaries.models import SummaryItem
from shared.domain.summaries.week import week_named
from shared.errors import Malformed


def _a_week(name: str) -> str:
    try:
        return week_named(name).name
    except Malformed as wrong:
        raise ValueError(wrong.detail) from wrong


WeekName = Annotated[
    str,
    StringConstraints(max_length=8),
    AfterValidator(_a_week),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{4}-W[0-9]{2}$"}),
]


class GenerateRequest(Body):
    """Which week to sum up; by default the newest that is over where the project is."""

    week: WeekName | None = None


class SummaryList(BaseModel):
    """A page of summaries, the newest week first."""

    items: list[SummaryItem]
    next_page_token: str | None = None


class SentTest(BaseModel):
    """Where a test was sent."""

    to: str
