"""What people read of a finding: plain sentences in which every number is a computed one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.anomalies.explaining.explanation import Telling, describe
from shared.domain.anomalies.explaining.usual import Change, totals_of
from shared.domain.anomalies.finding import CERTAIN, Bands, Finding, SeriesKey
from shared.domain.wording import CURRENCIES
from tests.unit.anomalies.panels import Ordinary, demo_panel, steady, until

STORY = demo_panel()
EURO = Telling("EUR", holidays={date(2025, 2, 14): "Valentine's Day"})
BRAND, DISPLAY = "google_ads/Google_Search_Brand", "google_ads/Google_Display"
RETARGETING, INFLUENCER = "meta/FB_Retargeting", "meta/IG_Influencer"
NEWSLETTER = "email/Email_Newsletter"


def march(day):
    return date(2025, 3, day)


def february(day):
    return date(2025, 2, day)


def found(what, kind, days, impact=0.0, panel=STORY, **figures):
    """A finding of `channel/campaign metric direction`, its figures those of the panel."""
    subject, metric, direction = what.split()
    channel, _, campaign = subject.partition("/")
    start, end = days if isinstance(days, tuple) else (days, days)
    key = SeriesKey(channel, campaign or None, metric, direction)
    bare = Finding(key, kind, start, end, None, None, None, impact, CERTAIN)
    change = totals_of(panel, bare).change(metric)
    shown = {"current": change.current_value, "baseline": change.baseline_value} | figures
    deviation = Change(metric, shown["current"], shown["baseline"]).deviation
    return replace(bare, **{"deviation": deviation} | shown)


def told(finding, telling=EURO, panel=STORY):
    """As of the finding's last day."""
    return describe(until(panel, (finding.end - panel.first_day).days + 1), finding, telling)


