"""A project day by day, as production would scan it, and what is said of it as incidents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from shared.domain.anomalies.finding import (
    Direction,
    Finding,
    Kind,
    KnownSpan,
    Rules,
    SeriesKey,
)
from shared.domain.anomalies.panel import Panel
from tests.bench.anomalies.truth import JUDGED, Project, history

Detect = Callable[[Panel, Rules], Sequence[Finding]]
Said = Sequence[tuple[int, Finding]]  # the day whose scan said it
GAP = 3  # days of silence after which the same is said anew


@dataclass(frozen=True, slots=True)
class Incident:
    """Findings of one series and direction on consecutive scans; `kind` is the last one's."""

    channel: str
    campaign_id: str | None
    metric: str
    direction: Direction
    kind: Kind
    first: int
    last: int


def replay(project: Project, detect: Detect) -> list[tuple[int, Finding]]:
    """What a detector says on each judged day; it is told the spans it has found before."""
    said: list[tuple[int, Finding]] = []
    known: dict[object, list[KnownSpan]] = defaultdict(list)
    for day in JUDGED:
        spans = tuple(span for series in known.values() for span in series)
        for finding in detect(history(project, day), project.rules(spans)):
            said.append((day, finding))
            _learn(known[finding.key], finding)
    return said


def _learn(spans: list[KnownSpan], finding: Finding) -> None:
    """Add the finding's days, merged with the last span if they overlap."""
    start, end = finding.start, finding.end
    if spans and start <= spans[-1].end and end >= spans[-1].start:
        last = spans.pop()
        start, end = min(start, last.start), max(end, last.end)
    key = finding.key
    metric = "" if finding.kind in ("zero_spend", "missing_data") else key.metric
    spans.append(KnownSpan(key.channel, key.campaign_id, start, end, metric))


def incidents(said: Said) -> list[Incident]:
    """Findings of one key with at most GAP days between them, also across kinds."""
    series: dict[object, list[tuple[int, Finding]]] = defaultdict(list)
    for day, finding in said:
        series[finding.key].append((day, finding))
    return [one for findings in series.values() for one in _runs(findings)]


def _runs(findings: list[tuple[int, Finding]]) -> Iterable[Incident]:
    first = before = findings[0][0]
    kind = findings[0][1].kind
    key = findings[0][1].key
    for day, finding in findings:
        if day - before > GAP:
            yield _incident(key, kind, first, before)
            first = day
        before, kind = day, finding.kind
    yield _incident(key, kind, first, before)


def _incident(key: SeriesKey, kind: Kind, first: int, last: int) -> Incident:
    return Incident(key.channel, key.campaign_id, key.metric, key.direction, kind, first, last)
