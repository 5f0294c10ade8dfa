"""What is right: a small description of a result, worked out with pandas over the project's rows.

It shares nothing with the suite: no plan, no SQL, no period words. A description has

- `metrics` (`any`: whichever is told), `by` (channel, campaign, day, week, month, quarter,
  weekday), `period` and `compared_with` (days `a/b`, a month, a year, or a name from PERIODS);
- `channel`, `campaign`, `weekday`, `not_channel`, `not_campaign`;
- `having` {metric: "> 50"}, `moved` up or down, `change` "< -0.2" (of the first metric);
- `share` (true: of each group; total: of what the filters leave), `pick` rows of it;
- `order` (a column, `-` for the highest first), `top` (3: these; 3+: at least these), `nth`;
- `count` (groups that are left, or facts), `average: day`, `budget: true` (told beside it);
- `facts` of campaigns, with `where`, `active` on a day (`dated`: only if both dates are stored);
- `chart`, the type drawn.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pandas as pd

from tests.bench.questions.world import MEASURES, facts, rows

PERIODS = {
    "yesterday": "2026-03-17/2026-03-17",
    "this_week": "2026-03-16/2026-03-17",
    "last_week": "2026-03-09/2026-03-15",
    "last_2_weeks": "2026-03-02/2026-03-15",
    "this_month": "2026-03-01/2026-03-17",
    "last_month": "2026-02-01/2026-02-28",
    "last_quarter": "2025-10-01/2025-12-31",
    "ytd": "2026-01-01/2026-03-17",
    "last_7_days": "2026-03-11/2026-03-17",
    "last_14_days": "2026-03-04/2026-03-17",
    "last_30_days": "2026-02-16/2026-03-17",
    "last_90_days": "2025-12-18/2026-03-17",
    "assumed": "2026-02-16/2026-03-17",  # no period in the question
    "life": "2025-01-01/2026-03-17",  # all complete days there are
}
RATIOS = {
    "ctr": ("clicks", "impressions", 1),
    "cpc": ("spend", "clicks", 1),
    "cpm": ("spend", "impressions", 1000),
    "cpa": ("spend", "conversions", 1),
    "conversion_rate": ("conversions", "clicks", 1),
    "aov": ("revenue", "conversions", 1),
    "roas": ("revenue", "spend", 1),
}
METRICS = (*MEASURES, *RATIOS)
GRAINS = {"day": "D", "week": "W-SUN", "month": "M", "quarter": "Q"}
_COMPARE = {
    ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le, "=": operator.eq,
}  # fmt: skip
Spec = Mapping[str, Any]


@dataclass
class Expected:
    """A result: `table` has the keys and the values of `columns`.

    Of each set in `needed` one column must be told. Rows at `optional` may be left out. With
    `order` the rows are in order, and the first `least` of them must be told.
    """

    table: pd.DataFrame
    keys: list[str]
    needed: list[set[str]]
    order: str | None = None
    least: int = 0
    optional: set[Any] = field(default_factory=set)


def listed(value: Any) -> list[Any]:
    """One or several, as a list."""
    return [] if value is None else list(value) if isinstance(value, list) else [value]


def days(period: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The first and the last day of a period as it is written in a description."""
    start, _, end = PERIODS.get(period, period).partition("/")
    whole = pd.Period(start)
    return whole.start_time.normalize(), (pd.Period(end) if end else whole).end_time.normalize()


def expected(spec: Spec) -> Expected:
    """The result that a description stands for."""
    found = _facts(spec) if "facts" in spec else _figures(spec)
    return _ranked(found, spec)


def counted(spec: Spec) -> Expected:
    """The groups that a question wants counted."""
    what = spec["count"]
    told = {"facts": "name"} if what == "facts" else {"by": what}
    return expected({**{k: v for k, v in spec.items() if k != "count"}, **told})


def average(spec: Spec) -> float:
    """The metric's total by the number of its days."""
    start, end = days(spec["period"])
    total = _grouped(spec, spec["period"])[spec["metrics"]].iloc[0]
    return float(total) / ((end - start).days + 1)


@cache
def _labelled() -> pd.DataFrame:
    day = rows()["date"]
    grains = {g: day.dt.to_period(code).dt.start_time for g, code in GRAINS.items()}
    labels = {grain: start.dt.strftime("%Y-%m-%d") for grain, start in grains.items()}
    return rows().assign(all="", weekday=day.dt.day_name(), **labels)


def _rows(spec: Spec, period: str) -> pd.DataFrame:
    start, end = days(period)
    chosen = _labelled()[_labelled()["date"].between(start, end)]
    for name in ("channel", "campaign", "weekday"):
        if name in spec:
            chosen = chosen[chosen[name].isin(listed(spec[name]))]
        chosen = chosen[~chosen[name].isin(listed(spec.get(f"not_{name}")))]
    return chosen


def _grouped(spec: Spec, period: str) -> pd.DataFrame:
    chosen, keys = _rows(spec, period), listed(spec.get("by"))
    sums = chosen.groupby(keys or "all")[list(MEASURES)].sum()
    used = {*listed(spec["metrics"]), *spec.get("having", {}), spec.get("order", "").lstrip("-")}
    for name in RATIOS if "any" in used else used & RATIOS.keys():
        above, below, times = RATIOS[name]
        sums[name] = times * sums[above] / sums[below].where(sums[below] != 0)
    return sums


