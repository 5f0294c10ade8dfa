"""What did not happen: campaigns that stopped spending, channels whose rows have not arrived."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from shared.domain.anomalies.detection.medians import WEEK, Bools, Days, Floats
from shared.domain.anomalies.detection.rows import MONTH, Rows
from shared.domain.anomalies.finding import CERTAIN, UNPLANNED, Finding, Kind, SeriesKey
from shared.domain.anomalies.panel import OPEN_END

REGULAR = 0.8  # share of a fortnight's days with spend that makes spending regular
FORTNIGHT = 14
LONGEST = 7  # days without spend after which a campaign has ended
SILENT = 2  # days without any row that are no accident of delivery
LEAST = 0.01  # of the project's spend is what a campaign must have spent whose rows say zero,
LARGE = 0.02  # and one whose rows stay away
TAPER = 0.5  # of its usual spend on the day before: a budget that tapers off


def gaps(rows: Rows) -> list[Finding]:
    """Findings of kind missing_data and zero_spend as of the last day."""
    arrived = rows.panel.arrived
    found = _missing(rows, arrived)
    gone = {one.key.channel for one in found}
    return found + _without_spend(rows, gone)


def _missing(rows: Rows, arrived: Bools) -> list[Finding]:
    """Channels that had rows every day of a fortnight, and have none today.

    That one campaign has no row today is an accident of delivery, unless it lasts.
    """
    by_day = (rows.members @ arrived.astype(np.float64)) > 0
    absent = _absent(by_day)
    told = (absent >= SILENT) | (_expected(rows, arrived) > 1) | _daily(by_day)
    due = (absent > 0) & (absent <= LONGEST) & told & _running(rows, arrived)
    return [
        _gap(rows, rows.campaigns + int(number), int(absent[number]), "missing_data")
        for number in np.flatnonzero(due)
        if _regular_rows(by_day[number, : -absent[number]])
    ]


def _expected(rows: Rows, arrived: Bools) -> Floats:
    """[channel]: how many campaigns mostly had a row on today's weekday."""
    same_weekday = arrived[:, -1 - WEEK :: -WEEK][:, :4]
    mostly = (same_weekday.sum(axis=1) >= 3).astype(np.float64)
    result: Floats = rows.members @ mostly
    return result


def _daily(by_day: Bools) -> Bools:
    """[channel]: had rows on every day of two months on which the project had any, but today."""
    before = by_day[:, -2 * MONTH - 1 : -1]
    told = before[:, before.any(axis=0)]
    daily: Bools = told.all(axis=1) & np.array(before.shape[1] == 2 * MONTH)
    return daily


def _running(rows: Rows, arrived: Bools) -> Bools:
    """[channel]: has a campaign of late that was not to end before today."""
    running = arrived[:, -MONTH:].any(axis=1) & (rows.panel.ends >= rows.panel.days - 1)
    some: Bools = rows.members @ running.astype(np.float64) > 0
    return some


def _regular_rows(there: Bools) -> bool:
    return there.size >= FORTNIGHT and bool(there[-FORTNIGHT:].mean() >= REGULAR)


def _absent(there: Bools) -> Days:
    """[row]: how many days on end, today the last, there was nothing."""
    back = there[:, ::-1]
    days: Days = np.where(back.any(axis=1), back.argmax(axis=1), there.shape[1])
    return days


def _without_spend(rows: Rows, gone: set[str]) -> list[Finding]:
    """Campaigns whose rows say zero, or stay away: platforms leave out rows without an impression.

    One row that is missing tells something only of a campaign that has one every day, and several
    of one that spends more than a little.
    """
    panel = rows.panel
    spend = np.nan_to_num(panel.values["spend"])
    days = _absent(spend > 0)
    today = panel.days - 1
    told = (panel.values["spend"][:, -1] == 0) & ~panel.unfinished[:, -1]
    share = _usual(spend, days) * MONTH / max(float(spend[:, -MONTH - 1 : -1].sum()), 1e-9)
    left_out = _left_out(rows, spend, days) & (share >= np.where(days <= SILENT, LARGE, LEAST))
    due = (days > 0) & (days <= LONGEST) & ((told & (share >= LEAST)) | left_out)
    due &= (panel.starts <= today) & (panel.ends >= today) & rows.judged[: rows.campaigns]
    stopped = [
        int(row)
        for row in np.flatnonzero(due)
        if panel.channels[row] not in gone and _regular(spend[row, : -int(days[row])])
    ]
    return _by_channel(rows, stopped, days, spend > 0)


