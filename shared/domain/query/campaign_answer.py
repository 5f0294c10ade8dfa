"""The text of an answer with facts about campaigns, from the table `campaigns`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from shared.domain import wording
from shared.domain.periods.days import LONG_AGO
from shared.domain.query.plan import CampaignPlan, Days
from shared.domain.wording import listing

LABELS = {
    "objective": "objective",
    "budget": "budget",
    "start_date": "start date",
    "end_date": "end date",
}
SOURCE = "campaigns"
_ENDS = {True: ("smallest", "largest"), False: ("earliest", "latest")}  # (ascending, descending)


def facts_of_campaigns(plan: CampaignPlan, rows: Sequence[Mapping[str, Any]], currency: str) -> str:
    """What is stored about the campaigns; what is not stored is said to be missing."""
    if plan.count:
        return _counted(plan, len(rows))
    active = _condition(plan)
    if not rows:
        named = f" of {wording.some(plan.campaigns)}" if plan.campaigns else ""
        lead = f"No campaigns{active}{named}" if active else f"No campaign facts{named}"
        return f"{lead} are stored (source: {SOURCE})."
    asked = [fact for fact in plan.facts if fact != "name"]
    if len(rows) == len(asked) == 1 and not active:
        return _one(plan, rows[0], asked[0], currency)
    told = [_told(row, asked, currency) for row in rows]
    shown, more = told[: wording.MOST_NAMED], told[wording.MOST_NAMED :]
    others = " and others in the table" if more else ""
    text = f"{'; '.join(shown)}{others}" if asked else f"{listing(shown)}{others}"
    lead = f"Campaigns{active}: " if active or not asked else ""
    return f"{lead}{text} (source: {SOURCE})."


def _condition(plan: CampaignPlan) -> str:
    """` active on 3 March 2025`, ` that start from 1 to 31 March 2025`."""
    told = (("active", plan.active), ("that start", plan.starts), ("that end", plan.ends))
    return "".join(f" {what} {_on(days)}" for what, days in told if days)


def _on(days: Days) -> str:
    if days.start == LONG_AGO:
        return f"up to {wording.day(days.end)}"
    dates = wording.days(days.start, days.end)
    return f"on {dates}" if days.start == days.end else f"within {dates}"


def _counted(plan: CampaignPlan, count: int) -> str:
    """The number of rows; a campaign without stored dates cannot be said to run or to end."""
    named = f" of {wording.some(plan.campaigns)}" if plan.campaigns else ""
    condition = _condition(plan)
    text = f"{count} campaign{'' if count == 1 else 's'}{named}{condition or ' stored'}"
    unknown = " Campaigns without stored dates are not counted." if condition else ""
    return f"{text} (source: {SOURCE}).{unknown}"


def _one(plan: CampaignPlan, row: Mapping[str, Any], fact: str, currency: str) -> str:
    if row[fact] is None:
        return f"No {LABELS[fact]} is stored for {row['name']} (source: {SOURCE})."
    value = _written(row, fact, currency)
    if plan.order is not None and plan.order.by == fact:
        end = _ENDS[fact == "budget"][plan.order.descending]
        return f"{row['name']} has the {end} {LABELS[fact]}: {value} (source: {SOURCE})."
    return f"The {LABELS[fact]} of {row['name']} is {value} (source: {SOURCE})."


def _told(row: Mapping[str, Any], asked: Sequence[str], currency: str) -> str:
    if not asked:
        return str(row["name"])
    facts = [f"{LABELS[fact]} {_written(row, fact, currency)}" for fact in asked]
    return f"{row['name']}: {listing(facts)}"


def _written(row: Mapping[str, Any], fact: str, currency: str) -> str:
    value = row[fact]
    if value is None:
        return f"{wording.UNDEFINED} (not stored)"
    if fact == "budget":
        return wording.money(value, currency)
    return str(value) if fact == "objective" else wording.day(date.fromisoformat(value))