SLUMP, SLIDE = (march(10), march(15)), (february(1), february(28))
STORIES = [
    (
        found(f"{BRAND} spend spike", "point", february(15), 455.8),
        "critical",
        "Spend of Google_Search_Brand 2.9 times the usual on 15 February",
        "On 15 February Google_Search_Brand (google_ads) spent €697, 2.9 times the €242 usual "
        "for a Saturday. Conversions hardly changed, so CPA was 3 times as high (€39.39) and "
        "ROAS fell 67 % to 1.70. The campaign makes up all of the change in google_ads; about "
        "€460 more than usual was spent.",
    ),
    (
        found("google_ads spend spike", "point", february(15), 455.8),
        "critical",
        "Spend of google_ads 54 % above usual on 15 February",
        "On 15 February google_ads spent €1,242, 54 % more than the €805 usual for a Saturday. "
        "Conversions hardly changed, so CPA rose 61 % to €44.03 and ROAS fell 39 % to 1.54. All"
        " of the change comes from Google_Search_Brand; about €460 more than usual was spent.",
    ),
    (
        found(f"{RETARGETING} impressions drop", "sustained", SLUMP, 4380.0),
        "critical",
        "Impressions of FB_Retargeting 70 % below usual since 10 March",
        "From 10 to 15 March FB_Retargeting (meta) got 41,028 impressions, 70 % fewer than the "
        "136,000 usual for that spend. Spend hardly changed, so CPA was 3.6 times as high "
        "(€43.03) and ROAS fell 73 % to 1.53. The campaign makes up 98 % of the change in meta;"
        " about €4,400 of revenue is missing.",
    ),
    (
        found("meta impressions drop", "sustained", SLUMP, 4380.0),
        "critical",
        "Impressions of meta 38 % below usual since 10 March",
        "From 10 to 15 March meta got 158,500 impressions, 38 % fewer than the 256,000 usual "
        "for that spend. Spend hardly changed, so CPA was 2.5 times as high (€36.12) and ROAS "
        "fell 60 % to 1.80. Of the change, 98 % comes from FB_Retargeting, mostly through the "
        "price of its impressions; about €4,400 of revenue is missing.",
    ),
    (
        found(f"{NEWSLETTER} revenue spike", "point", february(23), 1168.0),
        "critical",
        "Revenue of Email_Newsletter 4.2 times the usual on 23 February",
        "On 23 February Email_Newsletter (email) brought €1,531 of revenue, 4.2 times the €363 "
        "usual for as many conversions. Spend hardly changed, so ROAS was 4.1 times as high "
        "(67.01). About €1,200 of revenue came on top.",
    ),
    (
        found(f"{INFLUENCER} ctr drop", "gradual", SLIDE, 302.0, current=0.0138, baseline=0.015),
        "warning",
        "CTR of IG_Influencer fell 8 % over four weeks",
        "Over the four weeks to 28 February the CTR of IG_Influencer (meta) fell little by little: "
        "it was 1.38 % in the last week, 8 % lower than the 1.5 % of the weeks before. The campaign"
        " makes up all of the change in meta; about €300 more revenue could have come at the "
        "earlier rate.",
    ),
    (
        found(f"{DISPLAY} spend spike", "gradual", SLIDE, 302.0, current=1210.0, baseline=1000.0),
        "warning",
        "Spend of Google_Display rose 21 % over four weeks",
        "Over the four weeks to 28 February the spend of Google_Display (google_ads) rose little by"
        " little: it was €1,210 in the last week, 21 % more than the €1,000 of the weeks before. "
        "The campaign makes up 83 % of the change in google_ads; about €300 more than before was "
        "spent.",
    ),
    (
        found(f"{DISPLAY} spend drop", "zero_spend", (march(22), march(23)), 303.0),
        "critical",
        "No spend on Google_Display since 22 March",
        "From 22 to 23 March Google_Display (google_ads) spent nothing; usually it spends €303 "
        "in two days. Check its budget, its end date and the account's payment.",
    ),
    (
        found("tiktok spend drop", "missing_data", (march(29), march(31)), 784.0, current=None),
        "warning",
        "No data for tiktok since 29 March",
        "No data have come for tiktok since 29 March. Usually it spends €784 in three days. Check "
        "the import before you trust totals that include these days.",
    ),
    (
        found("tiktok spend drop", "missing_data", march(31), 260.0, current=None),
        "warning",
        "No data for tiktok on 31 March",
        "No data came for tiktok on 31 March. Usually it spends €260 a day. Check the import "
        "before you trust totals that include that day.",
    ),
    (
        found(f"{NEWSLETTER} conversion_rate spike", "point", february(14), 70.4),
        "critical",
        "Conversion rate of Email_Newsletter 47 % above usual on 14 February",
        "On 14 February (Valentine's Day) Email_Newsletter (email) had a conversion rate of "
        "4.46 %, 47 % higher than the 3.03 % usual for a Friday. About €70 of revenue came on "
        "top.",
    ),
    (
        found(
            f"{NEWSLETTER} revenue drop", "point", february(23), 601.5, current=0.0, deviation=-1
        ),
        "critical",
        "Revenue of Email_Newsletter at zero on 23 February",
        "On 23 February Email_Newsletter (email) brought no revenue; €363 is usual for as many "
        "conversions. About €600 of revenue is missing.",
    ),
    (
        found("google_ads ctr spike", "point", march(22), 0.2),
        "critical",
        "CTR of google_ads 3 times the usual on 22 March",
        "On 22 March google_ads had a CTR of 4.84 %, 3 times the 1.63 % usual for a Saturday. "
        "Most of the change comes from Google_Display (62 %) and Google_Search_Brand (35 %).",
    ),
]


@pytest.mark.parametrize(
    ("finding", "severity", "headline", "explanation"), STORIES, ids=[s[2] for s in STORIES]
)
def test_a_finding_is_told_in_plain_words(finding, severity, headline, explanation):
    said = told(finding)
    assert (said.severity, said.headline, said.explanation) == (severity, headline, explanation)


def test_what_is_over_is_not_told_as_lasting():
    finding = found(f"{RETARGETING} impressions drop", "sustained", SLUMP, 4380.0)
    said = describe(STORY, finding, EURO)
    assert said.headline == "Impressions of FB_Retargeting 70 % below usual on 10–15 March"


# Effects


def names(said):
    return [e.metric for e in said.effects]


def test_effects_are_what_depends_on_the_finding_the_largest_first():
    said = told(found(f"{RETARGETING} impressions drop", "sustained", SLUMP))
    assert set(names(said)) == {"clicks", "conversions", "revenue", "cpc", "cpa", "roas"}
    sizes = [abs(e.deviation) for e in said.effects]
    assert sizes == sorted(sizes, reverse=True)
    (cpa,) = (e for e in said.effects if e.metric == "cpa")
    assert (cpa.current_value, cpa.baseline_value) == pytest.approx((43.03, 11.86), abs=0.01)
    assert cpa.deviation_pct == round(100 * cpa.deviation, 2)