def _figures(spec: Spec) -> Expected:
    metrics = list(METRICS) if spec["metrics"] == "any" else listed(spec["metrics"])
    table, keys = _grouped(spec, spec["period"]), listed(spec.get("by"))
    needed = [set(metrics)] if spec["metrics"] == "any" or "having" in spec else None
    needed = needed or [{metric} for metric in metrics]
    if "share" in spec:
        needed = _share(table, spec, metrics)
    found = Expected(table, keys, needed)
    if "compared_with" in spec:
        _compare(found, spec, metrics)
    _hold(found, spec, metrics[0])
    wanted = [c for c in found.table if c in metrics or c.rpartition("_")[0] in metrics]
    kept = [*wanted, *([o] if (o := spec.get("order", "").lstrip("-")) in METRICS else [])]
    found.table = found.table[list(dict.fromkeys(kept))]
    return found


def _share(table: pd.DataFrame, spec: Spec, metrics: list[str]) -> list[set[str]]:
    unfiltered = {k: v for k, v in spec.items() if k not in ("channel", "campaign")}
    whole = _rows(unfiltered if spec["share"] == "total" else spec, spec["period"])
    for metric in metrics:
        table[f"{metric}_share"] = table[metric] / whole[metric].sum()
    return [{f"{metric}_share"} for metric in metrics]


def _compare(found: Expected, spec: Spec, metrics: list[str]) -> None:
    before = _grouped(spec, spec["compared_with"]).add_suffix("_previous")
    table = found.table.join(before, how="outer")
    for m in metrics:
        earlier = table[f"{m}_previous"]
        table[f"{m}_difference"] = table[m] - earlier
        table[f"{m}_change"] = (table[m] - earlier) / earlier.abs().where(earlier != 0)
    lone = table[metrics[0]].isna() | table[f"{metrics[0]}_previous"].isna()
    found.optional = set(table.index[lone])
    found.table = table
    found.needed += [{f"{m}_previous", f"{m}_change"} for m in metrics]


def _hold(found: Expected, spec: Spec, metric: str) -> None:
    for name, values in spec.get("pick", {}).items():
        level = found.table.index.get_level_values(name)
        found.table = found.table[level.isin(listed(values))]
    conditions = dict(spec.get("having", {}))
    if "change" in spec:
        conditions[f"{metric}_change"] = spec["change"]
    if "moved" in spec:
        conditions[f"{metric}_difference"] = "> 0" if spec["moved"] == "up" else "< 0"
    _where(found, conditions)


def _where(found: Expected, conditions: Mapping[str, Any]) -> None:
    for name, condition in conditions.items():
        for text in listed(condition):
            sign, _, value = str(text).partition(" ")
            limit = value if found.table[name].dtype == object else float(value)
            known = found.table[name].notna()
            holds = known & found.table[name].where(known, limit).map(
                lambda cell, s=sign, v=limit: _COMPARE[s](type(v)(cell), v)
            ).astype(bool)
            found.table = found.table[holds | found.table.index.isin(found.optional)]


def _facts(spec: Spec) -> Expected:
    told = listed(spec["facts"])
    table = facts().assign(channel=facts()["campaign_id"].str.split("-").str[0])
    if "campaign" in spec:
        table = table[table["name"].isin(listed(spec["campaign"]))]
    if "channel" in spec:
        table = table[table["channel"].isin(listed(spec["channel"]))]
    if "active" in spec:
        table = table[_active(table, spec)]
    table = table.set_index("name", drop=False).rename_axis("campaign")
    if "budget" in told or "budget" in spec.get("where", {}):
        table["budget"] = table["budget"].astype(float)
    named = "campaign" in spec and len(table) == 1
    found = Expected(table[[*told]], [] if named else ["campaign"], [{f} for f in told])
    found.table = table[list(dict.fromkeys([*told, *spec.get("where", {})]))]
    _where(found, spec.get("where", {}))
    if not named:
        found.optional = set(found.table.index[found.table[told[0]].isna()])
    if told == ["name"]:
        found.needed = []
    return found


def _active(table: pd.DataFrame, spec: Spec) -> pd.Series:
    first, last = (day.strftime("%Y-%m-%d") for day in days(spec["active"]))
    begun = table["start_date"].fillna("9999" if spec.get("dated") else "0000") <= last
    return begun & (table["end_date"].fillna("0000" if spec.get("dated") else "9999") >= first)


def _ranked(found: Expected, spec: Spec) -> Expected:
    if "order" not in spec:
        return found
    column, top = spec["order"].lstrip("-"), str(spec.get("top", "1+"))
    table = found.table.drop(index=list(found.optional))
    if column in table:
        table = table[table[column].notna()]
    table = table.sort_values(column, ascending=not spec["order"].startswith("-"))
    if not top.endswith("+"):
        table = table.head(int(top))
    if "nth" in spec:
        table = table.iloc[[spec["nth"] - 1]]
    least = min(int(top.rstrip("+")), len(table))
    return Expected(table, found.keys, found.needed, column, least)
