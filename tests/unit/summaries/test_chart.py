"""The week as a chart: what is in it, read from its specification."""

from __future__ import annotations

import json
import math
import re

import pytest

from shared.domain.summaries.chart import BAR, INK, USUAL, chart_of, heading
from shared.domain.summaries.rendering import png_of
from tests.unit.summaries import making
from tests.unit.summaries.contrast import ratio
from tests.unit.summaries.letters import ALL, FALLING, MILLIONS, REFUNDED, days

PAGES = {"light": "#ffffff", "dark": "#1f2226"}


def rows(spec):
    return spec["data"]["values"]


def axis(spec):
    """The axis' values and how they are written."""
    shown = spec["layer"][0]["encoding"]["y"]["axis"]
    names, values = re.fullmatch(
        r"(\[.*\])\[indexof\((\[.*\]), datum\.value\)\]", shown["labelExpr"]
    ).groups()
    assert json.loads(values) == shown["values"]
    return dict(zip(shown["values"], json.loads(names), strict=True))


def test_each_day_stands_beside_what_is_usual_on_it():
    told = [(row["day"], row["value"], row["usual"]) for row in rows(chart_of(FALLING, None))]
    assert told[0] == ("Mon 3", 1800.5, 1900)
    assert told[3] == ("Thu 6", None, 2050)
    assert [day for day, _, _ in told] == [
        "Mon 3", "Tue 4", "Wed 5", "Thu 6", "Fri 7", "Sat 8", "Sun 9",
    ]  # fmt: skip


def test_a_missing_day_keeps_its_place_and_is_no_zero():
    spec = chart_of(FALLING, None)
    assert spec["encoding"]["x"]["scale"]["domain"][3] == "Thu 6"
    assert rows(spec)[3]["shown"] == "no data"
    assert rows(chart_of(REFUNDED, None))[6]["shown"] == "€0"


@pytest.mark.parametrize(
    ("facts", "locale", "written", "title"),
    [
        (FALLING, "de-DE", {0: "0", 1000: "1.000", 2000: "2.000", 3000: "3.000"}, "in EUR"),
        (FALLING, None, {0: "0", 1000: "1,000", 2000: "2,000", 3000: "3,000"}, "in EUR"),
        (REFUNDED, "fr-FR", {-600: "−600", -400: "−400", -200: "−200", 0: "0", 200: "200"}, "EUR"),
        (MILLIONS, "ja-JP", {0: "0", 5e7: "50", 1e8: "100", 1.5e8: "150", 2e8: "200"}, "million"),
    ],
)
def test_numbers_are_written_as_the_reader_writes_them(facts, locale, written, title):
    spec = chart_of(facts, locale)
    assert axis(spec) == written
    assert title in spec["title"]["text"]


@pytest.mark.parametrize("most", [0.004, 0.3, 7, 99, 1234.5, 4.9e6, 5.1e6, 3e9, 8e12])
def test_the_axis_holds_what_is_drawn_in_a_few_round_steps(most):
    facts = FALLING.model_copy(update={"days": days([most, *[None] * 6], [most / 3] * 7)})
    written = axis(chart_of(facts, "en-GB"))
    values = list(written)
    assert values[0] == 0
    assert values[-1] >= most > values[-2]
    assert 3 <= len(values) <= 6
    assert len(set(written.values())) == len(values)
    assert all(len(name) <= 9 for name in written.values())


def test_the_description_tells_every_figure_to_who_cannot_see_it():
    said = chart_of(FALLING, "de-DE")["description"].replace("\u00a0", " ")
    assert said.startswith("Revenue by day, 3–9 March 2025")
    assert "Monday 1.800 € (usual 1.900 €)" in said
    assert "Thursday no data" in said


@pytest.mark.parametrize(
    "facts",
    [
        making.EMPTY,
        making.FALLING,
        FALLING.model_copy(update={"days": days([None] * 7, [10.0] * 7)}),
    ],
    ids=["empty", "no-days", "nothing-arrived"],
)
def test_where_there_is_nothing_to_draw_there_is_no_chart(facts):
    assert chart_of(facts, None) is None


def test_a_week_of_zeros_is_still_a_chart():
    facts = FALLING.model_copy(update={"days": days([0.0] * 7, [None] * 7)})
    assert next(iter(axis(chart_of(facts, None)))) == 0


@pytest.mark.parametrize(
    ("value", "usual", "drawn"),
    [
        (1e-12, 1e-12, True), (1e-9, None, True), (5e-324, 0.0, True), (-1e-9, 1e-9, True),
        (1e-6, None, True), (1e15, -1e15, True), (1.7e308, -1.7e308, False),
        (math.inf, 1.0, False), (math.nan, 1.0, False), (1.0, math.nan, False),
    ],
)  # fmt: skip
def test_numbers_of_any_size_are_drawn_or_left_out(value, usual, drawn):
    facts = FALLING.model_copy(update={"days": days([value] * 7, [usual] * 7)})
    assert heading(facts)
    spec = chart_of(facts, None)
    assert (spec is not None) == drawn
    if spec is not None:
        assert len(set(axis(spec))) > 1
        assert png_of(spec)


@pytest.mark.parametrize("page", PAGES)
def test_its_colours_read_on_light_and_dark(page):
    assert ratio(BAR, PAGES[page]) >= 3
    assert ratio(USUAL, PAGES[page]) >= 3
    assert ratio(INK, PAGES[page]) >= 3.9  # no one colour reaches more on both


@pytest.mark.parametrize("name", ALL)
def test_nothing_depends_on_where_it_is_drawn(name):
    spec = chart_of(ALL[name], "de-DE")
    text = json.dumps(spec)
    assert "temporal" not in text
    assert '"format"' not in text
    assert json.loads(text) == spec
