"""How right a detector is about generated projects: precision, recall, kind named right, delay.

An incident touches an event if it is about the event's campaign, or its channel, and about a metric
that the event moves, in the direction in which it moves it, on its days (one day of grace; a slope
ten). It must have begun with the event: what is said all the time announces nothing. It finds the
nearest of the events that it touches, once. Further incidents on an event are neither right nor
wrong if they tell of it on another level or metric; the same series told anew is a false one, as is
what touches no event.
`python -m tests.bench.anomalies.scoring --seeds 0-3` prints the scores of every detector.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table

from tests.bench.anomalies.generator import project
from tests.bench.anomalies.replay import Incident, Said, incidents
from tests.bench.anomalies.truth import JUDGED, Cause, Event, Project

KINDS = ("point", "sustained", "gradual", "zero_spend", "missing_data")
PROMPT = ("point", "sustained", "zero_spend")  # kinds that are to be seen at once
EARLY = 1  # days before an event in which its incident may have begun
WEEKS = len(JUDGED) / 7


@dataclass(slots=True)
class Score:
    """Counts by kind over projects; `causes` is what false incidents were said on."""

    projects: int = 0
    events: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)
    delays: dict[str, list[int]] = field(default_factory=dict)

    def precision(self, *kinds: str) -> float:
        found, false = (_sum(counts, kinds) for counts in (self.found, self.false))
        return found / (found + false) if found + false else 1.0

    def recall(self, *kinds: str) -> float:
        return _sum(self.found, kinds) / max(_sum(self.events, kinds), 1)

    def f1(self, *kinds: str) -> float:
        precision, recall = self.precision(*kinds), self.recall(*kinds)
        return 2 * precision * recall / max(precision + recall, 1e-9)

    def false_a_week(self) -> float:
        """False incidents per project and week."""
        return self.false.total() / max(self.projects * WEEKS, 1e-9)

    def named_right(self, *kinds: str) -> float:
        return _sum(self.named, kinds) / max(_sum(self.found, kinds), 1)

    def delay(self, *kinds: str) -> float:
        """Mean days from an event's first day to the first scan that told of it."""
        days = [day for kind in kinds or KINDS for day in self.delays.get(kind, ())]
        return sum(days) / max(len(days), 1)

    def add(self, truth: Project, said: Said) -> None:
        """Count one project's replay."""
        self.projects += 1
        told = incidents(said)
        by_event: dict[int, list[Incident]] = {}
        for incident in sorted(told, key=lambda one: (one.first, one.campaign_id is None)):
            touched = touches(truth.events, incident)
            news = [n for n in touched if not _same(incident, by_event.get(n, ()))]
            if news:
                told_of = min(news, key=lambda n: _distance(truth.events[n], incident))
                by_event.setdefault(told_of, []).append(incident)
            elif not _undecidable(truth, incident):
                self.false[incident.kind] += 1
                self.causes["told anew" if touched else _cause(truth, incident)] += 1
        for n, event in enumerate(truth.events):
            self._count(event, by_event.get(n, []))

    def _count(self, event: Event, told: list[Incident]) -> None:
        self.events[event.kind] += 1
        finding = [one for one in told if one.last >= event.found_from]
        if not finding:
            return
        self.found[event.kind] += 1
        main = min(finding, key=lambda one: (one.metric != event.metric, one.first))
        self.named[event.kind] += main.kind == event.kind
        first = min(one.first for one in finding)
        self.delays.setdefault(event.kind, []).append(max(first - event.first, 0))


def _sum(counts: Counter[str], kinds: Sequence[str]) -> int:
    return sum(counts[kind] for kind in kinds or KINDS)


def touches(events: Sequence[Event], incident: Incident) -> list[int]:
    """The events that an incident is about; none unless it began with one of them."""
    about = [n for n, event in enumerate(events) if _about(event, incident)]
    began = any(events[n].first - EARLY <= incident.first for n in about)
    return about if began else []


