"""What questions mean: tables of questions and readings, and what holds for every question.

A reading is written as a short text, so that a table can hold it; see `shown`.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.query.plan import (
    AnyPlan,
    BudgetPlan,
    CampaignPlan,
    Clarification,
    Days,
    Filter,
    Period,
    Plan,
    Reading,
    Unanswerable,
)
from shared.domain.query.reading import Context, read_question
from shared.domain.query.reading.lexicon import known_words, lexicon
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


def vocabulary(campaigns: dict[str, str]) -> Vocabulary:
    named = [
        CampaignName(name, name, (channel,), *(OVER if "Launch" in name else (FIRST, LAST)))
        for name, channel in campaigns.items()
    ]
    return Vocabulary(1, FIRST, LAST, tuple(sorted(set(campaigns.values()))), tuple(named))


DEMO = vocabulary(CAMPAIGNS)


def read(question: str, known: Vocabulary = DEMO, previous: Reading | None = None) -> Reading:
    before = previous if isinstance(previous, Plan) else None
    return read_question(question, Context(TODAY, 0, known, before))


def table(*names: str) -> list[list[str]]:
    texts = [(Path(__file__).parent / name).read_text(encoding="utf-8") for name in names]
    lines = [line for text in texts for line in text.splitlines()]
    rows = [line.split(" => ") for line in lines if line and not line.startswith("#")]
    return [[*row[:-1], with_days(row[-1])] for row in rows]


def with_days(expected: str) -> str:
    for name, days in PERIODS.items():
        expected = expected.replace(f"{{{name}}}", days)
    return expected


def shown(reading: Reading) -> str:
    """A reading as the tables write it: the default period is left out."""
    if isinstance(reading, Clarification):
        return f"clarify: {' / '.join(reading.choices)}"
    if isinstance(reading, Unanswerable):
        return f"cannot: {reading.because}"
    if isinstance(reading, BudgetPlan):
        stands = {True: "over", False: "within", None: ""}[reading.over]
        counted = "count" if reading.count else ""
        return barred("spent of budget", ", ".join(reading.campaigns), stands, counted)
    if isinstance(reading, CampaignPlan):
        return barred(
            f"campaigns: {', '.join(reading.facts)}",
            ", ".join(reading.campaigns),
            f"active {span(reading.active)}" if reading.active else "",
            f"starts {span(reading.starts)}" if reading.starts else "",
            f"ends {span(reading.ends)}" if reading.ends else "",
            *order(reading),
            "count" if reading.count else "",
        )
    steps = [str(reading.grain) if d == "date" else d for d in reading.dimensions]
    return barred(
        ", ".join(reading.metrics) + (f" by {', '.join(steps)}" if steps else ""),
        *(kept_to(condition) for condition in reading.filters),
        days(reading.period),
        f"vs {days(reading.compare_to)}" if reading.compare_to else "",
        *(f"{t.metric} {t.operator} {t.value:.10g}" for t in reading.thresholds),
        *order(reading),
        f"moved {reading.moved}" if reading.moved else "",
        f"change {c.operator} {c.value:g}" if (c := reading.change_limit) else "",
        f"per {a.step} of {a.steps}" if (a := reading.average) else "",
        "count" if reading.count else "",
        "share" if reading.share else "",
        reading.chart or "",
    )


def span(days: Days) -> str:
    return f"{days.start}" if days.start == days.end else f"{days.start} .. {days.end}"


def barred(*parts: str) -> str:
    return " | ".join(part for part in parts if part)


def kept_to(condition: Filter) -> str:
    return f"{'not ' if condition.negated else ''}{condition.field} {', '.join(condition.values)}"


def order(plan: Plan | CampaignPlan) -> list[str]:
    by = plan.order
    first = f"{by.by} {'desc' if by.descending else 'asc'}" if by else ""
    return [first, f"top {plan.limit}" if plan.limit else ""]


def days(period: Period) -> str:
    if period.assumed and period.start == TODAY - timedelta(days=30):
        return ""
    assumed = "assumed " if period.assumed else ""
    end = f" .. {period.end}" if period.end != period.start else ""
    return f"{assumed}{period.start}{end}{' partial' if period.partial else ''}"


def check(reading: Reading, expected: str) -> None:
    """Of an unanswerable question the table gives a word of the reason."""
    text = shown(reading)
    if expected.startswith("cannot:"):
        assert text.startswith("cannot:"), text
        assert expected.removeprefix("cannot:").strip().casefold() in text.casefold()
    else:
        assert text == expected


QUESTIONS = table("questions.txt", "held_out.txt", "everyday.txt")


@pytest.mark.parametrize(("question", "expected"), QUESTIONS)
def test_a_question_is_read(question, expected):
    check(read(question), expected)


@pytest.mark.parametrize(("before", "question", "expected"), table("follow_ups.txt"))
def test_a_follow_up_changes_the_plan_before(before, question, expected):
    check(read(question, previous=read(before)), expected)


@pytest.mark.parametrize("question", [question for question, _ in QUESTIONS])
def test_whatever_is_offered_instead_can_be_answered(question):
    reading = read(question)
    offered = {
        Clarification: lambda: reading.choices,
        Unanswerable: lambda: reading.instead,
    }.get(type(reading), tuple)()
    for choice in offered:
        assert isinstance(read(choice), AnyPlan), choice


@pytest.mark.parametrize("question", [question for question, _ in QUESTIONS])
def test_case_spaces_and_a_question_mark_change_nothing(question):
    plan = read(question)
    if isinstance(plan, Plan):
        assert read(f"  {question.upper()} ?") == plan


NAMES = {
    "Sales": "meta",
    "May": "meta",
    "Brand": "meta",
    "Always-On | DE": "meta",
    "Always On FR": "meta",
    "Email": "meta",
    "Über Größe": "own_portal",
    "Buy 1 Get 1": "own_portal",
    "summer-sale": "own_portal",
    "Summer_Sale": "own_portal",
    "GoogleShoppingMax": "own_portal",
    "夏季促销": "own_portal",
    "Campaign_77": "email",
    "Black Friday 2024": "email",
    "Black Friday 2025": "email",
}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("sales last month", "revenue | {feb}"),
        ("clicks of “Sales” last month", "clicks | campaign Sales | {feb}"),
        ("clicks of the Sales campaign last month", "clicks | campaign Sales | {feb}"),
        ("clicks in May", "clicks | 2024-05-01 .. 2024-05-31"),
        ("clicks of campaign May", "clicks | campaign May"),
        ("clicks for always on de", "clicks | campaign Always-On | DE"),
        ("clicks for always-on fr", "clicks | campaign Always On FR"),
        (
            "clicks for always on",
            "clarify: clicks for “Always On FR” / clicks for “Always-On | DE”",
        ),
        ("clicks of email", "clarify: clicks of channel “email” / clicks of campaign “Email”"),
        ("clicks of the Email campaign", "clicks | campaign Email"),
        ("clicks of the email channel", "clicks | channel email"),
        ("clicks of own portal", "clicks | channel own_portal"),
        ("clicks of uber große", "clicks | campaign Über Größe"),
        ("clicks of ÜBER GRÖSSE", "clicks | campaign Über Größe"),
        ("clicks of buy 1 get 1", "clicks | campaign Buy 1 Get 1"),
        ("clicks of summer-sale", "clicks | campaign summer-sale"),
        ("clicks of Summer_Sale", "clicks | campaign Summer_Sale"),
        ("clicks of summer sale", "clarify: clicks of “summer-sale” / clicks of “Summer_Sale”"),
        ("clicks of google shopping max", "clicks | campaign GoogleShoppingMax"),
        ("clicks of 夏季促销", "clicks | campaign 夏季促销"),
        ("clicks of black friday 2024", "clicks | campaign Black Friday 2024"),
        ("clicks of black friday 2023", "cannot: black friday 2023"),
        ("clicks of größe", "clicks | campaign Über Größe"),
        ("clicks of shopping", "cannot: shopping"),
        ("clicks of blak friday 2025", "clicks | campaign Black Friday 2025"),
        ("clicks of google", "cannot: google"),
        ("clicks of Campaign_77", "clicks | campaign Campaign_77"),
        ("clicks of campaign 77", "clicks | campaign Campaign_77"),
        ("clicks of Campaign_78", "cannot: Campaign_78"),
    ],
)
def test_names_are_the_tenants_own(question, expected):
    check(read(question, vocabulary(NAMES)), with_days(expected))


STRANGERS = """
    Bing Costa Marc Vice Target Criteo Taboola Quora Spotify Twitch Yelp Waze Roku Awin Walmart
    Yahoo Line Vimeo Tumblr Reddit Discord WhatsApp WeChat Zalando Otto Shopify Klaviyo Martin
    Steven Miller Shop Chase Sport Winter Christmas Berlin Spain Kids Premium Basic Alpha
    Metal Beat Giggle Organic Referral Video Radio Print Partner Meat Coral Lime
