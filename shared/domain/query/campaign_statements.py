"""The SELECTs over the table `campaigns`: its facts, and what was spent of its budgets."""

from __future__ import annotations

from dataclasses import dataclass

from shared.domain.query.statements import FIELDS, Select
from shared.errors import Invalid

_ACTIVE = (
    "c.start_date <= @active_to",
    "(c.end_date IS NULL OR c.end_date >= @active_from)",
)


@dataclass(frozen=True, slots=True)
class CampaignShape:
    """A campaign plan without its values; `campaigns` is how many are named.

    `dates` are the columns that have to be in a span of days.
    """

    facts: tuple[str, ...]
    campaigns: int
    active: bool
    dates: tuple[str, ...]
    order: tuple[str, bool] | None
    limit: int | None


@dataclass(frozen=True, slots=True)
class BudgetShape:
    """A budget plan without its values."""

    campaigns: int
    over: bool | None


def campaigns_text(shape: CampaignShape) -> str:
    """The query over `campaigns`: the name, then the facts. Raises Invalid for a strange order."""
    columns = tuple(dict.fromkeys(("name", *shape.facts)))
    by, descending = shape.order or ("name", False)
    if by not in columns:
        raise Invalid(f"The result has no column {by!r} to order by.")
    dates = tuple(f"c.{d} BETWEEN @{d}_from AND @{d}_to" for d in shape.dates)
    first = f"c.{by} DESC" if descending else f"c.{by} ASC NULLS LAST"
    return Select(
        columns=tuple((f"c.{column}", column) for column in columns),
        source="campaigns AS c",
        where=(*_named(shape.campaigns), *(_ACTIVE if shape.active else ()), *dates),
        order=(first, *(("c.name",) if by != "name" else ()), "c.campaign_id"),
        limit=shape.limit,
    ).text()


def _named(count: int, field: str = "c.name") -> tuple[str, ...]:
    names = ", ".join(f"@campaign_{n}" for n in range(count))
    return (f"{field} IN ({names})",) if names else ()


def budgets_text(shape: BudgetShape) -> str:
    """The spend of campaigns beside their budget, the most used first."""
    signs = {True: (">",), False: ("<=",), None: ()}[shape.over]
    beside = Select(
        columns=(
            ("campaign", "campaign"),
            ("s.spend", "spend"),
            ("p.budget", "budget"),
            ("p.budget - s.spend", "budget_left"),
            ("SAFE_DIVIDE(s.spend, p.budget)", "budget_used"),
        ),
        source="planned AS p\nJOIN spent AS s USING (campaign)",
        where=tuple(f"s.spend {sign} p.budget" for sign in signs),
        order=("budget_used DESC", "campaign"),
    )
    parts = (("planned", _planned(shape)), ("spent", _spent(shape)))
    sides = ",\n".join(f"{name} AS (\n{part.text('  ')}\n)" for name, part in parts)
    return f"WITH {sides}\n{beside.text()}"


def _planned(shape: BudgetShape) -> Select:
    return Select(
        columns=(("c.name", "campaign"), ("SUM(c.budget)", "budget")),
        source="campaigns AS c",
        where=(*_named(shape.campaigns), "c.budget IS NOT NULL"),
        groups=("1",),
    )


def _spent(shape: BudgetShape) -> Select:
    return Select(
        columns=((FIELDS["campaign"], "campaign"), ("SUM(d.spend)", "spend")),
        source="channel_daily AS d",
        where=("d.date BETWEEN @start AND @end", *_named(shape.campaigns, FIELDS["campaign"])),
        groups=("1",),
    )
