"""What a scan has to tell, in words: its items, its title and its text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from shared.domain.anomalies.records.announcing import Why
from shared.domain.anomalies.records.record import Anomaly, order_of
from shared.domain.notifications.models import (
    MOST_ITEMS,
    InboxItem,
    Item,
    Notice,
    Notification,
)
from shared.domain.notifications.preferences import Preferences
from shared.domain.projects import Project
from shared.domain.wording import days, money

LONGEST_NAME, LONGEST_LINE, LONGEST_TITLE, LONGEST_TEXT = 120, 200, 150, 1200
MOST_LISTED = 5

News = Sequence[tuple[Anomaly, Why]]


def line(text: str, most: int) -> str:
    """Text as one line of at most so many characters, without what cannot be shown.

    Names come from files that people import: a name is only a name, whatever it holds.
    """
    spaced = " ".join(text.split())
    plain = "".join(sign for sign in spaced if sign.isprintable())
    return plain if len(plain) <= most else f"{plain[: most - 1].rstrip()}…"


def notice(notification_id: str, project: Project, news: News, now: datetime) -> Notice:
    """The notice of these anomalies: the costliest first, the rest counted."""
    ordered = sorted(news, key=lambda found: order_of(found[0]))
    return Notice(
        id=notification_id,
        project_id=project.id,
        project=line(project.name, LONGEST_NAME),
        created_at=now,
        items=tuple(_item(record, why) for record, why in ordered[:MOST_ITEMS]),
        others=Counter(record.severity for record, _ in ordered[MOST_ITEMS:]),
    )


def _item(record: Anomaly, why: Why) -> Item:
    alike = set(Item.model_fields) & set(Anomaly.model_fields) - {"campaign"}
    return Item(
        **{name: getattr(record, name) for name in alike}
        | {
            "anomaly_id": record.id,
            "why": why,
            "headline": line(record.headline, LONGEST_LINE),
            "explanation": line(record.explanation, LONGEST_TEXT),
            "campaign": record.campaign and line(record.campaign, LONGEST_NAME),
        }
    )


def wanted(told: Notice, preferences: Preferences) -> Notice | None:
    """What somebody wants to hear of a notice; None if nothing."""
    if told.project_id in preferences.muted_projects:
        return None
    if preferences.anomalies.least_severity == "warning":
        return told
    others = {"critical": told.others.get("critical", 0)}
    return only(told.model_copy(update={"others": others}), lambda i: i.severity == "critical")


def only(told: Notice, keep: Callable[[Item], bool]) -> Notice | None:
    """A notice with some of its items; None if none is left."""
    left = tuple(filter(keep, told.items))
    return told.model_copy(update={"items": left}) if left else None


def title(told: Notice) -> str:
    """2 anomalies in Demo shop: CTR of IG_Influencer fell 8 %."""
    start = f"{heading(told)}: "
    return start + line(told.items[0].headline, LONGEST_TITLE - len(start))


def heading(told: Notice) -> str:
    """2 anomalies in Demo shop."""
    return f"{_anomalies(told.count)} in {line(told.project, LONGEST_TITLE // 2)}"


def impact(item: Item) -> str | None:
    """What an item is about in money; None where that is nothing."""
    amount, currency = item.impact.amount, item.impact.currency
    return money(amount, currency) if round(amount, 2) else None


def span(item: Item) -> str:
    """The days of an item."""
    return days(item.window.start, item.window.end)


def rest(told: Notice) -> str | None:
    """`and 3 more`, or nothing."""
    more = sum(told.others.values())
    return f"and {more} more" if more else None


def notification(told: Notice) -> Notification:
    """A notice as it stands in an inbox."""
    items = [
        InboxItem(
            anomaly_id=item.anomaly_id,
            severity=item.severity,
            headline=item.headline,
            impact=item.impact,
        )
        for item in told.items
    ]
    return Notification(
        id=told.id,
        type="marketing_anomaly",
        project_id=told.project_id,
        project=told.project,
        title=title(told),
        text=_text(told),
        items=items,
        created_at=told.created_at,
    )


def _anomalies(count: int) -> str:
    return f"{count:,} {'anomaly' if count == 1 else 'anomalies'}"


def _text(told: Notice) -> str:
    if told.count == 1:
        return told.items[0].explanation
    named = told.items[:MOST_LISTED]
    more = told.count - len(named)
    lines = [_sentence(item.headline) for item in named] + ([f"And {more} more."] if more else [])
    return " ".join(lines)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
