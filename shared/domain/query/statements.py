"""The SELECT of a plan's shape: constant fragments and `@named` parameters, never a value.

Columns come out as: the dimensions in the plan's order; for each metric the metric and, under a
comparison, its `_previous` and `_change`; a `_share` where shares are asked for. Source columns are
always qualified, so no output name can be mistaken for the column it sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.domain.semantics import METRICS
from shared.errors import Invalid

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
FIELDS = {"channel": "d.channel", "campaign": "COALESCE(d.campaign, d.campaign_id)"}
CURRENT = ("@start", "@end")
PREVIOUS = ("@previous_start", "@previous_end")
WEEKDAY = "EXTRACT(DAYOFWEEK FROM d.date)"
WHOLE = "whole"  # joins the two sides of a comparison that has no dimensions


@dataclass(frozen=True, slots=True)
class Shape:
    """A plan without its values: plans of one shape share one SQL text.

    `filters` are (field, negated, how many values), `thresholds` (metric, operator), `order`
    (output column, descending).
    """

    metrics: tuple[str, ...]
    dimensions: tuple[str, ...]
    grain: str | None
    filters: tuple[tuple[str, bool, int], ...]
    thresholds: tuple[tuple[str, str], ...]
    order: tuple[str, bool] | None
    limit: int | None
    share: bool
    moved: str | None
    changed: str | None  # the operator of a limit on the change
    average: str | None
    compared: bool
    shift: int  # grains between the compared periods
    week_start: int

    @property
    def computed(self) -> tuple[str, ...]:
        """Every metric the query needs, shown or not."""
        ordered = [self.order[0]] if self.order and self.order[0] in METRICS else []
        return tuple(dict.fromkeys([*self.metrics, *(m for m, _ in self.thresholds), *ordered]))

    @property
    def shares(self) -> tuple[str, ...]:
        """The metrics that have a share: a part of a ratio is a part of nothing."""
        return tuple(m for m in self.metrics if self.share and METRICS[m].denominator is None)


@dataclass(frozen=True, slots=True)
class Select:
    """One SELECT, clause by clause; a column is (expression, name)."""

    columns: tuple[tuple[str, str], ...]
    source: str
    where: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    having: tuple[str, ...] = ()
    qualify: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    limit: int | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The output columns."""
        return tuple(name for _, name in self.columns)

    def text(self, indent: str = "") -> str:
        """The statement laid out for people, without an end of line."""
        lines = [
            "SELECT",
            ",\n".join(f"{indent}  {_named(*column)}" for column in self.columns),
            f"FROM {self.source}",
            *_clause("WHERE", self.where, f"\n{indent}  AND "),
            *_clause("GROUP BY", self.groups, ", "),
            *_clause("HAVING", self.having, f"\n{indent}  AND "),
            *_clause("QUALIFY", self.qualify, f"\n{indent}  AND "),
            *_clause("ORDER BY", self.order, ", "),
            *_clause("LIMIT", (str(self.limit),) if self.limit else (), ""),
        ]
        return "\n".join(x if x.startswith(indent + "  ") else indent + x for x in lines)


def _named(expression: str, name: str) -> str:
    return expression if expression.rpartition(".")[2] == name else f"{expression} AS {name}"


def _clause(word: str, parts: Sequence[str], between: str) -> list[str]:
    return [f"{word} {between.join(parts)}"] if parts else []


def metrics_text(shape: Shape) -> str:
    """The query over `channel_daily`. Raises Invalid for an order by an unknown column."""
    if not shape.compared:
        return _plain(shape).text()
    sides = ",\n".join(
        f"{name} AS (\n{_grouped(shape, shape.computed, period).text('  ')}\n)"
        for name, period in (("current_period", CURRENT), ("previous_period", PREVIOUS))
    )
    return f"WITH {sides}\n{_compared(shape).text()}"


def _plain(shape: Shape) -> Select:
    sums = {metric: _aggregate(metric) for metric in shape.computed}
    query = _grouped(shape, shape.metrics, CURRENT)
    shares = tuple(_share(shape, m, sums[m], f"SUM({sums[m]})") for m in shape.shares)
    query = replace(query, columns=query.columns + shares + _averages(shape, sums))
    held = _thresholds(shape, sums)
    # A window is computed after HAVING, and the whole must not shrink with the threshold.
    having, qualify = ((), held) if shares else (held, ())
    query = replace(query, having=(*query.having, *having), qualify=qualify)
    return _ordered(query, shape, sums)


def _compared(shape: Shape) -> Select:
    current = {metric: f"c.{metric}" for metric in shape.computed}
    columns = [(dimension, dimension) for dimension in shape.dimensions]
    for m in shape.metrics:
        change = f"SAFE_DIVIDE(c.{m} - p.{m}, p.{m})"
        columns += [(f"c.{m}", m), (f"p.{m}", f"{m}_previous"), (change, f"{m}_change")]
    shares = [_share(shape, m, current[m], f"SUM({current[m]})") for m in shape.shares]
    keys = ", ".join(shape.dimensions or (WHOLE,))
    held = (*_moved(shape), *_thresholds(shape, current))
    query = Select(
        columns=(*columns, *shares),
        source=f"current_period AS c\nFULL JOIN previous_period AS p USING ({keys})",
        where=() if shares else held,
        qualify=held if shares else (),
    )
    return _ordered(query, shape, current)


