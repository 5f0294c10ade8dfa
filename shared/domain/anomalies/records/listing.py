"""Lists of anomalies, page by page.

Those that are open are few: all are read and put in order. The others are read in the order of a
time, from which the page is picked; a page token says after which of them to go on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

from shared.domain.access import Access
from shared.domain.anomalies.records.record import (
    AnomalyList,
    AnomalyQuery,
    collection_of,
    listed,
    order_of,
)
from shared.domain.requests import key_of, page_token
from shared.domain.suite import Suite
from shared.errors import Malformed
from shared.ports import Document, Documents, Json, Listing, every_document

MOST_OPEN_READ = 1_000  # twice what scans open
A_READ = 100
MOST_READS = 20  # for one page

_TIMED: Mapping[str, tuple[str, dict[str, bool]]] = {
    "resolved": ("resolved_at", {"is_resolved": True}),
    "all": ("detected_at", {}),
}


def list_anomalies(suite: Suite, access: Access, query: AnomalyQuery) -> AnomalyList:
    """The project's anomalies in the order that AnomalyQuery tells. Raises Malformed."""
    if query.state in _TIMED:
        return _timed(suite.documents, access.project.id, query)
    return _ranked(suite.documents, access, query, suite.clock.today(access.project.zone))


def _ranked(documents: Documents, access: Access, query: AnomalyQuery, today: date) -> AnomalyList:
    listing = Listing(collection_of(access.project.id), where={"is_resolved": False}, limit=A_READ)
    wanted = _filter(query)
    stored = islice(every_document(documents, listing), MOST_OPEN_READ)
    found = [listed(d.data) for d in stored if wanted(d.data)]
    here = [a for a in found if a.muted(today) == (query.state == "muted")]
    after = _place(query, (float, str))
    left = sorted((a for a in here if after is None or order_of(a) > after), key=order_of)
    shown = left[: query.page_size]
    more = len(left) > len(shown)
    return AnomalyList(
        items=shown, next_page_token=_token(query, *order_of(shown[-1])) if more else None
    )


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where to go on: in what is read from `cursor`, with what sorts before (`time`, `id`)."""

    cursor: str | None = None
    time: str = "~"  # after every time
    id: str = ""

    def token(self, query: AnomalyQuery) -> str:
        return _token(query, self.cursor or "", self.time, self.id)


def _timed(documents: Documents, project_id: str, query: AnomalyQuery) -> AnomalyList:
    order, where = _TIMED[query.state]
    spot, wanted, size = _spot(query), _filter(query), query.page_size
    listing = Listing(
        collection_of(project_id),
        where=where,
        order_by=order,
        descending=True,
        limit=A_READ if _filters(query) else min(size, A_READ),
        after=spot.cursor,
    )
    found: list[tuple[_Spot, Document]] = []
    for _ in range(MOST_READS):
        page = documents.list(listing)
        for document in page.items:
            place = _Spot(listing.after, document.data[order], document.id)
            if (place.time, place.id) < (spot.time, spot.id) and wanted(document.data):
                found.append((place, document))
        if len(found) > size:
            return _page(found[:size], found[size - 1][0].token(query))
        if page.next_cursor is None:
            return _page(found, None)
        listing = replace(listing, after=page.next_cursor)
        if len(found) == size:
            break
    return _page(found, _Spot(listing.after).token(query))


def _page(found: Iterable[tuple[_Spot, Document]], token: str | None) -> AnomalyList:
    items = [listed(document.data) for _, document in found]
    return AnomalyList(items=items, next_page_token=token)


def _spot(query: AnomalyQuery) -> _Spot:
    place = _place(query, (str, str, str))
    return _Spot(place[0] or None, place[1], place[2]) if place else _Spot()


def _filters(query: AnomalyQuery) -> dict[str, str]:
    asked = {"severity": query.severity, "channel": query.channel, "metric": query.metric}
    return {name: value for name, value in asked.items() if value is not None}


def _filter(query: AnomalyQuery) -> Callable[[Json], bool]:
    asked = _filters(query)
    metric = asked.pop("metric", None)

    def wanted(data: Json) -> bool:
        return all(data[name] == value for name, value in asked.items()) and (
            metric is None or metric in (data["metric"], *(e["metric"] for e in data["effects"]))
        )

    return wanted


def _token(query: AnomalyQuery, *place: Any) -> str:
    return page_token(json.dumps([query.state, *place], separators=(",", ":")))


def _place(query: AnomalyQuery, kinds: tuple[type, ...]) -> tuple[Any, ...] | None:
    """What is in the query's page token. Raises Malformed for a token of another list."""
    if query.page_token is None:
        return None
    try:
        state, *place = json.loads(key_of(query.page_token))
        if state == query.state and [type(part) for part in place] == list(kinds):
            return tuple(place)
    except (ValueError, TypeError, RecursionError):
        pass
    raise Malformed("This page_token is not one of this list: start again without it.")
