"""Insights: what the suite found out or was asked, by kind, the newest first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from shared.domain.access import Access
from shared.domain.requests import PageQuery
from shared.domain.suite import Suite
from shared.domain.summaries.models import SummaryItem
from shared.ports import Document, Listing


class QuestionInsight(BaseModel):
    """That something was asked, and how well it was answered; no word of the question."""

    id: str
    report_type: Literal["natural_language_query"] = "natural_language_query"
    created_at: datetime
    session_id: str
    type: str
    engine: str
    cached: bool
    latency_ms: int
    bytes: int
    row_count: int
    feedback: dict[str, Any] | None = None


Insight = Annotated[SummaryItem | QuestionInsight, Field(discriminator="report_type")]
# By kind; what is of another is not shown.
KINDS: Mapping[str, type[SummaryItem | QuestionInsight]] = {
    "weekly_summary": SummaryItem,
    "natural_language_query": QuestionInsight,
}


class InsightQuery(PageQuery):
    """Which insights; by default all."""

    report_type: Literal["weekly_summary", "natural_language_query"] | None = None


class InsightList(BaseModel):
    """A page of insights, the newest first."""

    items: list[Insight]
    next_page_token: str | None = None


def list_insights(suite: Suite, access: Access, query: InsightQuery) -> InsightList:
    """The project's insights, the newest first."""
    page = suite.documents.list(
        Listing(
            f"projects/{access.project.id}/insights",
            where={"report_type": query.report_type} if query.report_type else {},
            order_by="created_at",
            descending=True,
            limit=query.page_size,
            after=query.page_token,
        )
    )
    items = [_shown(one) for one in page.items if one.data.get("report_type") in KINDS]
    return InsightList(items=items, next_page_token=page.next_cursor)


def _shown(found: Document) -> Insight:
    return KINDS[found.data["report_type"]].model_validate({**found.data, "id": found.id})
