"""A demo vocabulary, and readings written as short texts that tables can hold."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from shared.domain.query.plan import (
    CampaignPlan,
    Clarification,
    Filter,
    Period,
    Plan,
    Reading,
    Unanswerable,
)
from shared.domain.query.reading import Context, read_question
from shared.domain.vocabulary import CampaignName, Vocabulary

TODAY = date(2025, 3, 12)  # a Wednesday
FIRST, LAST = date(2024, 1, 1), date(2025, 3, 11)
OVER = (date(2024, 9, 1), date(2024, 12, 15))
CAMPAIGNS = {
    "Google_Search_Brand": "google_ads",
    "Google_Search_NonBrand": "google_ads",
    "Google_Display": "google_ads",
    "FB_Prospecting": "meta",
    "FB_Retargeting": "meta",
    "IG_Influencer": "meta",
    "Spring_Sale_2024": "meta",
    "Spring_Sale_2025": "meta",
    "Email_Newsletter": "email",
    "Email_Winback": "email",
    "TikTok_Launch": "tiktok",
}
VOCABULARY = Vocabulary(
    data_version=1,
    first_day=FIRST,
    last_day=LAST,
    channels=("email", "google_ads", "meta", "tiktok"),
    campaigns=tuple(
        CampaignName(name.lower(), name, (channel,), *(OVER if "Launch" in name else (FIRST, LAST)))
        for name, channel in CAMPAIGNS.items()
    ),
)
PERIODS = {
    "feb": "2025-02-01 .. 2025-02-28",
    "jan": "2025-01-01 .. 2025-01-31",
    "lastweek": "2025-03-03 .. 2025-03-09",
    "last7": "2025-03-05 .. 2025-03-11",
    "last30": "2025-02-10 .. 2025-03-11",
    "wtd": "2025-03-10 .. 2025-03-11 partial",
    "mtd": "2025-03-01 .. 2025-03-11 partial",
    "ytd": "2025-01-01 .. 2025-03-11 partial",
    "q4": "2024-10-01 .. 2024-12-31",
    "2024": "2024-01-01 .. 2024-12-31",
}


def read(question: str, previous: Plan | None = None, vocabulary: Vocabulary = VOCABULARY):
    return read_question(question, Context(TODAY, 0, vocabulary, previous))


def table(name: str) -> list[list[str]]:
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    rows = [line.split(" => ") for line in lines if line and not line.startswith("#")]
    return [[*row[:-1], _filled(row[-1])] for row in rows]


def _filled(expected: str) -> str:
    for name, days in PERIODS.items():
        expected = expected.replace(f"{{{name}}}", days)
    return expected


def shown(reading: Reading) -> str:
    """A reading as the tables write it; a default period is not written."""
    if isinstance(reading, Clarification):
        return f"clarify: {' / '.join(reading.choices)}"
    if isinstance(reading, Unanswerable):
        return f"cannot: {reading.because}"
    if isinstance(reading, CampaignPlan):
        return _joined(
            f"campaigns: {', '.join(reading.facts)}",
            ", ".join(reading.campaigns),
            f"active {reading.active_on}" if reading.active_on else "",
            *_order(reading),
        )
    steps = [str(reading.grain) if d == "date" else d for d in reading.dimensions]
    return _joined(
        ", ".join(reading.metrics) + (f" by {', '.join(steps)}" if steps else ""),
        *(_filter(f) for f in reading.filters),
        _period(reading.period),
        f"vs {_period(reading.compare_to)}" if reading.compare_to else "",
        *(f"{t.metric} {t.operator} {t.value:.10g}" for t in reading.thresholds),
        *_order(reading),
        "share" if reading.share else "",
        reading.chart or "",
    )


def _joined(*parts: str) -> str:
    return " | ".join(part for part in parts if part)


def _filter(condition: Filter) -> str:
    return f"{'not ' if condition.negated else ''}{condition.field} {', '.join(condition.values)}"


def _order(plan: Plan | CampaignPlan) -> list[str]:
    order = plan.order
    by = f"{order.by} {'desc' if order.descending else 'asc'}" if order else ""
    return [by, f"top {plan.limit}" if plan.limit else ""]


def _period(period: Period) -> str:
    past_30 = (TODAY - timedelta(days=30), TODAY - timedelta(days=1))
    if period.assumed and (period.start, period.end) == past_30:
        return ""
    assumed = "assumed " if period.assumed else ""
    days = str(period.start) + (f" .. {period.end}" if period.end != period.start else "")
    return f"{assumed}{days}{' partial' if period.partial else ''}"
