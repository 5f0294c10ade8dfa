"""What happened, what it did, and what it is worth, in at most three sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shared.domain.anomalies.explaining import phrases
from shared.domain.anomalies.explaining.contributions import Contributor
from shared.domain.anomalies.explaining.effects import MATERIAL
from shared.domain.anomalies.explaining.usual import Change, Totals
from shared.domain.anomalies.finding import CERTAIN, Finding
from shared.domain.anomalies.panel import Panel
from shared.domain.wording import capital, label, listing, was

# How a metric is had, what more and less of it is called, and how it usually is had.
_HAD = {
    "spend": ("spent {}", "more", "less", "spends {}"),
    "impressions": ("got {} impressions", "more", "fewer", "gets {} impressions"),
    "clicks": ("got {} clicks", "more", "fewer", "gets {} clicks"),
    "conversions": ("got {} conversions", "more", "fewer", "gets {} conversions"),
    "revenue": ("brought {} of revenue", "more", "less", "brings {} of revenue"),
}
# Both are judged against what was put in: see DRIVERS.
_USUAL_FOR = {"impressions": "that spend", "revenue": "as many conversions"}
_RATE = ("had {}", "higher", "lower", "has {}")
_NOTHING = {"spend": "spent nothing", "revenue": "brought no revenue"}
_TOLD_FIRST = ("cpa", "roas", "conversions", "clicks", "revenue", "cpc", "impressions")
_HOW = {
    ("impressions", "volume"): "what it spent",
    ("impressions", "rate"): "the price of its impressions",
    ("revenue", "volume"): "its clicks",
    ("revenue", "rate"): "its revenue per click",
}
LITTLE, SOME, MOST, ALL = 0.10, 0.30, 0.50, 0.995  # shares of a change


@dataclass(frozen=True, slots=True)
class Told:
    """What there is to tell."""

    panel: Panel
    finding: Finding
    totals: Totals
    effects: Sequence[Change]
    contributors: Sequence[Contributor]


def sentences_of(
    told: Told, subject: str, currency: str, holidays: Mapping[date, str]
) -> Iterator[str]:
    """One to three sentences of plain text."""
    finding = told.finding
    who = phrases.name(subject)
    if finding.key.campaign_id is not None:
        who = f"{who} ({phrases.name(finding.key.channel)})"
    if finding.kind == "missing_data":
        yield from _missing(told, who, currency)
        return
    if finding.kind == "gradual":
        over = phrases.length(finding.start, finding.end)
        until = phrases.days(finding.end, finding.end)
        yield f"Over the {over} to {until} {_drifted(finding, who, currency)}."
    else:
        when = phrases.on(finding.start, finding.end, holidays)
        yield f"{when} {_happened(finding, who, currency)}."
    second = _why_zero(told) if finding.kind == "zero_spend" else _consequences(told, currency)
    if second:
        yield f"{capital(second)}."
    third = [part for part in (_from_whom(told), _worth(told, currency)) if part]
    if third:
        yield f"{capital('; '.join(third))}."


def _missing(told: Told, who: str, currency: str) -> Iterator[str]:
    finding = told.finding
    since = finding.end >= told.panel.last_day and finding.start < finding.end
    when = f"since {phrases.days(finding.start, finding.start)}" if since else _during(finding)
    yield f"No data {'have come' if since else 'came'} for {who} {when}."
    if finding.baseline:
        yield f"{capital(_usually(finding, currency))}."
    these = "that day" if finding.start == finding.end else "these days"
    yield f"Check the import before you trust totals that include {these}."


def _during(finding: Finding) -> str:
    return phrases.during(finding.start, finding.end)


def _usually(finding: Finding, currency: str) -> str:
    """`Usually it spends €303 in two days`."""
    usual = phrases.rough(finding.baseline or 0.0, finding.key.metric, currency)
    had = _HAD.get(finding.key.metric, _RATE)[3].format(usual)
    days = phrases.length(finding.start, finding.end)
    return f"usually it {had} {'a day' if finding.start == finding.end else f'in {days}'}"


def _happened(finding: Finding, who: str, currency: str) -> str:
    """`FB_Retargeting (meta) got 7,214 impressions, 70 % fewer than the 24,100 usual for …`."""
    metric = finding.key.metric
    what = f"{who} {_had(metric, finding.current, currency)}"
    usual = f"usual for {_USUAL_FOR.get(metric) or phrases.weekdays(finding.start, finding.end)}"
    if not finding.baseline:
        return f"{what}, where nothing is {usual}"
    expected = phrases.rough(finding.baseline, metric, currency)
    if finding.kind == "zero_spend":
        return f"{what}; {_usually(finding, currency)}"
    if finding.baseline < 0 or (finding.current or 0.0) <= 0:
        return f"{what}; {expected} {'are' if 'were' in was(metric) else 'is'} {usual}"
    return f"{what}, {_compared(metric, finding, expected)} {usual}"


def _drifted(finding: Finding, who: str, currency: str) -> str:
    """`The CTR of IG_Influencer (meta) fell little by little: it was 1.38 % in the last …`."""
    metric = finding.key.metric
    went = "rose" if finding.key.direction == "spike" else "fell"
    told = f"the {label(metric)} of {who} {went} little by little"
    if (finding.current or 0.0) <= 0 or (finding.baseline or 0.0) <= 0:
        return told
    were = "they were" if "were" in was(metric) else "it was"
    now = phrases.amount(finding.current or 0.0, metric, currency)
    before = phrases.amount(finding.baseline or 0.0, metric, currency)
    compared = _compared(metric, finding, before)
    return f"{told}: {were} {now} in the last week, {compared} of the weeks before"


def _had(metric: str, value: float | None, currency: str) -> str:
    if metric not in _HAD:
        called = label(metric)
        shown = "no " + called if value is None else _rate(called, metric, value, currency)
        return f"had {shown}"
    if not value:
        return _NOTHING.get(metric, f"got no {metric}")
    text = _HAD[metric][0].format(phrases.amount(value, metric, currency))
    return text.removesuffix("s") if text.startswith("got 1 ") else text


def _rate(called: str, metric: str, value: float, currency: str) -> str:
    return f"a {called} of {phrases.amount(value, metric, currency)}"


def _compared(metric: str, finding: Finding, expected: str) -> str:
    deviation = finding.deviation or 0.0
    if factor := phrases.times(deviation):
        return f"{factor} the {expected}"
    more, less = _HAD.get(metric, _RATE)[1:3]
    return f"{phrases.size(deviation)} {more if deviation > 0 else less} than the {expected}"


def _why_zero(told: Told) -> str:
    """Without spend nothing is shown; if something was, the costs are what is missing."""
    shown = told.totals.change("impressions").deviation
    if shown is not None and shown > -MOST:
        return "its ads were still shown, so the costs may be missing from the data"
    check = "check its budget, its end date and the account's payment"
    return check if told.finding.score >= CERTAIN else f"unless somebody paused it, {check}"


def _consequences(told: Told, currency: str) -> str:
    """`Spend hardly changed, so CPA rose 83 % to €48.10 and ROAS fell 45 % to 1.40`."""
    moved = {e.metric: e for e in told.effects if e.metric != "roas" or e.current_value}
    clauses = [_clause(moved[m], currency) for m in _TOLD_FIRST if m in moved][:2]
    if not clauses:
        return ""
    anchor = "conversions" if told.finding.key.metric == "spend" else "spend"
    steady = told.totals.change(anchor).deviation
    text = listing(clauses)
    if anchor not in moved and steady is not None and abs(steady) < MATERIAL:
        so = "but" if text.startswith("there ") else "so"
        return f"{label(anchor)} hardly changed, {so} {text}"
    return text


def _clause(change: Change, currency: str) -> str:
    metric, deviation = change.metric, change.deviation or 0.0
    if not change.current_value:
        return f"there {'were' if 'were' in was(metric) else 'was'} no {label(metric)}"
    value = phrases.amount(change.current_value, metric, currency)
    if deviation < -1:
        return f"{label(metric)} fell below zero ({value})"
    if factor := phrases.times(deviation):
        return f"{was(metric)} {factor} as high ({value})"
    way = "rose" if deviation > 0 else "fell"
    return f"{label(metric)} {way} {phrases.size(deviation)} to {value}"


def _from_whom(told: Told) -> str:
    """Who makes up a channel's change, or how much of the channel's change a campaign makes up."""
    finding = told.finding
    if finding.kind == "zero_spend":
        return ""
    large = _largest(told.contributors)
    shares = sum(c.share or 0.0 for c in large)
    if finding.key.campaign_id is not None:
        several = told.panel.channels.count(finding.key.channel) > 1
        channel = phrases.name(finding.key.channel)
        return (
            f"the campaign makes up {_part(shares)} of the change in {channel}"
            if several and shares >= SOME
            else ""
        )
    if shares < MOST:
        return ""
    if len(large) == 1 or (large[0].share or 0.0) >= ALL:
        how = _how(finding.key.metric, large[0])
        share = _part(large[0].share or 0.0)
        part = "all of the change" if share == "all" else f"of the change, {share}"
        return f"{part} comes from {_named(large[0])}{how}"
    each = [f"{_named(c)} ({_part(c.share or 0.0)})" for c in large]
    return f"most of the change comes from {listing(each)}"


def _largest(contributors: Sequence[Contributor]) -> Sequence[Contributor]:
    """The first few that are not little, as long as they make no more than the whole."""
    named: list[Contributor] = []
    for one in contributors:
        share = one.share or 0.0
        if share < LITTLE or (named and sum(c.share or 0.0 for c in named) + share > 1):
            break
        named.append(one)
    return named[:3]


def _part(fraction: float) -> str:
    """Never more than all, even where others moved against it."""
    return "all" if fraction >= ALL else phrases.share(fraction)


def _named(contributor: Contributor) -> str:
    return phrases.name(contributor.campaign)


def _how(metric: str, contributor: Contributor) -> str:
    if contributor.part is None:
        return ""
    ratio = {"volume": "its weight in the channel", "rate": f"its own {label(metric)}"}
    how = _HOW.get((metric, contributor.part), ratio[contributor.part])
    return f", mostly through {how}"


def _worth(told: Told, currency: str) -> str:
    """The finding's money, by its first two digits."""
    finding = told.finding
    if finding.kind == "zero_spend" or finding.impact < 1:
        return ""
    money = f"about {phrases.whole(phrases.significant(finding.impact, 2), currency)}"
    more, slow = finding.key.direction == "spike", finding.kind == "gradual"
    if finding.key.metric == "spend":
        return (
            f"{money} {'more' if more else 'less'} than {'before' if slow else 'usual'} was spent"
        )
    if not (told.totals.usual["revenue"] > 0 or told.totals.current["revenue"] > 0):
        return f"{money} of spend is concerned"
    if slow:  # all in all there may be more revenue than before: it is what could have been
        could = "less revenue would" if more else "more revenue could"
        return f"{money} {could} have come at the earlier rate"
    return f"{money} of revenue {'came on top' if more else 'is missing'}"