def _grouped(shape: Shape, metrics: Sequence[str], period: tuple[str, str]) -> Select:
    keys = [(_dimension(d, shape, period), d) for d in shape.dimensions]
    if shape.compared and not keys:
        keys = [("TRUE", WHOLE)]
    return Select(
        columns=(*keys, *((_aggregate(m), m) for m in metrics)),
        source="channel_daily AS d",
        where=(f"d.date BETWEEN {period[0]} AND {period[1]}", *_filters(shape)),
        groups=tuple(_group(d, n, shape) for n, d in enumerate(shape.dimensions)),
        having=() if shape.dimensions else ("COUNT(*) > 0",),
    )


def _aggregate(metric_id: str) -> str:
    metric = METRICS[metric_id]
    top = f"SUM(d.{metric.numerator})"
    if metric.denominator is None:
        return top
    scaled = top if metric.scale == 1 else f"{metric.scale} * {top}"
    return f"SAFE_DIVIDE({scaled}, SUM(d.{metric.denominator}))"


def _dimension(dimension: str, shape: Shape, period: tuple[str, str]) -> str:
    if dimension == "weekday":
        # Of a group: seven times, not once a row. The two sides of a comparison are joined by it,
        # so there it is what they are grouped by, and each side has one row for it.
        return f"FORMAT_DATE('%A', {'d.date' if shape.compared else 'MIN(d.date)'})"
    if dimension != "date":
        return FIELDS[dimension]
    unit = str(shape.grain).upper()
    part = f"WEEK({WEEKDAYS[shape.week_start].upper()})" if unit == "WEEK" else unit
    bucket = "d.date" if unit == "DAY" else f"DATE_TRUNC(d.date, {part})"
    # The n-th day (week, month …) of the earlier period stands beside the n-th of the later one.
    return f"DATE_ADD({bucket}, INTERVAL {shape.shift} {unit})" if period is PREVIOUS else bucket


def _group(dimension: str, position: int, shape: Shape) -> str:
    return WEEKDAY if dimension == "weekday" and not shape.compared else str(position + 1)


def _filters(shape: Shape) -> list[str]:
    conditions = []
    used = dict.fromkeys(FIELDS, 0)
    for field, negated, count in shape.filters:
        names = ", ".join(f"@{field}_{used[field] + n}" for n in range(count))
        used[field] += count
        conditions.append(f"{FIELDS[field]} {'NOT IN' if negated else 'IN'} ({names})")
    return conditions


def _thresholds(shape: Shape, values: dict[str, str]) -> tuple[str, ...]:
    return tuple(
        f"{values[metric]} {operator} @threshold_{n}"
        for n, (metric, operator) in enumerate(shape.thresholds)
    )


def _moved(shape: Shape) -> tuple[str, ...]:
    signs = {"up": ">", "down": "<"}
    first = shape.metrics[0]
    moved = (f"c.{first} {signs[shape.moved]} p.{first}",) if shape.moved else ()
    if not shape.changed:
        return moved
    change = f"SAFE_DIVIDE(c.{first} - p.{first}, p.{first})"
    return (*moved, f"{change} {shape.changed} @change_limit")


def _averages(shape: Shape, sums: dict[str, str]) -> tuple[tuple[str, str], ...]:
    if shape.average is None:
        return ()
    stored = [m for m in shape.metrics if METRICS[m].denominator is None]
    return tuple((f"{sums[m]} / @steps", f"{m}_per_{shape.average}") for m in stored)


def _share(shape: Shape, metric: str, part: str, total: str) -> tuple[str, str]:
    # Over time a share is one of its day, week or month, unless time is all there is.
    times = [d for d in shape.dimensions if d in ("date", "weekday")]
    within = times if len(times) < len(shape.dimensions) else []
    parts = {d: WEEKDAY if d == "weekday" else _dimension(d, shape, CURRENT) for d in within}
    keys = within if shape.compared else parts.values()
    over = f"PARTITION BY {', '.join(keys)}" if keys else ""
    return f"SAFE_DIVIDE({part}, {total} OVER ({over}))", f"{metric}_share"


def _ordered(query: Select, shape: Shape, values: dict[str, str]) -> Select:
    by, descending = shape.order or _default_order(shape)
    if by not in query.names and by not in values:
        raise Invalid(f"The result has no column {by!r} to order by.")
    ties = dict.fromkeys(d for d in shape.dimensions if d != by)
    if by in shape.dimensions:
        first = f"{_sortable(by, shape)} DESC" if descending else _sortable(by, shape)
    else:
        # Both sides of a comparison have the metric, so its name alone would not say which.
        shown = values.get(by, by) if shape.compared or by not in query.names else by
        first = f"{shown} DESC" if descending else f"{shown} ASC NULLS LAST"
    keys = (first, *(_sortable(d, shape) for d in ties)) if shape.dimensions else ()
    return replace(query, order=keys, limit=shape.limit)


def _default_order(shape: Shape) -> tuple[str, bool]:
    times = [d for d in shape.dimensions if d in ("date", "weekday")]
    return (times[0], False) if times else (shape.metrics[0], True)


def _sortable(dimension: str, shape: Shape) -> str:
    if dimension != "weekday":
        return dimension
    week = WEEKDAYS[shape.week_start :] + WEEKDAYS[: shape.week_start]
    weekday = "COALESCE(c.weekday, p.weekday)" if shape.compared else "weekday"
    return f"STRPOS('{' '.join(week)}', {weekday})"
