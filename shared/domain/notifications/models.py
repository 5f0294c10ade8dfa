"""The shapes of notifications: in the inbox, and on their way to somebody."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.domain.anomalies.finding import Severity
from shared.domain.anomalies.records.announcing import Why
from shared.domain.anomalies.records.record import Impact, Window
from shared.domain.requests import PageQuery
from shared.errors import Malformed

Channel = Literal["email", "webhook"]
MOST_ITEMS = 20

_Shape = TypeVar("_Shape", bound=BaseModel)


def read(shape: type[_Shape], body: Mapping[str, Any], otherwise: str) -> _Shape:
    """What a message's body holds. Raises Malformed, saying `otherwise`.

    A lone surrogate in it, which JSON can name and no text can hold, makes it none.
    """
    try:
        return shape.model_validate_json(json.dumps(body, ensure_ascii=False).encode())
    except (ValueError, RecursionError) as wrong:
        raise Malformed(otherwise) from wrong


class InboxItem(BaseModel):
    """One anomaly of a notification, in short."""

    anomaly_id: str
    severity: Severity
    headline: str
    impact: Impact


class Notification(BaseModel):
    """One entry of a person's inbox."""

    id: str
    type: Literal["marketing_anomaly", "webhook_failed"]
    project_id: str
    project: str
    title: str
    text: str
    items: list[InboxItem] = []
    created_at: datetime
    read: bool = False
    read_at: datetime | None = None


class NotificationList(BaseModel):
    """A page of the inbox, the newest first."""

    items: list[Notification]
    next_page_token: str | None = None


class InboxQuery(PageQuery):
    """Which part of the inbox."""

    unread: bool = False


class MarkedRead(BaseModel):
    """How many notifications were unread."""

    marked: int


class Item(BaseModel):
    """One anomaly as it is told. Its texts are one line each."""

    model_config = ConfigDict(frozen=True)

    anomaly_id: str
    why: Why
    severity: Severity
    headline: str
    explanation: str
    channel: str
    campaign_id: str | None
    campaign: str | None
    metric: str
    kind: str
    direction: str
    window: Window
    current_value: float | None
    baseline_value: float | None
    deviation_pct: float | None
    impact: Impact


class Notice(BaseModel):
    """What one scan of one project has to tell: the costliest items, and how many others there are
    of each severity.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    project_id: str
    project: str
    created_at: AwareDatetime
    items: tuple[Item, ...] = Field(max_length=MOST_ITEMS)
    others: Mapping[Severity, int] = {}

    @property
    def count(self) -> int:
        """How many anomalies it is about."""
        return len(self.items) + sum(self.others.values())

    @property
    def critical(self) -> bool:
        """Whether one of them is."""
        return any(item.severity == "critical" for item in self.items)


class Delivery(BaseModel):
    """An order to bring a notice to one person by one channel; it holds no address."""

    model_config = ConfigDict(frozen=True)

    uid: str
    channel: Channel
    notice: Notice
    due: AwareDatetime | None = None  # until when it was put off

    def body(self) -> dict[str, Any]:
        """The JSON that travels."""
        return self.model_dump(mode="json")
