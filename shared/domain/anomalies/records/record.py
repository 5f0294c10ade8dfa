"""An anomaly as it is stored and shown, and what callers send and get."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool

from shared.domain.anomalies.finding import Direction, Kind, SeriesKey, Severity
from shared.domain.projects import Channel, JudgedAs, JudgedMetric
from shared.domain.requests import Body, PageQuery
from shared.ports import Create, Document, Json, Put, Write

State = Literal["open", "resolved", "muted", "all"]

RECOVERY = "recovery"  # it is as usual again
ENDED = "ended"  # it spends nothing any more
SETTLED = "settled"  # it slides no further
BY_ITSELF = (RECOVERY, ENDED, SETTLED)
KEPT_RESOLVED = timedelta(days=400)


class Shown(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(frozen=True)


class Window(Shown):
    """The days that an anomaly spans, both included."""

    start: date
    end: date


class Impact(Shown):
    """What it is about in money, never negative: what anomalies are ranked by."""

    amount: float
    currency: str


class Effect(Shown):
    """What the change does to another metric; `deviation_pct` 25.0 is 25 % above the usual."""

    metric: str
    current_value: float | None
    baseline_value: float | None
    deviation_pct: float | None


class Contributor(Shown):
    """A campaign's part in it: `share` of the change, more from its volume or from its rate.

    `campaign_id` null stands for the campaigns too small to be told apart, `share` null for a
    channel that did not change as a whole.
    """

    campaign_id: str | None
    campaign: str | None
    share: float | None
    current_value: float | None
    baseline_value: float | None
    part: Literal["volume", "rate"] | None = None


class Anomaly(Shown):
    """An anomaly as lists show it.

    Figures and words are those of the latest scan that found it, `window` is all the days since it
    began. `deviation_pct` is in percent, `last_seen` the day of the latest scan that found it.
    `resolved_by` is who resolved it, or `recovery`: it is as usual again, or its data arrive again;
    `ended`: nothing was spent for 28 days, it has stopped for good; `settled`: it slid no further,
    what it is now is the new usual. It is muted through the day `muted_until`, in the project's
    time zone. What is resolved is kept for 400 days.
    """

    id: str
    project_id: str
    channel: str
    campaign_id: str | None
    campaign: str | None
    metric: JudgedMetric
    kind: Kind
    direction: Direction
    severity: Severity
    detected_at: datetime
    window: Window
    current_value: float | None
    baseline_value: float | None
    deviation_pct: float | None
    impact: Impact
    headline: str
    explanation: str
    effects: tuple[Effect, ...] = ()
    contributors: tuple[Contributor, ...] = ()
    is_resolved: bool = False
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    muted_until: date | None = None
    useful: bool | None = None
    last_seen: date

    def muted(self, day: date) -> bool:
        """Whether nobody is to be told of it on this day."""
        return self.muted_until is not None and day <= self.muted_until


class AnomalyDetail(Anomaly):
    """An anomaly with its chart, a Vega-Lite specification."""

    vega_lite: dict[str, Any] | None = None


class Course(Shown):
    """What the lifecycle remembers of a record.

    `told` is the severity that people know of, `announced_on` the scan day on which they were last
    told, `echo_of` the record that they were told of instead. `clear` are the scan days since
    `last_seen` that did not find it, `milder` those in a row that found it less severe.
    """

    told: Severity | None = None
    announced_on: date | None = None
    echo_of: str | None = None
    clear: tuple[date, ...] = ()
    milder: tuple[date, ...] = ()


class Record(AnomalyDetail):
    """An anomaly as stored."""

    course: Course = Course()

    @property
    def key(self) -> SeriesKey:
        """What it is about: at most one record of a key is open."""
        return SeriesKey(self.channel, self.campaign_id, self.metric, self.direction)

    def detail(self) -> AnomalyDetail:
        """What a person is shown of it."""
        shown = {name: getattr(self, name) for name in AnomalyDetail.model_fields}
        return AnomalyDetail.model_construct(**shown)

    def data(self) -> dict[str, Any]:
        """What its document holds."""
        return self.model_dump(mode="json")

    def written(self, version: str | None) -> Write:
        """The write that stores it over `version`, or as new."""
        path = path_of(self.project_id, self.id)
        expires = self.resolved_at + KEPT_RESOLVED if self.resolved_at else None
        if version is None:
            return Create(path, self.data(), expires_at=expires)
        return Put(path, self.data(), if_version=version, expires_at=expires)


def read_record(document: Document) -> Record:
    """The record in a document."""
    return Record.model_validate(document.data)


def path_of(project_id: str, anomaly_id: str) -> str:
    """Where a record is stored."""
    return f"{collection_of(project_id)}/{anomaly_id}"


def collection_of(project_id: str) -> str:
    """Where a project's records are stored."""
    return f"projects/{project_id}/anomalies"


def mark_of(key: SeriesKey, *more: str) -> str:
    """A short name for a series, the same on every day and machine."""
    named = [key.channel, key.campaign_id, key.metric, key.direction, *more]
    return sha256(json.dumps(named).encode()).hexdigest()[:24]


def order_of(record: Anomaly) -> tuple[float, str]:
    """Sorts by impact, the largest first."""
    return -record.impact.amount, record.id


def listed(data: Json) -> Anomaly:
    """A stored record as lists show it."""
    return Anomaly.model_validate(data)


class AnomalyQuery(PageQuery):
    """Which anomalies to list.

    `open` (those not muted now) and `muted` come ordered by impact, the largest first; `resolved`
    by when they were resolved and `all` by when they were detected, the latest first. `metric` also
    matches what an anomaly does to other metrics. A page may be shorter than asked for: the list
    ends where `next_page_token` is null.
    """

    state: State = "open"
    severity: Severity | None = None
    channel: Channel | None = None
    metric: JudgedAs | None = None


class AnomalyList(BaseModel):
    """A page of anomalies."""

    items: list[Anomaly]
    next_page_token: str | None = None


def _day(said: object) -> object:
    if said is None or isinstance(said, date):
        return said
    try:
        if isinstance(said, str) and _DAY.fullmatch(said):
            return date.fromisoformat(said)
    except ValueError:
        pass
    raise ValueError("is a day such as 2025-03-31")


Day = Annotated[date, BeforeValidator(_day)]
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Mute(Body):
    """Be quiet about it through this day, at most a year ahead; null lifts a mute."""

    until: Day | None


class Feedback(Body):
    """Whether it was worth telling; what was not must be clearer the next time."""

    useful: StrictBool


class ScanRequest(Body):
    """Judge the day before `as_of`; without it, yesterday in the project's time zone."""

    as_of: Day | None = None


class ScanAnswer(BaseModel):
    """What a scan did to the project's anomalies, and those that it found, by impact."""

    as_of: date
    opened: int = Field(ge=0)
    updated: int = Field(ge=0)
    resolved: int = Field(ge=0)
    unchanged: int = Field(ge=0)
    items: list[Anomaly]
