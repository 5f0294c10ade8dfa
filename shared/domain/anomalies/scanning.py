"""One scan of one project: its history judged, put into words and settled with what is open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256

from shared.domain.access import Access
from shared.domain.anomalies.detection.detect import detect
from shared.domain.anomalies.explaining.explanation import Telling, describe
from shared.domain.anomalies.finding import Bands, KnownSpan, Rules
from shared.domain.anomalies.panel import Panel
from shared.domain.anomalies.quiet_series import idle_series, silent_channels
from shared.domain.anomalies.reading import HISTORY_DAYS, History, read_history
from shared.domain.anomalies.records.announcing import FOUND, TOPIC
from shared.domain.anomalies.records.ledger import Held, read_held
from shared.domain.anomalies.records.lifecycle import Moment, News, Seen, Settled, settle
from shared.domain.anomalies.records.record import Anomaly, Record, ScanAnswer, ScanRequest
from shared.domain.anomalies.records.remembered import raised
from shared.domain.outbox import Announcement, Effect, commit
from shared.domain.projects import Project
from shared.domain.public_holidays import holidays_of
from shared.domain.suite import Suite
from shared.errors import AlreadyExists, Conflict, FieldError, Invalid, Malformed, Stale
from shared.ports import Message

EARLIEST = date(2000, 1, 1)
ATTEMPTS = 5
MOST_FINDINGS = 200  # of one scan; those with the largest impact
KNOWN_FOR = timedelta(days=28)  # then what a series does has become the usual
MORNING = time(6)  # in UTC, as the schedule says
HOLIDAYS_AHEAD = timedelta(days=7)


def scan(suite: Suite, access: Access, request: ScanRequest) -> ScanAnswer:
    """Scan now. Raises Invalid for a day to come, or Conflict if others keep scanning at once."""
    project = access.project
    today = suite.clock.today(project.zone)
    as_of = request.as_of or today
    if not EARLIEST <= as_of <= today:
        what = FieldError("as_of", f"is between {EARLIEST} and {today}, your today")
        raise Invalid("A scan looks at days that are over.", errors=[what])
    history = _history(suite, project, as_of)
    if history is None:
        return ScanAnswer(as_of=as_of, opened=0, updated=0, resolved=0, unchanged=0, items=[])
    moment = Moment(project.id, as_of, suite.clock.now(), project.currency)
    return _answer(as_of, _settled(suite, project, moment, history))


def replay(suite: Suite, project: Project, first: date, last: date) -> Iterator[date]:
    """Scan as it would have been done on each morning from `first` to `last`; each once done."""
    history = _history(suite, project, last)
    if history is None:
        return
    for as_of in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        day = (as_of - history.panel.first_day).days - 1
        then = History(history.panel.between(0, day), dict.fromkeys(history.panel.channels, day))
        morning = datetime.combine(as_of, MORNING, UTC)
        _settled(suite, project, Moment(project.id, as_of, morning, project.currency), then)
        yield as_of


def _settled(suite: Suite, project: Project, moment: Moment, history: History) -> Settled:
    for _ in range(ATTEMPTS):
        settled = _scanned(suite, project, moment, history)
        with suppress(AlreadyExists, Stale):
            commit(suite, *_effects(moment, settled))
            return settled
    raise Conflict("Other scans of this project run at once: try again in a moment.")


def ordered_scan(suite: Suite, project_id: str, as_of: date) -> Sequence[Effect]:
    """What a scan leads to, to be committed; nothing if the project is gone or has no data."""
    stored = suite.documents.get(f"projects/{project_id}")
    if stored is None:
        return ()
    project = Project.model_validate(stored.data)
    if not EARLIEST <= as_of <= suite.clock.today(project.zone) + timedelta(days=1):
        raise Malformed("This order names a morning that has not come.")
    history = _history(suite, project, as_of)
    if history is None:
        return ()
    moment = Moment(project.id, as_of, suite.clock.now(), project.currency)
    return _effects(moment, _scanned(suite, project, moment, history))


def _history(suite: Suite, project: Project, as_of: date) -> History | None:
    yesterday = as_of - timedelta(days=1)
    return read_history(suite.warehouse, project, yesterday, suite.clock.now())


def _scanned(suite: Suite, project: Project, moment: Moment, history: History) -> Settled:
    """What the scan finds, settled with what is stored as it is now; nothing is written yet."""
    held = read_held(suite.documents, project.id, moment.as_of - timedelta(days=HISTORY_DAYS))
    rules = _rules(suite, project, held, history.panel)
    known = replace(moment, silent=silent_channels(history), idle=idle_series(history))
    return settle(held, list(_seen(history, rules, project.currency)), known)


def _rules(suite: Suite, project: Project, held: Held, panel: Panel) -> Rules:
    ahead = panel.last_day + HOLIDAYS_AHEAD
    return Rules(
        holidays=holidays_of(project.country, project.timezone, panel.first_day, ahead),
        known=tuple(
            _known(kept.record) for kept in held.records if kept.record.useful is not False
        ),
        raised=raised(suite.documents, project.id, panel.last_day),
        bands={
            (t.channel or "", t.metric or ""): Bands(t.warning, t.critical)
            for t in project.thresholds
        },
    )


def _known(record: Record) -> KnownSpan:
    end = record.window.end
    if record.kind != "gradual":
        end = min(end, record.window.start + KNOWN_FOR)
    stopped = record.kind in ("zero_spend", "missing_data")
    metric = "" if stopped else record.metric
    return KnownSpan(record.channel, record.campaign_id, record.window.start, end, metric)


def _seen(history: History, rules: Rules, currency: str) -> Iterator[Seen]:
    """Each channel's findings of the last day that can be judged of it, in words."""
    telling = Telling(currency=currency, bands=rules.bands, holidays=rules.holidays)
    for last in sorted(set(history.judged.values())):
        panel = history.panel.between(0, last)
        series = zip(panel.channels, panel.campaign_ids, strict=True)
        names: dict[tuple[str, str | None], str] = dict(zip(series, panel.names, strict=True))
        found = (f for f in detect(panel, rules) if history.judged[f.key.channel] == last)
        for finding in list(found)[:MOST_FINDINGS]:
            said = describe(panel, finding, telling)
            yield Seen(finding, said, names.get((finding.key.channel, finding.key.campaign_id)))


def _effects(moment: Moment, settled: Settled) -> tuple[Effect, ...]:
    said = (_announced(moment, settled.news),) if settled.news else ()
    return (*settled.writes, *said)


def _announced(moment: Moment, news: Sequence[News]) -> Announcement:
    told = [{"id": n.record.id, "why": n.why} for n in news]
    mark = sha256(repr(told).encode()).hexdigest()[:16]
    event_id = f"anomalies-found:{moment.project_id}:{moment.as_of}:{mark}"
    body = {"as_of": moment.as_of.isoformat(), "anomalies": told}
    return Announcement(TOPIC, Message(event_id, moment.project_id, FOUND, body))


def _answer(as_of: date, settled: Settled) -> ScanAnswer:
    return ScanAnswer(
        as_of=as_of,
        opened=settled.opened,
        updated=settled.updated,
        resolved=settled.resolved,
        unchanged=settled.unchanged,
        items=[Anomaly.model_validate(record) for record in settled.found],
    )
