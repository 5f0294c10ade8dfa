"""Projects: one tenant each, with its zone, currency and language."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from shared.domain.channels import canonical_channel
from shared.domain.countries import known_countries
from shared.domain.requests import Body

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

PROJECT_ID = r"[a-z][a-z0-9_-]{1,61}[a-z0-9]"
_MONTH_FIRST = frozenset({"US", "PH", "PR", "GU", "VI", "AS", "MP", "UM", "MH"})  # as CLDR has it
# Names that one system knows and another does not, though no zone of the IANA's.
_SYSTEMS_OWN = ("posix", "right/", "localtime", "Factory")
_ZONE = re.compile(r"[A-Za-z0-9+_-]+(/[A-Za-z0-9+_-]+){0,2}")


def _known_zone(name: str) -> str:
    try:
        if not _ZONE.fullmatch(name) or name.startswith(_SYSTEMS_OWN):
            raise ValueError
        ZoneInfo(name)
    except (ValueError, KeyError, OSError) as wrong:
        raise ValueError("is not an IANA time zone such as Europe/Berlin") from wrong
    return name


def _known_country(code: str) -> str:
    if code not in known_countries():
        raise ValueError("is not an ISO 3166 country code such as DE")
    return code


def _one_line(name: str) -> str:
    if not name.isprintable():
        raise ValueError("holds characters that cannot be shown")
    return name


ProjectId = Annotated[str, StringConstraints(pattern=f"^{PROJECT_ID}$")]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    AfterValidator(_one_line),
]
Zone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_known_zone)]
Currency = Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")]
Locale = Annotated[str, StringConstraints(pattern="^[a-z]{2,3}(-[A-Z]{2})?$")]
Country = Annotated[str, StringConstraints(pattern="^[A-Z]{2}$"), AfterValidator(_known_country)]
Fraction = Annotated[float, Field(gt=0, le=10)]
JudgedMetric = Literal[
    "spend",
    "impressions",
    "clicks",
    "ctr",
    "cpc",
    "cpa",
    "conversions",
    "conversion_rate",
    "revenue",
    "roas",
]
MOST_THRESHOLDS = 200


def _as_recorded(metric: object) -> object:
    return "cpa" if metric == "cpl" else metric


JudgedAs = Annotated[JudgedMetric, BeforeValidator(_as_recorded)]
Channel = Annotated[
    str, StringConstraints(min_length=1, max_length=128), AfterValidator(canonical_channel)
]


class Threshold(Body):
    """From what deviation on a change is worth a warning, and from what on it is critical.

    Fractions of the usual value: 0.2 is 20 %. Without a channel or metric it holds for all; the
    closest one counts: channel and metric, then metric, then channel, then neither.
    """

    channel: Channel | None = None
    metric: JudgedAs | None = None
    warning: Fraction = 0.2
    critical: Fraction = 0.4

    @model_validator(mode="after")
    def _rising(self) -> Threshold:
        if self.critical < self.warning:
            raise ValueError("critical begins at or above warning")
        return self


def _each_once(thresholds: tuple[Threshold, ...]) -> tuple[Threshold, ...]:
    places = [(one.channel, one.metric) for one in thresholds]
    if len(set(places)) < len(places):
        raise ValueError("names a channel and metric twice")
    return thresholds


Thresholds = Annotated[
    tuple[Threshold, ...], Field(max_length=MOST_THRESHOLDS), AfterValidator(_each_once)
]


class NewProject(Body):
    """What it takes to open a project; the caller becomes its owner."""

    id: ProjectId
    name: Name
    timezone: Zone = "UTC"
    currency: Currency = "EUR"
    locale: Locale = "en-GB"
    week_start: Weekday = "monday"
    country: Country | None = None


class ProjectEdit(Body):
    """A change to a project: what is absent stays as it is; null resets country and thresholds."""

    name: Name | None = None
    timezone: Zone | None = None
    currency: Currency | None = None
    locale: Locale | None = None
    week_start: Weekday | None = None
    country: Country | None = None
    thresholds: Thresholds | None = None

    def changes(self) -> dict[str, Any]:
        """What the edit says, by field."""
        given = self.model_dump(exclude_unset=True)
        resets: dict[str, Any] = {"country": None, "thresholds": ()}
        wanted = {name: value for name, value in given.items() if value is not None}
        return wanted | {
            name: resets[name] for name in resets if name in given and given[name] is None
        }


class Project(BaseModel):
    """A project as stored and shown. `currency` is an ISO 4217 code, `timezone` an IANA name.

    `country` (ISO 3166) says whose holidays count; without it, that of the time zone.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    timezone: str
    currency: str
    locale: str = "en-GB"
    week_start: Weekday = "monday"
    country: str | None = None
    thresholds: tuple[Threshold, ...] = ()
    created_at: datetime | None = None

    @property
    def day_first(self) -> bool:
        """Whether 03/04/2025 is written for the third of April here."""
        return self.locale != "en" and self.locale.partition("-")[2] not in _MONTH_FIRST

    @property
    def zone(self) -> ZoneInfo:
        """The zone that a day of this project is a day of."""
        return ZoneInfo(self.timezone)

    @property
    def first_weekday(self) -> int:
        """The day a week starts on: 0 is Monday."""
        return get_args(Weekday).index(self.week_start)


class ProjectSummary(BaseModel):
    """A project in a list, with the caller's role in it."""

    id: str
    name: str
    timezone: str
    currency: str
    role: str


class ProjectList(BaseModel):
    """A page of the caller's projects."""

    items: list[ProjectSummary]
    next_page_token: str | None = Field(default=None)
