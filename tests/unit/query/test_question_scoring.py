"""The scorer of questions: what passes, what does not, and that its questions are sound."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import cache
from hashlib import sha256
from typing import Any

import pytest

from shared.domain.query.models import Chart, QueryAnswer, ResultColumn
from tests.bench.questions.matching import right, tells
from tests.bench.questions.reference import average, counted, expected, listed
from tests.bench.questions.scoring import SETS, cases, judge
from tests.bench.questions.world import rows

BY_CHANNEL = {"metrics": ["spend", "cpa"], "by": "channel", "period": "last_month"}
TOP = {"metrics": "spend", "by": "channel", "period": "last_month", "order": "-spend", "top": 3}
BEST = {**TOP, "top": "1+"}
BY_WEEK = {"metrics": "spend", "by": "week", "period": "last_month"}
TOTAL = {"metrics": "spend", "period": "last_month"}
BUDGET = {"facts": "budget", "campaign": "Black Friday 2025"}
SHARE = {"metrics": "spend", "by": "channel", "period": "last_month", "share": True}
Table = list[dict[str, Any]]


def answered(told: Table, text: str = "", kind: Any = "sql_result", **more: Any) -> QueryAnswer:
    names = list(told[0]) if told else ["spend"]
    return QueryAnswer(
        session_id="s",
        turn_id="t",
        type=kind,
        answer=text,
        columns=[ResultColumn(name=name, type="STRING") for name in names],
        rows=[list(row.values()) for row in told],
        **more,
    )


def refused(kind: Any, *choices: str) -> QueryAnswer:
    return answered([], "Which one?", kind, suggestions=list(choices))


def table(spec: dict[str, Any]) -> Table:
    """What is right, as rows of an answer."""
    found = expected(spec)
    kept = found.table.astype(object).where(found.table.notna(), None)
    return kept.reset_index().to_dict("records")


@cache
def _records() -> Table:
    return rows().to_dict("records")


def sums(days: tuple[date, date], **equal: str) -> dict[str, float]:
    """Totals the plain way, one row after another."""
    total: Counter[str] = Counter()
    for row in _records():
        same = all(row[name] == value for name, value in equal.items())
        if same and days[0] <= row["date"].date() <= days[1]:
            for name in ("spend", "clicks", "conversions", "revenue"):
                total[name] += row[name]
    return total


FEBRUARY = (date(2026, 2, 1), date(2026, 2, 28))


def test_a_ratio_is_a_ratio_of_sums():
    plain = sums(FEBRUARY, channel="meta")
    found = expected({"metrics": ["cpa", "roas"], "channel": "meta", "period": "last_month"}).table
    assert found["cpa"].iloc[0] == pytest.approx(plain["spend"] / plain["conversions"])
    assert found["roas"].iloc[0] == pytest.approx(plain["revenue"] / plain["spend"])


def test_what_is_left_out_is_the_whole_without_it():
    without = {"metrics": "spend", "not_channel": "meta", "period": "last_month"}
    part = sums(FEBRUARY)["spend"] - sums(FEBRUARY, channel="meta")["spend"]
    assert expected(without).table["spend"].iloc[0] == pytest.approx(part)


def test_a_share_is_of_the_whole_though_one_part_is_picked():
    (row,) = table({**SHARE, "pick": {"channel": "meta"}})
    whole, part = sums(FEBRUARY)["spend"], sums(FEBRUARY, channel="meta")["spend"]
    assert row["spend_share"] == pytest.approx(part / whole)


def test_nothing_spent_has_no_return_and_no_part_in_a_ranking():
    ranked = {"metrics": "roas", "by": "channel", "period": "last_month", "order": "roas"}
    assert "organic" not in expected(ranked).table.index


def test_today_is_not_over_and_in_no_named_period():
    for period in ("this_month", "ytd", "assumed", "life", "last_7_days"):
        found = expected({"metrics": "spend", "by": "day", "period": period})
        assert found.table.index.max() == "2026-03-17"


def test_a_change_holds_against_both_periods():
    spec = {"metrics": "revenue", "by": "channel", "period": "last_month"}
    grown = expected({**spec, "compared_with": "2026-01", "moved": "up"})
    january = (date(2026, 1, 1), date(2026, 1, 31))
    for channel in rows()["channel"].unique():
        now, before = (sums(days, channel=channel)["revenue"] for days in (FEBRUARY, january))
        assert (channel in grown.table.index) == (now > before)


RIGHT = {
    "the same": (BY_CHANNEL, lambda t: t),
    "another order where none was asked for": (BY_CHANNEL, lambda t: t[::-1]),
    "a column more": (BY_CHANNEL, lambda t: [{**r, "note": "x"} for r in t]),
    "noise": (BY_CHANNEL, lambda t: [{**r, "cpa": r["cpa"] * (1 + 1e-8)} for r in t]),
    "a ranking": (TOP, lambda t: t),
    "the best alone": (BEST, lambda t: t[:1]),
    "the best and the others after it": (BEST, lambda t: t),
    "shares": (SHARE, lambda t: t),
    "a fact": (BUDGET, lambda _: [{"name": "Black Friday 2025", "budget": 15000}]),
    "a group without a figure left out": (
        {"metrics": "roas", "by": "channel", "period": "last_month"},
        lambda t: [r for r in t if r["channel"] != "organic"],
    ),
    "a week named by its first day in the period": (
        BY_WEEK,
        lambda t: [{"date": max(r["week"], "2026-02-01"), "spend": r["spend"]} for r in t],
    ),
    "weekdays by number": (
        {"metrics": "clicks", "by": "weekday", "period": "last_month"},
        lambda t: [{**r, "weekday": _number(r["weekday"])} for r in t],
    ),
    "one of the figures of two limits": (
        {**BY_CHANNEL, "having": {"cpa": "> 30", "spend": "> 100"}},
        lambda t: [{"channel": r["channel"], "cpa": r["cpa"]} for r in t],
    ),
}
NOT_RIGHT = {
    "a row less": (BY_CHANNEL, lambda t: t[1:]),
    "a row more": (BY_CHANNEL, lambda t: [*t, {**t[0], "channel": "x"}]),
    "a row twice": (BY_CHANNEL, lambda t: [*t, t[0]]),
    "no row": (BY_CHANNEL, lambda _: []),
    "a bit off": (BY_CHANNEL, lambda t: [{**r, "spend": r["spend"] * 1.00001} for r in t]),
    "a metric less": (BY_CHANNEL, lambda t: [{k: r[k] for k in ("channel", "spend")} for r in t]),
    "no figure": (BY_CHANNEL, lambda t: [{**r, "cpa": None} for r in t]),
    "a ranking upside down": (TOP, lambda t: t[::-1]),
    "two of three": (TOP, lambda t: t[:2]),
    "all but the best": (BEST, lambda t: t[1:]),
    "no share": (SHARE, lambda t: [{**r, "spend_share": r["spend"]} for r in t]),
    "another budget": (BUDGET, lambda _: [{"budget": 15001}]),
    "days for weeks": (BY_WEEK, lambda _: table({**BY_WEEK, "by": "day"})),
    "another month": (TOTAL, lambda _: table({**TOTAL, "period": "2026-01"})),
    "nothing to compare with": (
        {**TOTAL, "compared_with": "2026-01"},
        lambda t: [{"spend": t[0]["spend"]}],
    ),
}


@pytest.mark.parametrize("told", RIGHT)
def test_right(told):
    spec, change = RIGHT[told]
    assert right(answered(change(table(spec))), spec)


@pytest.mark.parametrize("told", NOT_RIGHT)
def test_not_right(told):
    spec, change = NOT_RIGHT[told]
    assert not right(answered(change(table(spec))), spec)


def _number(weekday: str) -> int:
    return ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat").index(weekday[:3]) + 1


def test_a_count_is_told_as_a_number_or_as_a_list_with_its_number_in_words():
    spec = {
        "count": "campaign", "metrics": "cpa", "period": "last_month", "having": {"cpa": "> 50"},
    }  # fmt: skip
    groups = counted(spec).table.reset_index().to_dict("records")
    size = len(groups)
    assert right(answered([{"campaigns": size}]), spec)
    assert right(answered(groups, f"{size} campaigns had one"), spec)
    assert not right(answered([{"campaigns": size + 1}]), spec)
    assert not right(answered(groups, "Some had one"), spec)
    assert not right(answered(groups[1:], f"{size} campaigns had one"), spec)


def test_an_average_is_over_all_days():
    spec = {"metrics": "spend", "average": "day", "period": "last_month"}
    assert average(spec) == pytest.approx(sums(FEBRUARY)["spend"] / 28)
    assert right(answered([{"spend": average(spec)}]), spec)
    assert not right(answered([{"spend": sums(FEBRUARY)["spend"]}]), spec)


def test_a_budget_is_told_beside_what_was_spent():
    spec = {"metrics": "spend", "campaign": "Black Friday 2025", "period": "life", "budget": True}
    (row,) = ({"spend": r["spend"]} for r in table(spec))
    assert right(answered([{**row, "budget": 15000.0}]), spec)
    assert not right(answered([row]), spec)


def test_a_chart_that_was_asked_for_is_of_its_type():
    drawn = Chart(type="pie", x="channel", y="spend", series=None)
    assert right(answered(table(BY_CHANNEL), chart=drawn), {**BY_CHANNEL, "chart": "pie"})
    assert not right(answered(table(BY_CHANNEL), chart=drawn), {**BY_CHANNEL, "chart": "bar"})
    assert not right(answered(table(BY_CHANNEL)), {**BY_CHANNEL, "chart": "pie"})


def test_a_part_of_the_rows_is_not_the_answer():
    assert not right(answered(table(BY_CHANNEL), truncated=True), BY_CHANNEL)


def test_rows_of_one_period_alone_may_be_left_out_of_a_comparison():
    spec = {**TOTAL, "by": "campaign", "compared_with": "2026-01"}
    found = expected(spec)
    assert {"Spring_Sale_2026", "Winter_Sale_2026"} <= found.optional
    both = [row for row in table(spec) if row["campaign"] not in found.optional]
    assert tells(both, found)
    assert not tells(both[1:], found)


ANSWER = [BY_CHANNEL]
EITHER = [{"refuse": "clarification", "choices": ["Spring_Sale_2025", "Spring_Sale_2026"]}]


@pytest.mark.parametrize(
    ("answer", "want", "outcome"),
    [
        (lambda: answered(table(BY_CHANNEL)), ANSWER, "right"),
        (lambda: answered(table(TOP)), ANSWER, "wrong"),
        (lambda: answered(table(TOP)), [BY_CHANNEL, TOP], "right"),
        (lambda: refused("unanswerable"), ANSWER, "false refusal"),
        (lambda: refused("clarification"), ANSWER, "false refusal"),
        (lambda: answered(table(TOP)), [{"refuse": "unanswerable"}], "missed refusal"),
        (lambda: refused("unanswerable"), [{"refuse": "unanswerable"}], "right refusal"),
        (lambda: refused("clarification"), [{"refuse": "unanswerable"}], "unfit refusal"),
        (lambda: refused("clarification", "spring_sale_2025?"), EITHER, "unfit refusal"),
        (
            lambda: refused("clarification", "Spring_Sale_2025", "Spring_Sale_2026"),
            EITHER,
            "right refusal",
        ),
        (lambda: answered([]), [{"refuse": "no_data"}], "right"),
        (lambda: answered([{"spend": None}]), [{"refuse": "no_data"}], "right"),
        (lambda: answered([{"spend": 0}]), [{"refuse": "no_data"}], "wrong"),
        (lambda: refused("unanswerable"), [{"refuse": "no_data"}], "right refusal"),
        (lambda: refused("clarification"), [{"refuse": "no_data"}], "false refusal"),
        (lambda: refused("unanswerable"), [*ANSWER, {"refuse": "unanswerable"}], "right refusal"),
    ],
)
def test_outcomes(answer, want, outcome):
    assert judge(answer(), want) == outcome


def _all() -> Sequence[Any]:
    return [case for name in SETS for case in cases(name)]


def test_each_kind_of_question_is_asked_often_enough_and_a_third_of_it_is_aside():
    of_both = Counter(case.category for case in _all())
    aside = Counter(case.category for case in cases("holdout"))
    assert min(of_both.values()) >= 15
    assert aside == {category: many // 3 for category, many in of_both.items()}


def test_no_question_is_asked_twice():
    asked = Counter(" → ".join(case.ask).casefold() for case in _all())
    ids = Counter(case.id for case in _all())
    assert not [one for one, times in (asked + ids).items() if times > 1]


def test_what_is_aside_was_drawn_by_the_hash_of_its_id():
    def mark(case: Any) -> str:
        return sha256(case.id.encode()).hexdigest()

    for category in {case.category for case in _all()}:
        first = [mark(c) for c in cases("holdout") if c.category == category]
        last = [mark(c) for c in cases("dev") if c.category == category]
        assert max(first) < min(last)


def test_every_name_in_what_is_right_is_a_name_of_the_project():
    known = {name: set(rows()[name]) for name in ("channel", "campaign")}
    for case in _all():
        for want in case.want:
            for name, values in known.items():
                used = {*listed(want.get(name)), *listed(want.get(f"not_{name}"))}
                assert used <= values, case.id


@pytest.mark.slow
def test_every_result_that_is_right_can_be_worked_out_and_answered():
    other = {"refuse", "average", "count", "budget", "chart"}
    for case in _all():
        for want in case.want:
            if not want.keys() & other and want.get("share") != "total":
                assert right(answered(table(want)), want), (case.id, want)
