"""Data in, and numbers out for dashboards."""

from __future__ import annotations

from shared.domain.imports.model import ImportReport
from shared.domain.imports.receive import ImportQuery, receive_campaigns, receive_metrics
from shared.domain.query.dashboard import MetricsQuery, MetricsTable, as_csv, read_metrics
from shared.domain.suite import Suite
from shared.runtime.http.edge import http_function
from shared.runtime.http.operations import Call, Operation, Reply


def _read(suite: Suite, call: Call) -> MetricsTable | Reply:
    table = read_metrics(suite, call.access.project, call.query)
    if call.prefers("application/json", "text/csv") == "text/csv":
        return Reply(as_csv(table), media_type="text/csv; charset=utf-8")
    return table


metrics = http_function(
    "metrics",
    {
        "read_metrics": Operation(
            _read, query=MetricsQuery, answer=MetricsTable, also=("text/csv",)
        ),
        "import_metrics": Operation(
            lambda suite, call: receive_metrics(suite, call.access, call.body, call.query),
            query=ImportQuery,
            answer=ImportReport,
        ),
        "import_campaigns": Operation(
            lambda suite, call: receive_campaigns(suite, call.access, call.body, call.query),
            query=ImportQuery,
            answer=ImportReport,
        ),
    },
)