def test_the_findings_own_metric_is_no_effect_of_itself():
    for finding, *_ in STORIES:
        assert finding.key.metric not in names(told(finding))


ONE = Ordinary("one", spend=100.0, impressions=1e5, clicks=1000, conversions=100, revenue=5000.0)


def day_of(metric, direction, ordinary=ONE, **factors):
    """What is said of a steady campaign whose last day is multiplied."""
    panel = steady([ordinary], days=60)
    for column, factor in factors.items():
        panel.values[column][0, -1] *= factor
    what = f"google_ads/one {metric} {direction}"
    return told(found(what, "point", panel.last_day, panel=panel), panel=panel)


@pytest.mark.parametrize(
    ("metric", "direction", "factors", "moved"),
    [
        (
            "conversion_rate",
            "drop",
            {"conversions": 0.5, "revenue": 0.5},
            {"cpa", "conversions", "revenue", "roas"},
        ),
        ("conversion_rate", "drop", {"conversions": 0.92, "revenue": 0.92}, set()),
        ("conversion_rate", "drop", {"conversions": 0.85, "revenue": 0.85}, set()),  # by chance
        ("revenue", "spike", {"revenue": 3.0}, {"roas"}),
        ("revenue", "spike", {"revenue": 3.0, "clicks": 2.0}, {"roas"}),  # clicks come before
        ("ctr", "drop", {"clicks": 0.5, "impressions": 2.0}, {"cpc", "clicks"}),
        ("spend", "spike", {"spend": 2.0}, {"cpc", "cpa", "roas"}),
        ("spend", "drop", {"spend": 0.5, "clicks": 2.0}, {"cpc", "cpa", "roas"}),
        (
            "spend",
            "drop",
            {"spend": 0.5, "impressions": 0.5},
            {"impressions", "cpc", "cpa", "roas"},
        ),
    ],
)
def test_an_effect_moves_the_way_it_is_driven_and_beyond_chance(metric, direction, factors, moved):
    assert set(names(day_of(metric, direction, **factors))) == moved


@pytest.mark.parametrize(("conversions", "counted"), [(4.0, False), (400.0, True)])
def test_a_few_conversions_make_no_effect(conversions, counted):
    rare = replace(ONE, conversions=conversions)
    said = day_of("conversion_rate", "drop", rare, conversions=0.6)
    assert ("cpa" in names(said)) == counted
    assert "hardly changed" in said.explanation if counted else names(said) == []


def test_a_metric_over_nothing_is_no_effect():
    said = day_of("conversion_rate", "drop", conversions=0.0, revenue=0.0)
    assert set(names(said)) == {"conversions", "revenue", "roas"}
    assert "Spend hardly changed, but there were no conversions" in said.explanation


def test_a_channel_whose_campaign_ended_as_planned_is_compared_without_it():
    said = told(found("meta impressions drop", "sustained", SLUMP))
    (clicks,) = (e for e in said.effects if e.metric == "clicks")
    assert clicks.deviation == pytest.approx(-0.38, abs=0.01)


def test_ads_that_are_shown_without_spend_hint_at_missing_costs():
    panel = steady([ONE], days=60)
    panel.values["spend"][0, -1] = 0.0
    finding = found("google_ads/one spend drop", "zero_spend", panel.last_day, panel=panel)
    assert "the costs may be missing from the data" in told(finding, panel=panel).explanation


def test_the_bands_of_the_project_decide_the_severity():
    finding = found(f"{INFLUENCER} ctr drop", "gradual", SLIDE)
    strict = Telling("EUR", bands={("meta", "ctr"): Bands(0.01, 0.03)})
    assert told(finding).severity == "warning"
    assert told(finding, strict).severity == "critical"


# Numbers

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DAY = re.compile(rf"\d{{1,2}}((–| to )\d{{1,2}})? ({MONTHS})")
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def figures(finding, said) -> Iterator[float]:
    """Everything a text about it may hold, apart from days of the calendar."""
    yield from (v for v in (finding.current, finding.baseline, finding.impact) if v is not None)
    yield float((finding.end - finding.start).days + 1)
    changes = [finding.deviation, *(e.deviation for e in said.effects)]
    yield from (v for d in changes if d is not None for v in (100 * abs(d), 1 + d))
    yield from (e.current_value for e in said.effects if e.current_value is not None)
    yield from (100 * c.share for c in said.contributors if c.share is not None)