"""


@pytest.mark.parametrize("name", STRANGERS.split())
@pytest.mark.parametrize("question", ["spend for {}", "How much did {} cost last month?"])
def test_a_name_that_is_not_there_is_never_passed_over(name, question):
    assert isinstance(read(question.format(name)), Unanswerable)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=5, max_size=12))
def test_a_word_that_means_nothing_is_never_passed_over(word):
    if word not in known_words():
        assert read(f"spend for {word} last month") != read("spend for last month")


@given(st.text(max_size=1000))
def test_any_text_has_a_reading(text):
    assert isinstance(read(text), Reading)


PHRASES = sorted(" ".join(words) for words in lexicon())
PARTS = st.sampled_from([*PHRASES, *CAMPAIGNS, "google", "last month", "Q1 2024", "50 %", "3"])


@given(st.lists(PARTS, max_size=40).map(" ".join), st.sampled_from([q for q, _ in QUESTIONS]))
def test_any_words_of_the_grammar_have_a_reading_also_after_another(words, before):
    assert isinstance(read(words, previous=read(before)), Reading)


def test_two_days_of_reading_give_the_same_plan_but_for_its_days():
    question = "spend by channel on 2025-03-01"
    later = read_question(question, Context(TODAY + timedelta(days=40), 0, DEMO))
    assert later == read(question)


def test_the_plan_keeps_the_projects_week():
    plan = read_question("spend by week this year", Context(TODAY, 6, DEMO))
    assert isinstance(plan, Plan)
    assert plan.week_start == 6


def test_questions_are_read_before_any_data_are_there():
    nothing = Vocabulary(0, None, None, (), ())
    assert shown(read("spend so far", nothing)) == "spend"
    assert shown(read("spend by channel before March", nothing)).startswith("spend by channel | 20")
    assert isinstance(read("spend for google", nothing), Unanswerable)


@pytest.mark.parametrize(
    ("question", "note"),
    [
        ("clicks of retargeting", "Read as the campaign FB_Retargeting."),
        ("clicks of retargetting yesterday", "Read as the campaign FB_Retargeting."),
        ("winback and display", "Read as the campaigns Email_Winback and Google_Display."),
        ("why is email so good? email clicks in March", "Only the last sentence is answered."),
    ],
)
def test_the_plan_notes_how_it_was_understood(question, note):
    plan = read(question)
    assert isinstance(plan, Plan)
    assert plan.notes == (note,)


@pytest.mark.parametrize("question", ["clicks of FB_Retargeting", "clicks of the search campaigns"])
def test_what_was_named_in_full_needs_no_note(question):
    plan = read(question)
    assert isinstance(plan, Plan)
    assert plan.notes == ()


def test_more_names_than_a_plan_holds_are_refused():
    many = vocabulary({f"Search_{n}": "meta" for n in range(600)})
    assert isinstance(read("spend of the search campaigns", many), Unanswerable)


def test_steps_without_a_period_begin_with_the_first_whole_one_that_the_data_cover():
    young = Vocabulary(1, date(2025, 1, 20), LAST, ("meta",), ())
    assert shown(read("spend by month", young)) == "spend by month | assumed " + PERIODS["feb"]
    assert shown(read("spend by quarter", young)) == (
        "spend by quarter | assumed 2025-01-20 .. 2025-03-11"
    )
