"""Links in a project's store: what was built, so that visits can be matched to it.

A link's id is a hash of its URL, so that building it again replaces it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from itertools import islice

from shared.domain.access import Access
from shared.domain.requests import PageQuery
from shared.domain.suite import Suite
from shared.domain.utm.build import Link, build
from shared.domain.utm.models import LinkAnswer, LinkList, NewLink, StoredLink, flat
from shared.domain.utm.team import rules_for
from shared.ports import Listing, Put

WRITTEN_AT_ONCE = 400


def build_link(suite: Suite, access: Access, new: NewLink) -> LinkAnswer:
    """Build a link and store it. Raises Refused, naming every flaw."""
    link = build(new.url, new.given(), rules_for(suite, access, new.conventions))
    store(suite, access, [link])
    return LinkAnswer(
        id=link_id(link.url),
        url=link.url,
        channel_group=link.channel_group,
        warnings=list(link.warnings),
    )


def link_id(url: str) -> str:
    """The id of a link in any project."""
    return sha256(url.encode()).hexdigest()[:24]


def store(suite: Suite, access: Access, links: Iterable[Link]) -> None:
    """Keep links. A repeat keeps nothing twice."""
    now, once = suite.clock.now(), {link.url: link for link in links}
    writes = (_write(access, link, now) for link in once.values())
    while part := tuple(islice(writes, WRITTEN_AT_ONCE)):
        suite.documents.commit(*part)


def _write(access: Access, link: Link, now: datetime) -> Put:
    data = {
        "url": link.url,
        **flat(link.tags),
        "channel_group": link.channel_group,
        "built_at": now.isoformat(timespec="microseconds"),
        "built_by": access.caller.uid,
    }
    return Put(f"projects/{access.project.id}/utm_links/{link_id(link.url)}", data)


def list_links(suite: Suite, access: Access, page: PageQuery) -> LinkList:
    """The project's links, the latest first."""
    listed = suite.documents.list(
        Listing(
            f"projects/{access.project.id}/utm_links",
            order_by="built_at",
            descending=True,
            limit=page.page_size,
            after=page.page_token,
        )
    )
    return LinkList(
        items=[StoredLink(id=stored.id, **stored.data) for stored in listed.items],
        next_page_token=listed.next_cursor,
    )