def shows(shown: str, value: float) -> bool:
    """Whether a number is this value as percent or plain, rounded as shown."""
    decimals = len(shown.partition(".")[2])
    number, half = float(shown.replace(",", "")), 0.5 * 10**-decimals * 1.0001
    digits = shown.replace(",", "")
    zeros = min(len(digits) - len(digits.rstrip("0")), len(digits) - 2) if not decimals else 0
    rough = 0.5 * 10**zeros if zeros > 0 else 0.0
    return any(abs(number - v) <= max(half, rough) + 1e-9 for v in (value, 100 * value))


def stray(finding, said):
    text = f"{said.headline} {said.explanation}"
    for name in ("Google_Search_Brand", "one", "c1"):
        text = text.replace(name, "")
    known = list(figures(finding, said))
    return [n for n in NUMBER.findall(DAY.sub("", text)) if not any(shows(n, v) for v in known)]


@pytest.mark.parametrize("finding", [s[0] for s in STORIES], ids=[s[2] for s in STORIES])
def test_every_number_told_is_a_computed_one(finding):
    assert stray(finding, told(finding)) == []


def test_a_made_up_number_would_be_noticed():
    said = told(STORIES[0][0])
    assert stray(STORIES[0][0], replace(said, headline="CPA 123 % above usual")) == ["123"]


values = st.one_of(st.none(), st.just(0.0), st.floats(1e-4, 1e7))
PANEL = steady([ONE, replace(ONE, name="two")], days=60)


@settings(deadline=None)
@given(
    st.sampled_from(["spend", "impressions", "ctr", "conversion_rate", "revenue"]),
    st.sampled_from(["point", "sustained", "gradual", "zero_spend", "missing_data"]),
    st.sampled_from(["google_ads", "google_ads/one"]),
    st.sampled_from([*CURRENCIES, "CHF"]),
    st.integers(1, 28),
    values,
    values,
    st.floats(0, 1e9),
)
def test_whatever_is_found_can_be_told(metric, kind, subject, currency, days, now, usual, impact):
    span = (PANEL.last_day - timedelta(days=days - 1), PANEL.last_day)
    direction = "spike" if (now or 0) > (usual or 0) else "drop"
    more = {"current": now, "baseline": usual}
    finding = found(f"{subject} {metric} {direction}", kind, span, impact, PANEL, **more)
    said = told(finding, Telling(currency), PANEL)
    assert stray(finding, said) == []
    assert len(said.headline) <= 90
    assert 1 <= len(re.findall(r"\.(?: |$)", said.explanation)) <= 3
    assert not re.search(r"  |nan|inf\b|None|\{|\(\)|−", said.headline + said.explanation)
    assert said.explanation[0].isupper()


# Refunds: revenue may be negative, on a day and as what is usual.


def finite(said):
    """Whether every number in it is one."""
    numbers = [v for e in said.effects for v in (e.current_value, e.baseline_value, e.deviation)]
    numbers += [v for c in said.contributors for v in (c.share, c.current_value, c.baseline_value)]
    json.dumps(said.vega_lite, allow_nan=False)
    return all(v is None or np.isfinite(v) for v in numbers)


@pytest.mark.parametrize(
    ("what", "factors", "headline", "sentence"),
    [
        (
            "revenue drop",
            {"revenue": -0.5},
            "Revenue of one below zero on 6 March",
            "On 6 March one (google_ads) brought −€2,500 of revenue; €5,000 is usual for as many "
            "conversions. Spend hardly changed, so ROAS fell below zero (−25.00).",
        ),
        (
            "ctr drop",
            {"clicks": 0.5, "conversions": 0.5, "revenue": -0.5},
            "CTR of one 50 % below usual on 6 March",
            "CPA was 2 times as high (€2.00) and ROAS fell below zero (−25.00).",
        ),
        (
            "spend spike",
            {"spend": 3.0, "revenue": -1.0},
            "Spend of one 3 times the usual on 6 March",
            "CPA was 3 times as high (€3.00) and ROAS fell below zero (−16.67).",
        ),
        ("revenue drop", {"revenue": 0.0}, "Revenue of one at zero on 6 March", "no revenue; "),
    ],
)
def test_paid_back_revenue_is_told_as_below_zero(what, factors, headline, sentence):
    said = day_of(*what.split(), **factors)
    assert said.headline == headline
    assert sentence in said.explanation
    assert finite(said)


