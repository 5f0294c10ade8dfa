"""The project that every question is asked about: an outdoor shop in Berlin, seen from a Wednesday.

Drawn once from a fixed seed, so that what a question means can be worked out from the same rows.
It has what real accounts have: near-duplicate names, quoted words and signs in names, a campaign
named like its channel, refunds on a day of their own, channels that cost nothing, fractional
conversions, days that never arrived, and today, which is not over.
"""

from __future__ import annotations

import csv
import io
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from shared.domain.access import Access, Caller, enter
from shared.domain.query.asking import ask
from shared.domain.query.models import QueryAnswer, QuestionRequest

PROJECT, EMAIL = "trailhead", "ann@example.com"
TODAY = date(2026, 3, 18)
FIRST_DAY = date(2025, 1, 1)
SEED = 20260318

# channel | name | first and last day, if it has any | euros a day | euros per thousand impressions
# | clicks per impression | conversions per click | euros per conversion | objective | budget
_TABLE = """
google_ads|Brand_Search_DE||140|22|.082|.061|84|conversions|52000
google_ads|Brand_Search_UK||95|25|.074|.055|91|conversions|36000
google_ads|Generic Search EU||310|31|.034|.021|79|conversions|110000
google_ads|Shopping - Running Shoes||260|12|.012|.024|96|sales|95000
google_ads|PMax "Bestsellers"||330|9|.011|.028|88|sales|120000
google_ads|Competitor Conquest|2025-04-01 2026-06-30|60|40|.021|.009|70|traffic|20000
google_ads|Spring_Sale_2025|2025-03-01 2025-04-30|180|14|.025|.031|74|sales|11000
google_ads|Spring_Sale_2026|2026-02-23 2026-04-30|210|15|.026|.029|77|sales|14000
meta|Summer Splash 2025|2025-06-01 2025-08-31|220|8|.014|.018|69|sales|20000
meta|Black Friday 2025|2025-11-10 2025-12-01|640|13|.019|.034|82|sales|15000
meta|Winter_Sale_2026|2026-01-02 2026-01-31|250|10|.017|.026|71|sales|7500
meta|Retargeting_30d||85|11|.021|.041|76|conversions|31000
meta|Lookalike 1% Buyers||150|9|.013|.015|80|conversions|56000
meta|Advantage+ Shopping|2025-05-12 2026-12-31|280|10|.015|.023|85|sales|150000
meta|Always On||120|7|.009|.011|73|awareness|45000
tiktok|Creator Challenge|2025-09-01 2025-10-15|130|5|.008|.007|48|awareness|6000
tiktok|GenZ_Awareness_Q1|2026-01-05 2026-03-31|160|4|.007|.006|45|awareness|13500
tiktok|Spark Ads "Unboxing"|2025-02-10 2026-12-31|90|6|.011|.009|51|traffic|60000
tiktok|Back to School|2025-08-01 2025-09-15|110|5|.010|.012|55|sales|5000
linkedin|B2B Leads DACH||125|48|.006|.032|210|leads|47000
linkedin|Whitepaper Download|2025-03-17 2026-12-31|70|44|.005|.060|60|leads|25000
linkedin|Webinar_Series_2025|2025-02-03 2025-12-15|55|46|.005|.045|75|leads|16000
linkedin|ABM Tier 1|2025-10-06 2026-06-30|95|62|.004|.021|420|leads|24000
email|Weekly Newsletter||12|3|.024|.022|66|retention|
email|Cart Abandonment||5|4|.061|.085|72|retention|
email|Welcome Flow||4|3|.043|.047|58|retention|
email|Winback_90d|2025-07-01 2026-12-31|3|3|.017|.013|54|retention|1500
email|Last Chance|2025-12-08 2026-03-31|6|3|.020|.031|63|sales|900
organic|Blog||0|1900|.031|.012|64||
organic|Social Posts||0|1200|.014|.008|57||
podcast|Podcast|2025-04-07 2026-12-31|75|30|.004|.034|92|awareness|30000
podcast|Host Reads Autumn|2025-09-15 2025-11-30|140|33|.005|.031|95|awareness|10500
microsoft_ads|Bing Brand||28|18|.071|.052|90|conversions|10500
microsoft_ads|Bing Generic|2025-06-16 2026-12-31|45|21|.026|.017|83|traffic|18000
"""
_WEEKDAYS = (1.08, 1.04, 1.0, 0.98, 0.95, 0.88, 1.06)
_MONTHS = (0.92, 0.9, 1.0, 1.04, 1.06, 1.0, 0.94, 0.97, 1.03, 1.08, 1.32, 1.2)
_MISSING = {
    ("tiktok", date(2025, 7, 14), date(2025, 7, 16)),
    ("microsoft_ads", date(2026, 3, 5), date(2026, 3, 5)),
    ("linkedin", date(2025, 11, 22), date(2025, 11, 23)),
}
_REFUND_EVERY = 47  # days, of a campaign
_DAY_SO_FAR = 0.34
COUNTS = ("impressions", "clicks")
MEASURES = ("spend", *COUNTS, "conversions", "revenue")


