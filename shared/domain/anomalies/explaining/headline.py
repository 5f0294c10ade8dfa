"""One line that says what happened to whom, and when."""

from __future__ import annotations

from datetime import date

from shared.domain.anomalies.explaining.phrases import days, length, name, size, times
from shared.domain.anomalies.finding import Finding
from shared.domain.wording import capital, label

LONGEST = 90


def headline_of(finding: Finding, subject: str, last_day: date) -> str:
    """At most LONGEST characters: a long name is cut."""
    before, after = _parts(finding, last_day)
    return f"{before} {name(subject, LONGEST - len(before) - len(after) - 2)} {after}"


def _parts(finding: Finding, last_day: date) -> tuple[str, str]:
    """What stands before the name and after it."""
    when = _when(finding, last_day)
    if finding.kind == "zero_spend":
        return f"No {label(finding.key.metric)} on", when
    if finding.kind == "missing_data":
        return "No data for", when
    metric = label(finding.key.metric)
    deviation = finding.deviation
    if deviation is None:
        return f"Unusual {metric} of", when
    if finding.kind == "gradual":
        over = length(finding.start, finding.end)
        return f"{capital(metric)} of", f"{_slid(deviation)} over {over}"
    return f"{capital(metric)} of", f"{_moved(deviation)} {when}"


def _slid(deviation: float) -> str:
    if deviation <= -1:
        return "fell to zero" if deviation == -1 else "fell below zero"
    if factor := times(deviation):
        return f"rose to {factor} the earlier level"
    return f"{'rose' if deviation > 0 else 'fell'} {size(deviation)}"


def _moved(deviation: float) -> str:
    if deviation <= -1:
        return "at zero" if deviation == -1 else "below zero"
    if factor := times(deviation):
        return f"{factor} the usual"
    return f"{size(deviation)} {'above' if deviation > 0 else 'below'} usual"


def _when(finding: Finding, last_day: date) -> str:
    lasts = finding.end >= last_day and finding.start < finding.end
    started = days(finding.start, finding.start)
    return f"since {started}" if lasts else f"on {days(finding.start, finding.end)}"
