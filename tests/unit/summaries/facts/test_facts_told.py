"""What is said of a week is so: rows on one side, the words about them on the other."""

from __future__ import annotations

import re

import pytest

from shared.domain.anomalies.records.ledger import Ledger, ledger_path
from shared.domain.summaries.checking import flaws
from shared.domain.summaries.phrases import LONGEST
from shared.domain.summaries.producing import drafted
from shared.domain.summaries.writing import MOST_WORDS, words, write
from shared.ports import Put
from tests.unit.summaries.facts.shops import (
    BEFORE,
    FIVE_WEEKS,
    LAST_WEEK,
    THIS_WEEK,
    WEEK,
    day,
    rows,
)
from tests.unit.summaries.facts.test_facts_pacing import plan


def said(shop, *parts):
    """The texts of these parts, or of all of them; blanks are blanks."""
    facts = shop.facts()
    told = write(facts, None)
    assert flaws(facts, told, told) == []
    found = told.model_dump(include=set(parts) or None, exclude={"engine"})
    texts = [t for part in found.values() for t in ([part] if isinstance(part, str) else part)]
    assert all(len(text) <= LONGEST for text in texts)
    return " | ".join(texts).replace("\u00a0", " ")


def holds(text, there, not_there):
    assert [one for one in there if one not in text] == [], text
    assert [one for one in not_there if re.search(one, text)] == [], text


