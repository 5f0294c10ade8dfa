"""The semantic layer: the tables, metrics and dimensions that everything else speaks of.

Import, query, guard and every later capability read these tables; nothing repeats them.
Derived metrics are ratios of sums, never averages of ratios, and NULL over a zero denominator.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shared.ports import Column, Table

Unit = Literal["money", "count", "decimal", "percent", "ratio"]

CHANNEL_DAILY = Table(
    name="channel_daily",
    key=("project_id", "date", "channel", "campaign_id"),
    columns=(
        Column("project_id", "STRING"),
        Column("date", "DATE"),
        Column("channel", "STRING"),
        Column("campaign_id", "STRING"),
        Column("campaign", "STRING"),
        Column("spend", "NUMERIC"),
        Column("impressions", "INT64"),
        Column("clicks", "INT64"),
        Column("conversions", "FLOAT64"),
        Column("revenue", "NUMERIC"),
        Column("loaded_at", "TIMESTAMP"),
    ),
)

CAMPAIGNS = Table(
    name="campaigns",
    key=("project_id", "campaign_id"),
    columns=(
        Column("project_id", "STRING"),
        Column("campaign_id", "STRING"),
        Column("name", "STRING"),
        Column("objective", "STRING"),
        Column("budget", "NUMERIC"),
        Column("start_date", "DATE"),
        Column("end_date", "DATE"),
        Column("loaded_at", "TIMESTAMP"),
    ),
)

TABLES: dict[str, Table] = {t.name: t for t in (CHANNEL_DAILY, CAMPAIGNS)}


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: a stored sum, or `scale` times a ratio of two stored sums.

    `better` says which way is good: for a cost per something, low.
    """

    id: str
    label: str
    unit: Unit
    definition: str
    numerator: str
    denominator: str | None = None
    scale: int = 1
    better: Literal["high", "low"] = "high"
    synonyms: tuple[str, ...] = ()


def _words(text: str) -> tuple[str, ...]:
    """Phrases that bars part."""
    return tuple(" ".join(phrase.split()) for phrase in text.split("|"))


METRICS: dict[str, Metric] = {
    m.id: m
    for m in (
        Metric(
            "spend",
            "spend",
            "money",
            "what was paid for advertising",
            "spend",
            synonyms=_words(
                """
                cost | costs | ad spend | adspend | ad cost | media spend | media cost | burn |
                invest | invested | investment | spent | spending | spend | expenditure | outlay |
                we paid | paid for | pay | spends | spender | spenders | ad costs | ad budget
                spent | money spent | burned | burnt | investing | investments
                """
            ),
        ),
        Metric(
            "impressions",
            "impressions",
            "count",
            "how often ads were shown",
            "impressions",
            synonyms=_words("impression | impr | impressions | views | ad views | times shown"),
        ),
        Metric(
            "clicks",
            "clicks",
            "count",
            "how often ads were clicked",
            "clicks",
            synonyms=_words("click | clicks | link clicks | clicked | ad clicks"),
        ),
        Metric(
            "conversions",
            "conversions",
            "decimal",
            "purchases, leads or sign-ups counted by the platforms",
            "conversions",
            synonyms=_words(
                """
                conversion | conversions | leads | acquisitions | purchases | orders | sign-ups |
                signups | convs | converted | convert | lead | order | purchase | acquisition |
                sign-up | signup
                """
            ),
        ),
        Metric(
            "revenue",
            "revenue",
            "money",
            "money made through the conversions",
            "revenue",
            synonyms=_words(
                """
                sales | money made | turnover | income | conversion value | revenue | sales
                revenue | money did we make | money earned | earned | earnings | revenues
                """
            ),
        ),
        Metric(
            "ctr",
            "CTR",
            "percent",
            "clicks / impressions",
            "clicks",
            "impressions",
            synonyms=_words(
                """
                click-through rate | click through rate | clickthrough rate | click rate | clicks
                per impression | ctr | ctrs
                """
            ),
        ),
        Metric(
            "cpc",
            "CPC",
            "money",
            "spend / clicks",
            "spend",
            "clicks",
            better="low",
            synonyms=_words(
                """
                cost per click | click cost | click price | price per click | spend per click |
                cpc | cpcs
                """
            ),
        ),
        Metric(
            "cpm",
            "CPM",
            "money",
            "1000 × spend / impressions",
            "spend",
            "impressions",
            scale=1000,
            better="low",
            synonyms=_words(
                """
                cost per mille | cost per thousand | cost per thousand impressions | cost per 1000
                impressions | cost per 1,000 impressions | cpm | cpms
                """
            ),
        ),
        Metric(
            "cpa",
            "CPA",
            "money",
            "spend / conversions",
            "spend",
            "conversions",
            better="low",
            synonyms=_words(
                """
                cpl | cost per lead | cost per acquisition | cost per conversion | cost per order
                | cost per purchase | cost per sign-up | lead cost | lead costs | conversion cost
                | acquisition costs | cost per signup | cost per result | spend per conversion |
                spend per lead | acquisition cost | cpa | cpas | cpls
                """
            ),
        ),
        Metric(
            "conversion_rate",
            "conversion rate",
            "percent",
            "conversions / clicks",
            "conversions",
            "clicks",
            synonyms=_words(
                """
                cvr | cr | conversion rate | conv rate | conversion rates | conversions per click
                | converting | converts
                """
            ),
        ),
        Metric(
            "aov",
            "average order value",
            "money",
            "revenue / conversions",
            "revenue",
            "conversions",
            synonyms=_words(
                """
                average order value | aov | order value | revenue per conversion | revenue per
                order | average order | basket size | basket value | average basket
                """
            ),
        ),
        Metric(
            "roas",
            "ROAS",
            "ratio",
            "revenue / spend",
            "revenue",
            "spend",
            synonyms=_words(
                """
                return on ad spend | return on adspend | return on advertising spend | revenue per
                spend | roas | ad return
                """
            ),
        ),
    )
}

STORED_METRICS = tuple(m.id for m in METRICS.values() if m.denominator is None)
