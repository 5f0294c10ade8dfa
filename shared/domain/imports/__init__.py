"""Data in: exports of advertising platforms, and tables made by hand, into the warehouse.

A file is read once as raw text by column (csv_file, ndjson), each column is understood as a whole
(marks and numbers, days, words), rows are checked (check), and the good ones are upserted (run).
Only the functions below load Arrow; the models are light.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

from shared.domain.imports.model import (
    ImportOptions,
    ImportPeriod,
    ImportReport,
    LineError,
    parse_map,
)
from shared.domain.requests import Upload
from shared.domain.semantics import CAMPAIGNS, CHANNEL_DAILY
from shared.ports import Warehouse

__all__ = [
    "ImportOptions",
    "ImportPeriod",
    "ImportReport",
    "LineError",
    "Upload",
    "import_campaigns",
    "import_metrics",
    "parse_map",
]


def import_metrics(  # noqa: PLR0913 - the day and the instant are the caller's to give
    warehouse: Warehouse,
    project_id: str,
    upload: Upload,
    options: ImportOptions,
    *,
    now: datetime,
    today: date,
) -> ImportReport:
    """Import daily metrics. `today` is the project's own day; rows after it are errors.

    Raises Malformed, Invalid or TooLarge when the file as a whole cannot be read.
    """
    from shared.domain.imports.layout import METRICS_FILE
    from shared.domain.imports.run import run

    stage = partial(warehouse.stage, CHANNEL_DAILY, project_id)
    return run(stage, METRICS_FILE, upload, options, (now, today))


def import_campaigns(  # noqa: PLR0913
    warehouse: Warehouse,
    project_id: str,
    upload: Upload,
    options: ImportOptions,
    *,
    now: datetime,
    today: date,
) -> ImportReport:
    """Import facts about campaigns; their days may lie in the future. Raises as above."""
    from shared.domain.imports.layout import CAMPAIGNS_FILE
    from shared.domain.imports.run import run

    stage = partial(warehouse.stage, CAMPAIGNS, project_id)
    return run(stage, CAMPAIGNS_FILE, upload, options, (now, today))
