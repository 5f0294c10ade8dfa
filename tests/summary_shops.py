"""Shops with five members each, whose week is to be summed up, all over the world."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

import pyarrow as pa

from shared.domain.access import Caller
from shared.domain.membership import open_project
from shared.domain.projects import NewProject
from shared.domain.semantics import CHANNEL_DAILY
from shared.ports import Create, Write
from tests.storms import Storm

MONDAY = datetime(2025, 3, 31, 8, tzinfo=UTC)
WEEK = "2025-W13"
DAYS = 35
MEMBERS = 5
KEY = "a-key-of-at-least-32-bytes-of-text"
ZONES = ("Europe/Berlin", "UTC", "Asia/Tokyo", "America/New_York", "Pacific/Honolulu")
# What some members chose; the rest chose nothing.
WISHES = {
    (1, 1): {"marketing_summaries": False},
    (2, 2): {"locale": "de-DE"},
    (3, 3): {"quiet_hours": {"start": "07:00", "end": "10:30", "timezone": "UTC"}},
}


def email_of(number: int, member: int) -> str:
    return f"m{member}@shop-{number:04}.example"


def wish_of(number: int, member: int) -> dict:
    muted = {"muted_projects": [f"shop-{number:04}"]} if (number % 4, member) == (0, 4) else {}
    return {**WISHES.get((number % 4, member), {}), **muted}


def wanted(number: int) -> list[int]:
    """The members of a shop who want its summary."""
    return [
        member
        for member in range(MEMBERS)
        if not {"muted_projects", "marketing_summaries"} & set(wish_of(number, member))
    ]


def open_shops(storm: Storm, count: int) -> None:
    """Open so many projects with their members and five weeks of data."""
    for number in range(count):
        project = f"shop-{number:04}"
        owner = Caller(email_of(number, 0), email_of(number, 0))
        zone = ZONES[number % len(ZONES)]
        new = NewProject(id=project, name=f"Shop {number}", currency="EUR", timezone=zone)
        open_project(storm.calm, owner, new)
        storm.documents.commit(*_members(project, number))
        with storm.calm.warehouse.stage(CHANNEL_DAILY, project) as staging:
            staging.append(_history(number))
            staging.merge(storm.clock.now())


def _members(project: str, number: int) -> Iterator[Write]:
    """All but the owner: two by their account, two by an address that they proved."""
    at = MONDAY.isoformat()
    for member in range(1, MEMBERS):
        email = email_of(number, member)
        uid, preferences = f"u-{number}-{member}", wish_of(number, member)
        name = uid if member % 2 else email
        account = {"uid": uid, "email": email, "preferences": preferences, "updated_at": at}
        yield Create(f"users/{uid}", account)
        yield Create(f"emails/{email}", {"uid": uid})
        entry = {"uid": name, "role": "viewer", "added_at": at}
        yield Create(f"projects/{project}/members/{name}", entry)


def _history(number: int) -> pa.RecordBatch:
    draw, rows = Random(number), []
    for ago in range(DAYS):
        for campaign, size in (("brand", 1.0), ("spring", 2.0), ("news", 0.3)):
            clicks = round(size * 900 * draw.uniform(0.9, 1.1))
            conversions = round(clicks * 0.05 * draw.uniform(0.9, 1.1), 1)
            rows.append(
                {
                    "date": MONDAY.date() - timedelta(days=1 + ago),
                    "channel": "email" if campaign == "news" else "google_ads",
                    "campaign_id": campaign,
                    "campaign": campaign.title(),
                    "spend": round(clicks * 0.4, 2),
                    "impressions": clicks * 30,
                    "clicks": clicks,
                    "conversions": conversions,
                    "revenue": round(conversions * 60, 2),
                }
            )
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    types = {"spend": pa.decimal128(38, 9), "revenue": pa.decimal128(38, 9)}
    return pa.RecordBatch.from_pydict(
        {n: pa.array(v).cast(types[n]) if n in types else pa.array(v) for n, v in columns.items()}
    )