ALIKE = "on the days that both weeks have"
# The rows; what is said; what nowhere is.
COMPARED = {
    "whole weeks": (
        [rows(LAST_WEEK, revenue=30), rows(THIS_WEEK, revenue=40)],
        ["Revenue", "€210 the week before"],
        [ALIKE],
    ),
    "the last day is not in yet": (
        [rows(range(-28, -1)), rows((-1,), revenue=2000), rows(range(6), revenue=45)],
        [f"Revenue came to €270, up 12 % {ALIKE}", "up 12 % on days both weeks have",
         "On the days that both weeks have, Meta brought €30 more revenue"],
        [r"\bfrom €", "€240", "after €", "(up|rose|down)[^,]* to €270"],
    ),
    "the week before lacks days": (
        [rows(range(-7, -2), revenue=30), rows(THIS_WEEK, revenue=40)],
        [f"Revenue came to €280, up 33 % {ALIKE}"],
        ["€150", "from €"],
    ),
    "nothing on like days": (
        [rows(range(-7, -3), revenue=0), rows(range(-3, 0), revenue=1000),
         rows(range(4), revenue=40)],
        [f"Revenue came to €160, up {ALIKE}", "more revenue"],
        ["from €0", "after nothing", "after €0", "much the same, "],
    ),
    "other days": (
        [rows(range(-4, 0)), rows(range(3))],
        ["there is nothing in the week before to compare it with"],
        ["no data", "much the same", "unchanged", "rose", "fell"],
    ),
    "no week before": (
        [rows(range(-28, -7)), rows(THIS_WEEK)],
        ["the week before has no data"],
        ["nothing in the week before"],
    ),
    "no revenue the week before": (
        [rows(BEFORE, revenue=None), rows(THIS_WEEK)],
        ["there is nothing in the week before to compare it with", "ROAS 4.00"],
        ["no data", "ROAS .* much the same"],
    ),
    "no revenue this week": (
        [rows(BEFORE), rows(THIS_WEEK, revenue=None)],
        ["There is no figure for revenue this week.", "Load the revenue of this week"],
        ["No channel moved", "carry on", "asks for action"],
    ),
    "one channel's revenue is not in": (
        [rows((*LAST_WEEK, *THIS_WEEK), channel="email"), rows(LAST_WEEK),
         rows(THIS_WEEK, revenue=None)],
        ["Meta has no figure for revenue this week."],
        ["No single channel"],
    ),
    "nearly all is gone": (
        [rows(LAST_WEEK, revenue=1000), rows(THIS_WEEK, revenue=1)],
        ["€7, from €7,000", "down to €7"],
        ["100 %"],
    ),
    "a fifth is gone": (
        [rows(FIVE_WEEKS[:-7], revenue=100, spend=10), rows(THIS_WEEK, revenue=70, spend=7)],
        ["Look into why revenue fell."],
        ["carry on", "asks for action"],
    ),
    "refunds": (
        [rows(LAST_WEEK), rows(range(5)), rows((5, 6), revenue=-30)],
        ["less revenue"],
        ["because"],
    ),
    "less than readers see": (
        [rows(LAST_WEEK, revenue="0.000001"), rows(THIS_WEEK, revenue="0.000002")],
        ["€0"],
        ["rose .*€0", "more revenue", "up .*€0"],
    ),
    "refunds before": (
        [rows(LAST_WEEK, revenue=-5), rows(THIS_WEEK, revenue=40)],
        ["from −€35"],
        ["much the same"],
    ),
    "the largest channel has less than half": (
        [rows(THIS_WEEK, channel=name, spend=spend)
         for name, spend in (("meta", 4), ("email", 3), ("organic", 3))],
        ["No channel spent more than Meta: €28 of €70."],
        ["Most of the spend"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", COMPARED)
def test_a_comparison_is_told_for_the_days_it_is_of(shop, case):
    found, there, not_there = COMPARED[case]
    shop.has(*found)
    holds(said(shop, "subject", "preheader", "opening", "changed", "next"), there, not_there)


# Budgets by first and last day, each of 10 a day from FIRST on; what is said, what is not.
TRACK = [(265, -7, 20)] * 10
BUDGETS = {
    "one of eleven is over": (
        [*TRACK, (135, -7, 6)], ["is €5 over its budget of €135"], ["All", "on track"],
    ),
    "one of thirteen is fast": (
        [(10000, 5, 20)] * 12 + [(210, -7, 20)],
        ["is spending too fast", "Slow c12 down"], ["All", "carry on", "asks for"],
    ),
    "all on track": (TRACK, ["All 10 campaigns with a budget are on track."], []),
    "some have only begun": (
        [*TRACK, (900, 6, 20)],
        ["Of 11 campaigns with a budget 10 are on track and 1 only just began."], ["All"],
    ),
    "all have only begun": (
        [(900, 6, 20)] * 2, ["All 2 campaigns with a budget only just began."], ["on track"],
    ),
    "one has only begun": ([(900, 6, 20)], ["c0 only just began: €10 of €900"], ["on track"]),
    "over and ended": (
        [(50, -7, 2)], ["c0 ended on 12 March and is €50 over its budget of €50."], ["runs until"],
    ),
    "ended": ([(100, -7, 2)], ["c0 ended on 12 March with €100 of €100 spent."], ["on track"]),
    "fast until next year": (
        [(210, -7, 400)], ["instead of 14 April 2026"], [r"14 April(?! 2026)"],
    ),
    "over until next year": ([(20, -7, 400)], ["until 14 April 2026"], [r"14 April(?! 2026)"]),
}  # fmt: skip


@pytest.mark.parametrize("case", BUDGETS)
def test_a_budget_is_told_as_it_stands(shop, case):
    plans, there, not_there = BUDGETS[case]
    for n, (_, first, _) in enumerate(plans):
        shop.has(rows(range(first, 7), campaign=f"c{n}", revenue=None, clicks=None))
    shop.plans(*(plan(*flight, f"c{n}") for n, flight in enumerate(plans)))
    holds(said(shop, "pacing", "next"), there, not_there)


def test_an_ended_flight_whose_last_days_are_not_in_is_not_told_what_to_do(shop):
    shop.has(rows(range(-7, 3)))
    shop.plans(plan(100, -7, 5))
    text = said(shop, "pacing", "next")
    holds(text, ["Spring ended on 15 March"], ["Slow Spring", "Let Spring", "lasts until"])


# How far scans have looked, and the anomalies that there are; whether it is said to be calm.
CALM = {
    "never scanned": (None, [], False),
    "scanned": (7, [], True),
    "scanned until the week's middle": (3, [], False),
    "all muted": (7, [{"muted_until": day(30)}], False),
    "one muted, one not": (7, [{"muted_until": day(30)}, {}], False),
}


@pytest.mark.parametrize("case", CALM)
def test_nothing_unusual_is_said_only_where_somebody_looked_and_saw_nothing(shop, case):
    scanned_to, anomalies, calm = CALM[case]
    shop.has(rows(FIVE_WEEKS))
    if scanned_to is not None:
        ledger = Ledger(scanned_to=day(scanned_to))
        shop.suite.documents.commit(Put(ledger_path(shop.project.id), ledger.data()))
    for n, told in enumerate(anomalies):
        shop.notices(f"a{n}", 2, 6, **told)
    text = said(shop, "anomalies")
    assert bool(re.search("Nothing unusual|No anomaly", text)) == calm
    assert ("nobody looked" in said(shop, "next")) == (scanned_to != 7)
    assert ("Headline" in text) == (len(anomalies) == 2)


LONG = "Spring sale of all the shoes that we have in the northern shops "
SAME = {
    "of one channel": [("meta", "Same", "x2"), ("meta", "Same", "x3")],
    "in other letters": [("meta", "Same", "x2"), ("meta", "SAME", "x3")],
    "cut alike": [("meta", LONG + "A", "x2"), ("meta", LONG + "B", "x3")],
    "with one id": [("meta", "Same", "x2"), ("email", "Same", "x2")],
    "with long ids": [("meta", "Same", "1" * 80 + "2"), ("meta", "Same", "1" * 80 + "3")],
}


@pytest.mark.parametrize("case", SAME)
def test_campaigns_of_one_name_are_told_apart(shop, case):
    for (channel, name, campaign_id), (before, now) in zip(
        SAME[case], ((10, 70), (70, 10)), strict=True
    ):
        known = {"channel": channel, "campaign": name, "campaign_id": campaign_id}
        shop.has(rows(LAST_WEEK, revenue=before, **known), rows(THIS_WEEK, revenue=now, **known))
    shop.has(rows((*LAST_WEEK, *THIS_WEEK), channel="meta", campaign="Else"))
    facts = shop.facts()
    steps = [text for text in write(facts, None).next if text.startswith(("Check", "See"))]
    names = [re.search(r"(?:Check|See whether) (.+?)(?:: it| can)", text)[1] for text in steps]
    assert len({name.casefold() for name in names}) == 2
    assert len({text.partition(" brought")[0] for text in write(facts, None).changed}) == 2


def test_a_name_of_one_campaign_stays_as_it_is(shop):
    shop.has(rows(LAST_WEEK, revenue=10), rows(THIS_WEEK, revenue=90))
    shop.plans(plan(280, -7, 20))
    facts = shop.facts()
    assert {facts.rising_campaigns[0].line.name, facts.pacing[0].name} == {"Spring"}


def test_many_channels_that_miss_days_are_grouped_and_counted(shop):
    gaps = [{n} for n in range(7)] + [{n, m} for n in range(7) for m in range(n)]
    for n, gap in enumerate(gaps[:26]):
        channel = f"my long channel name of the number {n:02}"
        shop.has(rows(BEFORE, channel=channel), rows(set(THIS_WEEK) - gap, channel=channel))
    shop.has(rows(FIVE_WEEKS), rows(BEFORE, channel="z" * 90), rows(BEFORE, channel="y" * 90))
    text = said(shop, "caveats")
    assert "and 23 more channels do not have data for each day of 10–16 March." in text
    assert words(write(shop.facts(), None)) <= MOST_WORDS
    assert drafted(shop.suite, shop.project, WEEK).narrative.caveats


TINY = {
    "money": {"spend": "0.000000001", "revenue": "0.000000001"},
    "leads": {"revenue": None, "conversions": 1e-12},
    "leads without a float to hold them": {"revenue": None, "conversions": 5e-324},
    "vast": {"revenue": None, "conversions": 1e300},
    "beyond": {"revenue": None, "conversions": 1.7e308},
}


@pytest.mark.parametrize("case", TINY)
def test_numbers_of_any_size_are_summed_up(shop, case):
    shop.has(rows(FIVE_WEEKS, **TINY[case]))
    draft = drafted(shop.suite, shop.project, WEEK)
    assert not draft.facts.empty
    assert not re.search(r"\bnan\b|\binf\b", draft.narrative.opening)