def test_where_more_is_usually_paid_back_than_earned_nothing_is_in_percent():
    panel = steady([replace(ONE, revenue=-50.0)], days=60)
    panel.values["revenue"][0, -1] = 200.0
    finding = found("google_ads/one revenue spike", "point", panel.last_day, panel=panel)
    said = told(finding, panel=panel)
    assert (finding.deviation, said.effects) == (None, ())
    assert said.headline == "Unusual revenue of one on 6 March"
    assert "brought €200 of revenue; −€50.00 is usual for as many" in said.explanation


WILD = np.array([np.nan, 0.0, -1.0, -1e15, 1e15, 1e-9, 0.5, 30.0, 1234.0])


@settings(deadline=None, max_examples=200)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from(["spend", "impressions", "ctr", "conversion_rate", "revenue"]),
    st.sampled_from(["spike", "drop"]),
    st.sampled_from(["point", "sustained", "gradual", "zero_spend", "missing_data"]),
    st.sampled_from(["google_ads", "google_ads/one"]),
    st.integers(1, 28),
)
def test_whatever_the_numbers_are_they_can_be_told(seed, metric, direction, kind, subject, days):
    draw = np.random.default_rng(seed)
    panel = steady([ONE, replace(ONE, name="two")], days=60)
    some = draw.choice(WILD, size=draw.integers(1, len(WILD)), replace=False)
    for column in panel.values.values():
        column[:, draw.integers(0, 60) :] = draw.choice(some)
        spots = draw.random(column.shape) < draw.random()
        column[spots] = draw.choice(some, size=int(spots.sum()))
    span = (panel.last_day - timedelta(days=days - 1), panel.last_day)
    said = told(found(f"{subject} {metric} {direction}", kind, span, 10.0, panel), panel=panel)
    assert finite(said)
    assert len(said.headline) <= 90
    assert not re.search(r"\bnan|\binf\b|None", said.headline + said.explanation)


# Names


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ('He said "50% off" & <b>more</b>', 'He said "50% off" & <b>more</b>'),
        ("{0} {name} %s $x", "{0} {name} %s $x"),
        ("a\r\nBcc: b\x00\x1b[31m", "a Bcc: b [31m"),
        ("pay\u202eexe.fdp", "pay exe.fdp"),
        ("\n\t", "unnamed"),
        ("", "unnamed"),
        ("Größe 😀 東京", "Größe 😀 東京"),
    ],
)
def test_a_name_is_text_on_one_line(name, shown):
    panel = steady([ONE], days=60)
    panel.values["spend"][0, -1] = 300.0
    finding = found("google_ads/one spend spike", "point", panel.last_day, panel=panel)
    said = told(finding, panel=replace(panel, names=(name,)))
    assert said.headline.startswith(f"Spend of {shown} 3 times the usual")
    assert f" {shown} (google_ads) spent €300" in said.explanation
    assert said.vega_lite["title"] == f"Spend of {shown}"


@pytest.mark.parametrize("subject", ["channel", "campaign"])
def test_a_long_name_is_cut(subject):
    long = "x" * 500
    panel = steady([replace(ONE, name=long, channel=long)], days=60)
    panel.values["spend"][0, -30:] *= 3
    days = (panel.last_day - timedelta(days=29), panel.last_day)
    key = SeriesKey(long, long if subject == "campaign" else None, "conversion_rate", "spike")
    finding = Finding(key, "sustained", *days, 0.3, 0.1, 2.0, 100.0, 9.0)
    said = told(finding, panel=panel)
    assert len(said.headline) == 90
    assert max(map(len, re.findall("x+", said.explanation))) == 59
    assert f"{'x' * 59}…" in said.explanation


# Days and money


@pytest.mark.parametrize(
    ("days", "headline", "sentence"),
    [
        ((march(1), march(1)), "on 1 March", "On 1 March one"),
        ((march(1), march(3)), "on 1–3 March", "From 1 to 3 March one"),
        ((february(27), march(2)), "on 27 February – 2 March", "From 27 February to 2 March one"),
        (
            (date(2025, 2, 13), date(2025, 2, 15)),
            "",
            "From 13 to 15 February (with Valentine's Day)",
        ),
    ],
)
def test_days_are_named_as_people_do(days, headline, sentence):
    panel = steady([ONE], days=90)
    finding = found("google_ads/one spend spike", "sustained", days, panel=panel, current=900.0)
    said = describe(panel, finding, EURO)
    assert headline in said.headline
    assert said.explanation.startswith(sentence)


