"""What the query function takes and gives, as JSON."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from shared.domain.query.plan import ChartType
from shared.domain.requests import Body

Cell = str | int | float | bool | None
SessionId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$")]
Question = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
Sql = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
AnswerType = Literal["prose", "sql_result", "chart_config", "clarification", "unanswerable"]


class QuestionRequest(Body):
    """A question in plain English; with `session_id` it may follow up on the one before."""

    question: Question
    session_id: SessionId | None = None


class SqlRequest(Body):
    """An analyst's own GoogleSQL."""

    sql: Sql
    session_id: SessionId | None = None


class ResultColumn(BaseModel):
    """A result column; `type` is a GoogleSQL type name."""

    name: str
    type: str


class Days(BaseModel):
    """Calendar days, inclusive at both ends."""

    start: date
    end: date


class OrderShown(BaseModel):
    """What the rows are ordered by."""

    by: str
    descending: bool


class Interpretation(BaseModel):
    """How a question was read.

    `filters` holds `channel` and `campaign` (names), `not_channel` and `not_campaign` (names left
    out) and a metric's thresholds as {operator: value}. Facts about campaigns have no metrics: the
    facts are the dimensions, and there is no period.
    """

    metrics: list[str]
    dimensions: list[str]
    filters: dict[str, Any]
    period: Days | None
    compare_to: Days | None
    order: OrderShown | None
    limit: int | None


class Chart(BaseModel):
    """A chart in short; x and y are result columns.

    `series` is the column whose values part the marks, or the columns drawn beside each other
    under a comparison; `x` is null for a comparison without dimensions.
    """

    type: ChartType
    x: str | None
    y: str
    series: str | list[str] | None


class Source(BaseModel):
    """A table that was read, and its days."""

    table: str
    start: date | None
    end: date | None


class QueryAnswer(BaseModel):
    """The answer to a question or to SQL."""

    session_id: str
    turn_id: str
    type: AnswerType
    answer: str
    interpretation: Interpretation | None = None
    sql: str | None = None
    columns: list[ResultColumn] = []
    rows: list[list[Cell]] = []
    row_count: int = 0
    truncated: bool = False
    chart: Chart | None = None
    vega_lite: dict[str, Any] | None = None
    sources: list[Source] = []
    suggestions: list[str] = []
    engine: Literal["offline", "gemini"] = "offline"
    cached: bool = False
    elapsed_ms: int = Field(default=0, ge=0)


class SessionSummary(BaseModel):
    """A session in a list; `title` is its first question."""

    id: str
    title: str
    created_at: datetime
    updated_at: datetime
    expires_at: datetime


class SessionList(BaseModel):
    """A page of the caller's sessions, the latest first."""

    items: list[SessionSummary]
    next_page_token: str | None = None


class Turn(BaseModel):
    """A question of a session and its answer; of a large one the first rows, `row_count` of all."""

    asked_at: datetime
    question: str
    answer: QueryAnswer


class Session(SessionSummary):
    """A session with its turns, the first asked first; `next_page_token` leads to later ones."""

    turns: list[Turn]
    next_page_token: str | None = None
