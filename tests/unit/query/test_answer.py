"""What answers say, and that they say nothing that is not in the rows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from shared.domain.query.answer import answer_text
from shared.domain.query.models import ResultColumn
from shared.domain.query.plan import CampaignPlan, Days, Filter, Order, Period, Plan, Threshold
from shared.domain.query.result import Result
from shared.domain.vocabulary import Vocabulary

from .conftest import check_numbers

MARCH = Period(start=date(2025, 3, 1), end=date(2025, 3, 31), words="last month")
FEBRUARY = Period(start=date(2025, 2, 1), end=date(2025, 2, 28), words="the month before")
KNOWN = Vocabulary(1, date(2025, 1, 1), date(2025, 3, 31), ("email", "meta"), ())
NOTHING_KNOWN = Vocabulary(0, None, None, (), ())
WHEN = "last month (1–31 March 2025; source: channel_daily)"
BEFORE = "the month before (1–28 February 2025)"
META = Filter(field="channel", values=("meta",))


def plan(*metrics: str, by: tuple[str, ...] = (), period: Period = MARCH, **more: Any) -> Plan:
    return Plan(metrics=metrics, dimensions=by, period=period, **more)


def result(names: str, *rows: list[Any], truncated: bool = False) -> Result:
    columns = tuple(ResultColumn(name=name, type="STRING") for name in names.split())
    return Result(columns, list(rows), truncated)


CASES: list[tuple[str, Any, Result, str]] = [
    (
        "a single number",
        plan("spend"),
        result("spend", [1234.5]),
        f"Spend was €1,234.50 {WHEN}.",
    ),
    (
        "several numbers with a filter",
        plan("clicks", "ctr", "roas", filters=(META,)),
        result("clicks ctr roas", [12345, 0.034, 4.219]),
        f"Clicks were 12,345, CTR was 3.4 % and ROAS was 4.22 for meta {WHEN}.",
    ),
    (
        "a zero below the line",
        plan("cpc", filters=(Filter(field="channel", values=("meta",), negated=True),)),
        result("cpc", [None]),
        f"CPC was – (no clicks) without meta {WHEN}.",
    ),
    (
        "a ranking names the winner",
        plan("roas", by=("channel",)),
        result("channel roas", ["email", 8], ["google_ads", 3.5], ["meta", None]),
        f"email had the highest ROAS {WHEN}: 8.00. Next was google_ads (3.50).",
    ),
    (
        "winners that are equal",
        plan("conversions", by=("channel",)),
        result("channel conversions", ["email", 3.5], ["meta", 3.5]),
        f"email and meta had the highest conversions {WHEN}: 3.5.",
    ),
    (
        "the lowest of a ranking",
        plan("cpa", by=("campaign",), order=Order(by="cpa", descending=False), limit=1),
        result("campaign cpa", ["Brand", 0.5]),
        f"Brand had the lowest CPA {WHEN}: €0.50.",
    ),
    (
        "a ranking with a second metric",
        plan("spend", "roas", by=("channel",)),
        result("channel spend roas", ["meta", 90, 2], ["email", 10, None]),
        f"meta had the highest spend {WHEN}: €90.00 with ROAS 2.00. Next was email (€10.00).",
    ),
    (
        "a ranking of nothing but undefined values",
        plan("cpa", by=("channel",)),
        result("channel cpa", ["meta", None]),
        f"CPA is undefined (no conversions) {WHEN}.",
    ),
    (
        "weekdays are ranked by value, not by their place in the week",
        plan("clicks", by=("weekday",)),
        result("weekday clicks", ["Monday", 1], ["Tuesday", 3], ["Wednesday", 2]),
        f"Tuesday had the highest clicks {WHEN}: 3. Next were Wednesday (2) and Monday (1).",
    ),
    (
        "a trend tells first, last, high and low",
        plan("spend", by=("date",), grain="week"),
        result("date spend", ["2025-03-03", 10], ["2025-03-10", 40], ["2025-03-17", 5]),
        f"Spend {WHEN} went from €10.00 (the week of 3 March 2025) to €5.00 (the week of 17 March "
        "2025); highest €40.00 (the week of 10 March 2025), lowest €5.00 (the week of 17 March "
        "2025). The first week counts from 1 March 2025. The last week counts up to 31 March 2025.",
    ),
    (
        "half a week is neither the highest nor the lowest",
        plan("spend", by=("date",), grain="week"),
        result(
            "date spend",
            ["2025-02-24", 1],
            ["2025-03-03", 10],
            ["2025-03-10", 40],
            ["2025-03-31", 2],
        ),
        f"Spend {WHEN} went from €1.00 (the week of 24 February 2025) to €2.00 (the week of 31 "
        "March 2025); highest €40.00 (the week of 10 March 2025), lowest €10.00 (the week of 3 "
        "March 2025). The first week counts from 1 March 2025. The last week counts up to 31 March "
        "2025.",
    ),
    (
        "the best day is a ranking",
        plan("clicks", by=("date",), grain="day", order=Order(by="clicks"), limit=1),
        result("date clicks", ["2025-03-05", 7]),
        f"5 March 2025 had the highest clicks {WHEN}: 7.",
    ),
    (
        "a series over time names the series and the step",
        plan("clicks", by=("date", "channel"), grain="month"),
        result("date channel clicks", ["2025-03-01", "meta", 7]),
        f"meta (March 2025) had the highest clicks {WHEN}: 7.",
    ),
    (
        "a comparison up",
        plan("spend", compare_to=FEBRUARY),
        result("spend spend_previous spend_change", [125, 100, 0.25]),
        f"Spend was €125.00 {WHEN}, up 25 % from €100.00 {BEFORE}.",
    ),
    (
        "a comparison with days that have no name",
        plan("spend", compare_to=Period(start="2025-01-29", end="2025-02-28")),
        result("spend spend_previous spend_change", [125, 100, 0.25]),
        f"Spend was €125.00 {WHEN}, up 25 % from €100.00 (29 January – 28 February 2025).",
    ),
    (
        "a comparison down",
        plan("ctr", compare_to=FEBRUARY),
        result("ctr ctr_previous ctr_change", [0.02, 0.03, -1 / 3]),
        f"CTR was 2 % {WHEN}, down 33.3 % from 3 % {BEFORE}.",
    ),
    (
        "a comparison without change",
        plan("clicks", compare_to=FEBRUARY),
        result("clicks clicks_previous clicks_change", [5, 5, 0]),
        f"Clicks were 5 {WHEN}, unchanged from 5 {BEFORE}.",
    ),
    (
        "a comparison with nothing",
        plan("spend", compare_to=FEBRUARY),
        result("spend spend_previous spend_change", [5, None, None]),
        f"Spend was €5.00 {WHEN}, from – (not in the data) {BEFORE}.",
    ),
    (
        "a comparison of two metrics",
        plan("spend", "clicks", compare_to=FEBRUARY, filters=(META,)),
        result(
            "spend spend_previous spend_change clicks clicks_previous clicks_change",
            [2, 1, 1, 1, 2, -0.5],
        ),
        f"For meta {WHEN} compared with {BEFORE}: spend €2.00, up 100 % from €1.00; "
        "clicks 1, down 50 % from 2.",
    ),
    (
        "a comparison of channels",
        plan("clicks", by=("channel",), compare_to=FEBRUARY),
        result(
            "channel clicks clicks_previous clicks_change",
            ["a", 9, 8, 0.125],
            ["b", 3, 4, -0.25],
        ),
        f"Last month (1–31 March 2025; source: channel_daily) compared with {BEFORE}, clicks: "
        "a 9, up 12.5 % from 8; b 3, down 25 % from 4.",
    ),
    (
        "a comparison of many tells the extremes",
        plan("clicks", by=("channel",), compare_to=FEBRUARY),
        result(
            "channel clicks clicks_previous clicks_change",
            ["a", 9, 8, 0.125],
            ["b", 3, 4, -0.25],
            ["c", 4, 4, 0],
            ["d", 8, 4, 1],
        ),
        f"Last month (1–31 March 2025; source: channel_daily) compared with {BEFORE}, largest "
        "changes of clicks: d 8, up 100 % from 4; a 9, up 12.5 % from 8; b 3, down 25 % from 4.",
    ),
    (
        "the largest changes of a ratio are fractions, biggest first",
        plan("roas", by=("channel",), compare_to=FEBRUARY),
        result(
            "channel roas roas_previous roas_change",
            ["a", 9, 8, 0.125],
            ["b", 1, 4, -0.75],
            ["c", 4, 4, 0],
            ["new", 7, None, None],
            ["e", 3, 2, 0.5],
        ),
        f"Last month (1–31 March 2025; source: channel_daily) compared with {BEFORE}, largest "
        "changes of ROAS: b 1.00, down 75 % from 4.00; e 3.00, up 50 % from 2.00; "
        "a 9.00, up 12.5 % from 8.00.",
    ),
    (
        "what fell",
        plan("clicks", by=("channel",), compare_to=FEBRUARY, moved="down"),
        result("channel clicks clicks_previous clicks_change", ["b", 3, 4, -0.25]),
        f"Last month (1–31 March 2025; source: channel_daily) compared with {BEFORE}, lower "
        "clicks: b 3, down 25 % from 4.",
    ),
    (
        "the smallest fall",
        plan(
            "clicks",
            by=("channel",),
            compare_to=FEBRUARY,
            moved="down",
            order=Order(by="clicks_change"),
            limit=1,
        ),
        result("channel clicks clicks_previous clicks_change", ["b", 3, 4, -0.25]),
        f"Last month (1–31 March 2025; source: channel_daily) compared with {BEFORE}, smallest "
        "fall of clicks: b 3, down 25 % from 4.",
    ),
    (
        "nothing grew",
        plan("revenue", by=("channel",), compare_to=FEBRUARY, moved="up", limit=1),
        result("channel revenue revenue_previous revenue_change"),
        f"No channel had higher revenue {WHEN} compared with {BEFORE}.",
    ),
    (
        "nothing to have grown from",
        plan(
            "revenue",
            by=("channel",),
            compare_to=Period(start="2024-02-01", end="2024-02-28"),
            moved="up",
        ),
        result("channel revenue revenue_previous revenue_change"),
        "There are no data to compare with: they begin on 1 January 2025.",
    ),
    (
        "no month passes a threshold",
        plan(
            "roas",
            by=("date",),
            grain="month",
            thresholds=(Threshold(metric="roas", operator=">", value=9),),
        ),
        result("date roas"),
        f"No month had ROAS above 9.00 {WHEN}.",
    ),
    (
        "shares",
        plan("spend", by=("channel",), share=True),
        result("channel spend spend_share", ["meta", 75, 0.75], ["email", 25, 0.25]),
        f"Shares of spend {WHEN}: meta 75 % (€75.00) and email 25 % (€25.00).",
    ),
    (
        "shares of nothing",
        plan("spend", by=("channel",), share=True),
        result("channel spend spend_share", ["meta", 0, None]),
        f"There was no spend to have a share of {WHEN}.",
    ),
    (
        "who passes a threshold",
        plan(
            "ctr", by=("campaign",), thresholds=(Threshold(metric="ctr", operator=">", value=0.02),)
        ),
        result("campaign ctr", ["A", 0.034], ["B", 0.021]),
        f"A (3.4 %) and B (2.1 %) had CTR above 2 % {WHEN}.",
    ),
    (
        "nobody passes a threshold",
        plan(
            "ctr", by=("campaign",), thresholds=(Threshold(metric="ctr", operator=">", value=0.5),)
        ),
        result("campaign ctr"),
        f"No campaign had CTR above 50 % {WHEN}.",
    ),
    (
        "no data for the period",
        plan(
            "spend", period=Period(start=date(2024, 5, 1), end=date(2024, 5, 31)), filters=(META,)
        ),
        result("spend"),
        "There are no data for meta from 1 to 31 May 2024 (source: channel_daily); "
        "data cover 1 January – 31 March 2025.",
    ),
    (
        "a period that was assumed, is not over and goes past the data",
        plan(
            "clicks",
            period=Period(
                start=date(2025, 3, 30), end=date(2025, 4, 2), assumed=True, partial=True
            ),
        ),
        result("clicks", [3]),
        "Clicks were 3 from 30 March to 2 April 2025 (source: channel_daily). No period was named, "
        "so this one is assumed. The period is not over: it counts up to 2 April 2025. "
        "Data end on 31 March 2025.",
    ),
    (
        "a table that was cut",
        plan("clicks", by=("campaign",)),
        result("campaign clicks", ["A", 3], truncated=True),
        f"A had the highest clicks {WHEN}: 3. The table is cut: there are more rows.",
    ),
    (
        "one fact about a campaign",
        CampaignPlan(facts=("budget",), campaigns=("Brand",)),
        result("name budget", ["Brand", 5000]),
        "The budget of Brand is €5,000.00 (source: campaigns).",
    ),
    (
        "the largest budget",
        CampaignPlan(facts=("budget",), order=Order(by="budget"), limit=1),
        result("name budget", ["Brand", 5000]),
        "Brand has the largest budget: €5,000.00 (source: campaigns).",
    ),
    (
        "the campaign that ends first",
        CampaignPlan(facts=("end_date",), order=Order(by="end_date", descending=False), limit=1),
        result("name end_date", ["Brand", "2025-01-02"]),
        "Brand has the earliest end date: 2 January 2025 (source: campaigns).",
    ),
    (
        "a fact that is not stored",
        CampaignPlan(facts=("end_date",), campaigns=("Brand",)),
        result("name end_date", ["Brand", None]),
        "No end date is stored for Brand (source: campaigns).",
    ),
    (
        "several facts",
        CampaignPlan(facts=("start_date", "objective"), campaigns=("Brand",)),
        result("name start_date objective", ["Brand", "2025-01-01", "leads"]),
        "Brand: start date 1 January 2025 and objective leads (source: campaigns).",
    ),
    (
        "campaigns that are active",
        CampaignPlan(facts=("name",), active=Days(start=date(2025, 3, 3), end=date(2025, 3, 3))),
        result("name", ["A"], ["B"]),
        "Campaigns active on 3 March 2025: A and B (source: campaigns).",
    ),
    (
        "a campaign without facts",
        CampaignPlan(facts=("budget",), campaigns=("Brand",)),
        result("name budget"),
        "No campaign facts of Brand are stored (source: campaigns).",
    ),
]


@pytest.mark.parametrize(
    ("asked", "found", "text"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_the_answer_says(asked: Any, found: Result, text: str) -> None:
    assert answer_text(asked, found, "EUR", KNOWN) == text


def test_without_an_import_the_answer_says_so() -> None:
    assert answer_text(plan("spend"), result("spend"), "EUR", NOTHING_KNOWN) == (
        "No data have been imported yet."
    )


@pytest.mark.parametrize(
    ("currency", "written"),
    [
        ("EUR", "€1,234.56"),
        ("USD", "$1,234.56"),
        ("GBP", "£1,234.56"),
        ("JPY", "¥1,235"),
        ("CHF", "1,234.56 CHF"),
        ("SEK", "1,234.56 SEK"),
    ],
)
def test_money_is_written_in_the_projects_currency(currency: str, written: str) -> None:
    text = answer_text(plan("spend"), result("spend", [1234.56]), currency, KNOWN)
    assert text == f"Spend was {written} {WHEN}."


def test_refunds_are_negative() -> None:
    text = answer_text(plan("revenue"), result("revenue", [-5]), "EUR", KNOWN)
    assert text == f"Revenue was −€5.00 {WHEN}."


@pytest.mark.parametrize(("asked", "found"), [c[1:3] for c in CASES], ids=[c[0] for c in CASES])
def test_every_number_in_the_text_is_in_the_rows_or_in_the_question(
    asked: Any, found: Result
) -> None:
    check_numbers(asked, found, answer_text(asked, found, "EUR", KNOWN))