def _left_out(rows: Rows, spend: Floats, days: Days) -> Bools:
    """[series]: its rows are missing while others of its channel came."""
    there = rows.members @ (spend > 0).astype(np.float64) > 0
    came = there[rows.channel_of]
    lacking = came & ~(spend > 0)
    before = np.stack([_before(lacking, back).sum(axis=1) for back in range(LONGEST + 1)])
    often = np.take_along_axis(before, np.minimum(days, LONGEST)[None], axis=0)[0]
    lacks: Bools = came[:, -1] & ((often == 0) | (days >= SILENT))
    return lacks


def _before(days: Bools, back: int) -> Bools:
    last = days.shape[1] - back
    some: Bools = days[:, max(last - MONTH, 0) : last]
    return some


def _usual(spend: Floats, days: Days) -> Floats:
    """[series]: the mean spend of a day in the month before."""
    sums = np.cumsum(spend, axis=1)
    last = np.maximum(spend.shape[1] - 1 - days, 0)
    first = np.maximum(last - MONTH, 0)
    at = np.arange(len(spend))
    usual: Floats = (sums[at, last] - sums[at, first]) / MONTH
    return usual


def _by_channel(rows: Rows, stopped: list[int], days: Days, spends: Bools) -> list[Finding]:
    """One finding for a channel of which nothing spends any more, or else one for each campaign."""
    spent = spends[:, -FORTNIGHT:].any(axis=1)
    found = []
    for number, name in enumerate(rows.channels):
        mine = [row for row in stopped if rows.panel.channels[row] == name]
        if len(mine) > 1 and set(mine) == set(np.flatnonzero(spent & (rows.channel_of == number))):
            whole = _gap(rows, rows.campaigns + number, int(min(days[mine])), "zero_spend")
            found.append(replace(whole, explained=tuple(rows.panel.campaign_ids[n] for n in mine)))
        else:
            found += [_stopped(rows, row, int(days[row])) for row in mine]
    return found


def _stopped(rows: Rows, row: int, days: int) -> Finding:
    """A campaign that spends nothing: for certain if its rows say so, or a plan that it runs."""
    panel = rows.panel
    planned = panel.days - 1 <= panel.ends[row] != OPEN_END
    certain = planned or panel.values["spend"][row, -1] == 0
    return replace(_gap(rows, row, days, "zero_spend"), score=CERTAIN if certain else UNPLANNED)


def _regular(spend: Floats) -> bool:
    if spend.size < FORTNIGHT:
        return False
    last = spend[-FORTNIGHT:]
    return bool((last > 0).mean() >= REGULAR and last[-1] >= TAPER * np.median(last))


def _gap(rows: Rows, row: int, days: int, kind: Kind) -> Finding:
    """The spend that is not there; of an unpaid channel its impressions, worth their revenue."""
    panel = rows.panel
    before = slice(-days - MONTH, -days)
    usual = {
        name: float(rows.with_channels(np.nan_to_num(panel.values[name][:, before]))[row].mean())
        for name in ("spend", "impressions", "revenue")
    }
    metric = "spend" if usual["spend"] else "impressions"
    channel, campaign = rows.named(row)
    return Finding(
        key=SeriesKey(channel, campaign, metric, "drop"),
        kind=kind,
        start=panel.day(panel.days - days),
        end=panel.last_day,
        current=0.0 if kind == "zero_spend" else None,
        baseline=usual[metric] * days,
        deviation=-1.0 if kind == "zero_spend" else None,
        impact=(usual["spend"] or usual["revenue"]) * days,
        score=CERTAIN,
    )