def _about(event: Event, incident: Incident) -> bool:
    return (
        incident.channel in event.channels
        and (event.campaign_id is None or incident.campaign_id in (None, event.campaign_id))
        and event.moves(incident.metric, incident.direction)
        and incident.first <= event.found_to
        and incident.last >= event.first
    )


def _distance(event: Event, incident: Incident) -> tuple[bool, bool, int]:
    """How far an incident is from an event it touches: by driver, by campaign, by days."""
    elsewhere = event.campaign_id != incident.campaign_id
    return event.metric != incident.metric, elsewhere, abs(event.first - incident.first)


def _same(incident: Incident, others: Sequence[Incident]) -> bool:
    """Whether the same series and direction was told of before."""
    mine = (incident.channel, incident.campaign_id, incident.metric)
    return any((one.channel, one.campaign_id, one.metric) == mine for one in others)


def _undecidable(truth: Project, incident: Incident) -> bool:
    return any(
        cause.undecidable
        and _concerns(cause, incident)
        and cause.first <= incident.first
        and incident.last <= cause.last + 1
        for cause in truth.causes
    )


def _concerns(cause: Cause, incident: Incident) -> bool:
    return (
        cause.channel in (None, incident.channel)
        and (incident.campaign_id is None or cause.campaign_id in (None, incident.campaign_id))
        and cause.first - 1 <= incident.first <= cause.last + 1
    )


def _cause(truth: Project, incident: Incident) -> str:
    """What else happened when a false incident began; an event of the channel comes first."""
    for event in truth.events:
        near = event.first - EARLY <= incident.first <= event.last + 14
        if near and incident.channel in event.channels:
            inside = event.campaign_id is None or event.campaign_id == incident.campaign_id
            during = "in" if incident.first <= event.found_to else "after"
            return f"{during} an event of the {'campaign' if inside else 'channel'}"
    names = [cause.name for cause in truth.causes if _concerns(cause, incident)]
    return min(names, default="nothing")


def main() -> None:
    """Print what detectors make of some projects."""
    from tests.bench.anomalies.detectors import PEERS, QUICK

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", default="0-3", help="first-last")
    parser.add_argument("--only", default="", help="a detector's name")
    parser.add_argument("--peers", action="store_true", help="also published ones; takes minutes")
    parser.add_argument("--causes", action="store_true", help="what false incidents were said on")
    options = parser.parse_args()
    first, last = map(int, options.seeds.split("-"))
    known = {**QUICK, **(PEERS if options.peers else {})}
    scores = {name: Score() for name in known if options.only in ("", name)}
    for name, score in scores.items():
        for seed in range(first, last + 1):
            score.add(project(seed), known[name](seed))
    show(scores, causes=options.causes)


def show(scores: Mapping[str, Score], *, causes: bool) -> None:
    columns = "detector kind events found false precision recall F1 false/week named delay"
    table = Table(*columns.split())
    for name, score in scores.items():
        for kinds in ((), *((kind,) for kind in KINDS)):
            table.add_row(*_cells(name, score, kinds))
        table.add_row("", "prompt", *[""] * 8, f"{score.delay(*PROMPT):.2f}", end_section=True)
    console = Console(width=120)
    console.print(table)
    if causes:
        for name, score in scores.items():
            console.print(name, dict(score.causes.most_common()))


def _cells(name: str, score: Score, kinds: tuple[str, ...]) -> list[str]:
    shares = (score.precision(*kinds), score.recall(*kinds), score.f1(*kinds))
    return [
        "" if kinds else name,
        *(kinds or ("all",)),
        *(str(_sum(counts, kinds)) for counts in (score.events, score.found, score.false)),
        *(f"{share:.3f}" for share in shares),
        "" if kinds else f"{score.false_a_week():.3f}",
        f"{score.named_right(*kinds):.2f}",
        f"{score.delay(*kinds):.2f}",
    ]


if __name__ == "__main__":
    main()
