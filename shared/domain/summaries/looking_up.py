"""Reads summaries back: lists of them, one of them, and one as the page that its mail is."""

from __future__ import annotations

from shared.domain.access import Access
from shared.domain.requests import PageQuery
from shared.domain.suite import Suite
from shared.domain.summaries import keeping
from shared.domain.summaries.keeping import Held
from shared.domain.summaries.letter import Letter, html_of, text_of
from shared.domain.summaries.models import REPORT_TYPE, SummaryItem
from shared.domain.summaries.requests import SummaryList
from shared.domain.summaries.week import week_named
from shared.errors import NotFound
from shared.ports import Listing, Page


def list_summaries(suite: Suite, access: Access, query: PageQuery) -> SummaryList:
    """The project's summaries, the newest week first."""
    page = _page(suite, access, query.page_size, query.page_token)
    items = [SummaryItem.model_validate(found.data) for found in page.items]
    return SummaryList(items=items, next_page_token=page.next_cursor)


def latest(suite: Suite, access: Access) -> Held:
    """The summary of the newest week that has one. Raises NotFound."""
    for found in _page(suite, access, 1, None).items:
        return keeping.of(found)
    raise NotFound(keeping.MISSING)


def of_week(suite: Suite, access: Access, week: str) -> Held:
    """The summary of a week. Raises NotFound, or Malformed for what is no week."""
    return keeping.required(suite.documents, access.project.id, week_named(week))


def as_text(held: Held) -> str:
    """A summary as the text of its mail."""
    return text_of(_letter(held, None))


def as_html(suite: Suite, held: Held) -> str:
    """A summary as the page that its mail is, the chart in it."""
    return html_of(_letter(held, keeping.chart(suite.documents, held.summary)))


def _letter(held: Held, chart: bytes | None) -> Letter:
    summary = held.summary
    return Letter(
        summary=summary,
        narrative=summary.narrative,
        locale=summary.facts.locale,
        chart=chart,
        unsubscribe=None,
        page=True,
    )


def _page(suite: Suite, access: Access, size: int, after: str | None) -> Page:
    listing = Listing(
        f"projects/{access.project.id}/insights",
        where={"report_type": REPORT_TYPE},
        order_by="week",
        descending=True,
        limit=size,
        after=after,
    )
    return suite.documents.list(listing)
