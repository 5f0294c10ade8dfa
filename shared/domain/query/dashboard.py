"""Numbers for dashboards: the query service's plan and compiler without the words."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints, model_validator

from shared.domain.channels import canonical_channel
from shared.domain.periods.earlier import previous_period, same_period_last_year
from shared.domain.projects import Project
from shared.domain.query.compiler import compile_plan
from shared.domain.query.models import Cell, Days, ResultColumn
from shared.domain.query.plan import Dimension, Filter, Grain, MetricId, Period, Plan
from shared.domain.query.result import to_csv
from shared.domain.query.running import Statement, days_read, run
from shared.domain.requests import Body
from shared.domain.semantics import STORED_METRICS
from shared.domain.suite import Suite
from shared.domain.vocabulary import load_vocabulary
from shared.errors import FieldError, Invalid

DEFAULT_DAYS = 30
MOST_DAYS = 3_660
MOST_NAMES = 100
STORED = cast(tuple[MetricId, ...], STORED_METRICS)


def _listed(given: Any) -> Any:
    """`spend,roas` as a list; a name that holds a comma stands in double quotes."""
    if not isinstance(given, str):
        return given
    try:
        cells = next(csv.reader([given], skipinitialspace=True, strict=True), [])
    except csv.Error as wrong:
        raise ValueError("cannot be read as a list; separate values by commas") from wrong
    return [cell.strip() for cell in cells if cell.strip()]


Day = Annotated[date, Field(ge=date(1900, 1, 1), lt=date(2200, 1, 1))]
Listed = BeforeValidator(_listed)
Names = Annotated[
    tuple[Annotated[str, StringConstraints(min_length=1, max_length=500)], ...],
    Field(max_length=MOST_NAMES),
    Listed,
]


class MetricsQuery(Body):
    """What to show: lists are separated by commas; without dates it is the past 30 days.

    `grain` goes with the dimension `date` and is `day` unless given.
    """

    metrics: Annotated[tuple[MetricId, ...], Field(min_length=1, max_length=12), Listed] = STORED
    dimensions: Annotated[tuple[Dimension, ...], Field(max_length=3), Listed] = ()
    start: Day | None = None
    end: Day | None = None
    channel: Names = ()
    campaign: Names = ()
    grain: Grain | None = None
    compare: Literal["previous_period", "previous_year"] | None = None

    @model_validator(mode="after")
    def _consistent(self) -> MetricsQuery:
        for field in ("metrics", "dimensions"):
            values = getattr(self, field)
            if len(set(values)) < len(values):
                raise ValueError(f"`{field}` names something twice")
        if self.grain is not None and "date" not in self.dimensions:
            raise ValueError("`grain` goes with the dimension date")
        return self


class MetricsTable(BaseModel):
    """The table: dimensions, then metrics, each with `_previous` and `_change` if compared."""

    columns: list[ResultColumn]
    rows: list[list[Cell]]
    row_count: int
    truncated: bool
    period: Days
    compare_to: Days | None = None


def read_metrics(suite: Suite, project: Project, query: MetricsQuery) -> MetricsTable:
    """The metrics of a project. Raises Invalid for days that are no period, TooLarge, TimedOut."""
    plan = _plan(query, project, suite.clock.today(project.zone))
    vocabulary = load_vocabulary(suite, project.id)
    compiled = compile_plan(plan)
    statement = Statement(compiled.sql, compiled.params, *days_read(plan, vocabulary))
    ran = run(suite, project, statement, vocabulary.data_version)
    if ran.keep is not None:
        suite.documents.commit(ran.keep)
    compared = plan.compare_to
    return MetricsTable(
        columns=list(ran.result.columns),
        rows=ran.result.rows,
        row_count=len(ran.result.rows),
        truncated=ran.result.truncated,
        period=Days(start=plan.period.start, end=plan.period.end),
        compare_to=Days(start=compared.start, end=compared.end) if compared else None,
    )


def as_csv(table: MetricsTable) -> str:
    """The table as CSV, safe to open in a spreadsheet."""
    return to_csv([column.name for column in table.columns], table.rows)


def _plan(query: MetricsQuery, project: Project, today: date) -> Plan:
    period = _period(query, today)
    grain = query.grain or ("day" if "date" in query.dimensions else None)
    channels = tuple(dict.fromkeys(canonical_channel(name) for name in query.channel))
    return Plan(
        metrics=query.metrics,
        dimensions=query.dimensions,
        grain=grain,
        filters=_filters(channel=channels, campaign=query.campaign),
        period=period,
        compare_to=_earlier(period, grain, query.compare),
        week_start=project.first_weekday,
    )


def _earlier(period: Period, grain: Grain | None, compare: str | None) -> Period | None:
    if compare == "previous_period":
        return previous_period(period)
    if compare != "previous_year":
        return None
    # By day a year goes back whole weeks, so that Mondays stand beside Mondays.
    year = timedelta(days=364)
    same_weekdays = Period(start=period.start - year, end=period.end - year)
    return same_weekdays if grain == "day" else same_period_last_year(period)


def _filters(**named: tuple[str, ...]) -> tuple[Filter, ...]:
    return tuple(
        Filter(field=cast(Any, field), values=values) for field, values in named.items() if values
    )


def _period(query: MetricsQuery, today: date) -> Period:
    last = query.end or (today - timedelta(days=1))
    first = query.start or (last - timedelta(days=DEFAULT_DAYS - 1))
    if last < first:
        raise _wrong("end", f"`end` is before `start` ({first.isoformat()}).")
    if (last - first).days >= MOST_DAYS:
        raise _wrong("start", f"A period has at most {MOST_DAYS} days.")
    return Period(start=first, end=last)


def _wrong(field: str, message: str) -> Invalid:
    return Invalid(
        f"{message} Give `start` and `end` as YYYY-MM-DD.", errors=[FieldError(field, message)]
    )
