"""Where a summary is kept: an insight of its project, one for each week, its chart below it.

Both live for 400 days after they were last written: a year and a month, so that a week can be laid
beside the same week of the year before.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from shared.domain.summaries.models import Summary
from shared.domain.summaries.week import Week, week_named
from shared.errors import NotFound
from shared.ports import Create, Delete, Document, Documents, Put, Write

LIVES = timedelta(days=400)
MISSING = (
    "There is no such summary. An editor makes one at any time: POST "
    "/v1/projects/{project}/weekly-summaries:generate; by itself one comes each Monday."
)


@dataclass(frozen=True, slots=True)
class Held:
    """A summary as it is stored. `told`: it was announced, and is not again."""

    summary: Summary
    version: str
    told: bool


def id_of(week: Week) -> str:
    """What a week's summary is called among the insights of its project."""
    return f"weekly-summary-{week.name}"


def path_of(project_id: str, week: Week) -> str:
    """Where the summary of a project's week is."""
    return f"projects/{project_id}/insights/{id_of(week)}"


def held(documents: Documents, project_id: str, week: Week) -> Held | None:
    """The summary of a project's week, if there is one."""
    found = documents.get(path_of(project_id, week))
    return of(found) if found is not None else None


def required(documents: Documents, project_id: str, week: Week) -> Held:
    """The same. Raises NotFound, saying what to do."""
    found = held(documents, project_id, week)
    if found is None:
        raise NotFound(MISSING)
    return found


def of(found: Document) -> Held:
    """The summary in a document."""
    return Held(Summary.model_validate(found.data), found.version, bool(found.data.get("told")))


def chart(documents: Documents, summary: Summary) -> bytes | None:
    """A summary's chart as PNG, if it has one."""
    found = documents.get(_chart_path(summary))
    return b64decode(found.data["png"]) if found is not None else None


def writes(summary: Summary, png: bytes | None, before: Held | None, *, told: bool) -> list[Write]:
    """What makes a summary the stored one, as long as that is still what it was before."""
    end = summary.updated_at + LIVES
    data = {**_data(summary), "told": told}
    path = path_of(summary.project_id, week_named(summary.week))
    return [
        Put(path, data, if_version=before.version, expires_at=end)
        if before
        else Create(path, data, expires_at=end),
        Put(_chart_path(summary), {"png": b64encode(png).decode()}, expires_at=end)
        if png
        else Delete(_chart_path(summary)),
    ]


def _data(summary: Summary) -> dict[str, Any]:
    # One length for all instants, so that they sort as text.
    instants = {
        name: getattr(summary, name).isoformat(timespec="microseconds")
        for name in ("created_at", "updated_at")
    }
    return summary.model_dump(mode="json") | instants


def _chart_path(summary: Summary) -> str:
    return f"{path_of(summary.project_id, week_named(summary.week))}/images/chart"
