"""The text of an answer about spend beside budgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shared.domain import wording
from shared.domain.query.plan import BudgetPlan

SOURCES = "sources: channel_daily, campaigns"


def budgets_told(plan: BudgetPlan, rows: Sequence[Mapping[str, Any]], currency: str) -> str:
    """What each campaign has spent of its budget, up to the last complete day."""
    until = f"up to {wording.day(plan.period.end)}; {SOURCES}"
    if not rows:
        stand = {True: " over its budget", False: " within its budget", None: ""}[plan.over]
        named = f" of {wording.some(plan.campaigns)}" if plan.campaigns and not stand else ""
        what = f"campaign{stand}" if stand else f"budget with spend beside it{named}"
        return f"There is no {what} ({until})."
    stand = {True: "over", False: "within", None: ""}[plan.over]
    told = [_told(row, currency) for row in rows]
    if plan.count:
        noun = "campaign is" if len(rows) == 1 else "campaigns are"
        return f"{len(rows)} {noun} {stand or 'known with'} budget ({until})."
    lead = f"Campaigns {stand} budget: " if stand else ""
    shown, more = told[: wording.MOST_NAMED], told[wording.MOST_NAMED :]
    return f"{lead}{'; '.join(shown)}{' and others in the table' if more else ''} ({until})."


def _told(row: Mapping[str, Any], currency: str) -> str:
    spend, budget = (wording.money(row[name], currency) for name in ("spend", "budget"))
    used = row["budget_used"]
    part = f", {wording.percent(used, 1)}" if used is not None else ""
    return f"{row['campaign']} has spent {spend} of its budget of {budget}{part}"
