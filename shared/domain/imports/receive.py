"""An import as a member asks for it: read, written, and made known to the rest of the suite."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import StringConstraints

from shared.domain.access import Access
from shared.domain.imports import import_campaigns, import_metrics
from shared.domain.imports.model import ImportOptions, ImportReport, parse_map
from shared.domain.projects import Project
from shared.domain.requests import Body, Upload
from shared.domain.suite import Suite
from shared.domain.vocabulary import record_import


class ImportQuery(Body):
    """`map` is source:target, by commas; `on_error` decides whether good lines of a bad file count;
    with `dry_run` the file is only checked.
    """

    map: Annotated[str, StringConstraints(max_length=10_000)] = ""
    on_error: Literal["reject_file", "skip_rows"] = "reject_file"
    dry_run: bool = False

    def options(self, project: Project) -> ImportOptions:
        """The options it stands for in a project. Raises Invalid for a map that is none."""
        return ImportOptions(
            map=parse_map(self.map) if self.map else {},
            on_error=self.on_error,
            dry_run=self.dry_run,
            currency=project.currency,
            day_first=project.day_first,
        )


def receive_metrics(
    suite: Suite, access: Access, upload: Upload, query: ImportQuery
) -> ImportReport:
    """Import rows of channel_daily."""
    return _receive(suite, access, upload, query, import_metrics)


def receive_campaigns(
    suite: Suite, access: Access, upload: Upload, query: ImportQuery
) -> ImportReport:
    """Import rows of campaigns."""
    return _receive(suite, access, upload, query, import_campaigns)


def _receive(
    suite: Suite,
    access: Access,
    upload: Upload,
    query: ImportQuery,
    importer: Callable[..., ImportReport],
) -> ImportReport:
    project, clock = access.project, suite.clock
    report = importer(
        suite.warehouse,
        project.id,
        upload,
        query.options(project),
        now=clock.now(),
        today=clock.today(project.zone),
    )
    counts = report.model_dump(include={"inserted", "updated", "unchanged", "rejected"})
    # An import that changed nothing is announced too: it may be the repeat of one that was cut
    # off between its rows and its announcement.
    if not query.dry_run and report.inserted + report.updated + report.unchanged:
        record_import(suite, project.id, access.caller.uid, {**counts, "file": upload.digest})
    return report