@dataclass(frozen=True, slots=True)
class Campaign:
    """One line of the table; without dates it has always run."""

    channel: str
    name: str
    start: date | None
    end: date | None
    spend: float
    cpm: float
    ctr: float
    rate: float
    value: float
    objective: str
    budget: str

    @property
    def id(self) -> str:
        return f"{self.channel}-{sum(map(ord, self.name))}"

    def runs(self, day: date) -> bool:
        late = any(c == self.channel and a <= day <= b for c, a, b in _MISSING)
        return not late and (self.start or FIRST_DAY) <= day <= (self.end or TODAY)


def campaigns() -> Iterator[Campaign]:
    """All campaigns, as the table has them."""
    for line in _TABLE.strip().splitlines():
        channel, name, days, *numbers, objective, budget = (p.strip() for p in line.split("|"))
        start, end = map(date.fromisoformat, days.split()) if days else (None, None)
        yield Campaign(channel, name, start, end, *map(float, numbers), objective, budget)


@cache
def rows() -> pd.DataFrame:
    """channel_daily of the project, today's part of a day included."""
    drawn = [row for campaign in campaigns() for row in _days_of(campaign)]
    return pd.DataFrame(drawn).astype({"date": "datetime64[ns]"})


@cache
def facts() -> pd.DataFrame:
    """The table campaigns: None where nothing is stored."""
    return pd.DataFrame(
        {
            "campaign_id": c.id,
            "name": c.name,
            "objective": c.objective or None,
            "budget": float(c.budget) if c.budget else None,
            "start_date": c.start and c.start.isoformat(),
            "end_date": c.end and c.end.isoformat(),
        }
        for c in campaigns()
    ).astype(object)


def _days_of(campaign: Campaign) -> Iterator[dict[str, Any]]:
    chance = random.Random(f"{SEED} {campaign.id}")
    for number in range((TODAY - FIRST_DAY).days + 1):
        day = FIRST_DAY + timedelta(days=number)
        if campaign.runs(day):
            refund = (number + len(campaign.name)) % _REFUND_EVERY == 0
            key = {"date": day, "channel": campaign.channel, "campaign_id": campaign.id}
            yield {**key, "campaign": campaign.name, **_measures(campaign, day, chance, refund)}


def _measures(c: Campaign, day: date, chance: random.Random, refund: bool) -> dict[str, Any]:
    mood = random.Random(f"{SEED} {c.id} {day:%Y-%m}")
    size = _WEEKDAYS[day.weekday()] * _MONTHS[day.month - 1] * _around(chance, 0.12)
    size *= _around(mood, 0.2)
    size *= _DAY_SO_FAR if day == TODAY else 1
    impressions = round((c.spend * 1000 / c.cpm if c.spend else c.cpm) * size)
    clicks = round(impressions * c.ctr * _around(mood, 0.1) * _around(chance, 0.08))
    conversions = clicks * c.rate * _around(mood, 0.15) * _around(chance, 0.2)
    conversions = (
        round(conversions, 2)
        if c.channel in ("meta", "podcast")
        else int(conversions + chance.random())
    )
    revenue = round(conversions * c.value * _around(chance, 0.1), 2)
    return {
        "spend": round(c.spend * size, 2),
        "impressions": impressions,
        "clicks": clicks,
        "conversions": float(conversions),
        "revenue": round(revenue - 2.5 * c.value, 2) if refund else revenue,
    }


def _around(chance: random.Random, spread: float) -> float:
    return math.exp(chance.gauss(0, spread))


@dataclass
class Asker:
    """A member of the project at the operation behind POST …/query."""

    app: Any
    access: Access
    asked: int = 0

    def ask(self, question: str, session: str | None = None) -> QueryAnswer:
        self.asked += 1
        request = QuestionRequest(question=question, session_id=session)
        return ask(self.app.suite, self.access, request, f"question-{self.asked}")


def open_project(folder: Path) -> Asker:
    """The project in a suite of its own, through its own import, without any model."""
    from tests.conftest import make_world

    world = make_world(folder, AIMS_TODAY=TODAY.isoformat())
    person = world.person(EMAIL).opens(PROJECT, currency="EUR")
    _accepted(person.imports(PROJECT, _csv(rows())), len(rows()))
    path = f"/v1/projects/{PROJECT}/campaigns:import"
    headers = {"Content-Type": "text/csv"}
    _accepted(person.call("POST", path, data=_csv(facts()), headers=headers), len(facts()))
    uid = person.get("/v1/me").get_json().get("uid", EMAIL)
    caller = Caller(uid, EMAIL)
    return Asker(world.app, enter(world.app.suite.documents, caller, PROJECT, "viewer"))


def _csv(table: pd.DataFrame) -> str:
    out = io.StringIO()
    table.to_csv(out, index=False, date_format="%Y-%m-%d", quoting=csv.QUOTE_MINIMAL)
    return out.getvalue()


def _accepted(response: Any, lines: int) -> None:
    report = response.get_json()
    assert response.status_code == 200, report
    assert report["inserted"] == lines and not report["rejected"], report