@pytest.mark.parametrize(
    ("currency", "spent", "worth"),
    [
        ("EUR", "spent €300,", "about €200 more"),
        ("CHF", "spent 300 CHF,", "about 200 CHF more"),
        ("JPY", "spent ¥300,", "about ¥200 more"),
        ("CLP", "spent 300 CLP,", "about 200 CLP more"),
    ],
)
def test_money_is_in_the_projects_currency(currency, spent, worth):
    panel = steady([ONE], days=60)
    panel.values["spend"][0, -1] = 300.0
    finding = found("google_ads/one spend spike", "point", panel.last_day, 203.0, panel)
    said = told(finding, Telling(currency), panel)
    assert spent in said.explanation
    assert worth in said.explanation.replace("About", "about")


def test_one_is_singular():
    panel = steady([replace(ONE, impressions=50.0)], days=60)
    panel.values["impressions"][0, -1] = 1.0
    finding = found("google_ads/one impressions drop", "point", panel.last_day, panel=panel)
    assert (
        "got 1 impression, 98 % fewer than the 50 usual" in told(finding, panel=panel).explanation
    )


def test_without_revenue_the_spend_concerned_is_told():
    panel = steady([replace(ONE, revenue=0.0)], days=60)
    panel.values["impressions"][0, -1] *= 0.2
    finding = found("google_ads/one impressions drop", "point", panel.last_day, 80.0, panel)
    assert "About €80 of spend is concerned." in told(finding, panel=panel).explanation


def test_a_slides_money_is_no_claim_about_all_revenue():
    panel = steady([ONE], days=90)
    panel.values["revenue"][0, -28:] *= 2
    finding = found(
        "google_ads/one ctr spike", "gradual", SLIDE, 80.0, panel, current=0.2, baseline=0.1
    )
    said = told(finding, panel=panel)
    assert said.headline == "CTR of one rose to 2 times the earlier level over four weeks"
    assert "it was 20 % in the last week, 2 times the 10 % of the weeks before" in said.explanation
    assert "About €80 less revenue would have come at the earlier rate." in said.explanation


def test_a_campaign_that_others_moved_against_makes_up_no_more_than_all():
    panel = steady([ONE, replace(ONE, name="two")], days=60)
    panel.values["spend"][:, -1] *= [3.0, 0.5]
    for subject, sentence in (
        ("google_ads/one", "The campaign makes up all of the change in google_ads"),
        ("google_ads", "All of the change comes from one"),
    ):
        finding = found(f"{subject} spend spike", "point", panel.last_day, panel=panel)
        said = told(finding, panel=panel)
        assert said.contributors[0].share == pytest.approx(4 / 3)
        assert sentence in said.explanation


def test_text_contributors_and_chart_name_one_baseline():
    panel = until(STORY, 60)
    finding = found(f"{INFLUENCER} ctr drop", "point", panel.last_day, current=0.0131, panel=panel)
    finding = replace(finding, baseline=0.0147, deviation=0.0131 / 0.0147 - 1)
    said = told(finding, panel=panel)
    (own,) = said.contributors
    assert (own.current_value, own.baseline_value) == (0.0131, 0.0147)
    assert "than the 1.47 % usual" in said.explanation
    assert said.vega_lite["data"]["values"][-1]["usual"] == 0.0147


def test_a_day_without_any_past_is_told_without_effects():
    panel = steady([ONE], days=1)
    finding = found("google_ads/one spend spike", "point", panel.last_day, panel=panel, current=9.0)
    said = told(finding, panel=panel)
    assert said.effects == ()
    assert said.headline == "Unusual spend of one on 6 January"
    assert "where nothing is usual for a Monday" in said.explanation


def test_unfinished_days_are_not_what_is_usual():
    panel = steady([ONE], days=60)
    for column in panel.values.values():
        column[0, -8] *= 50
    panel.values["conversions"][0, -1] *= 0.5
    panel.unfinished[0, -8] = True
    what = "google_ads/one conversion_rate drop"
    assert found(what, "point", panel.last_day, panel=panel).baseline == pytest.approx(0.1)
    assert np.isfinite(found(what, "point", panel.last_day, panel=panel).current)
