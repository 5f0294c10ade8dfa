"""Learns a project's names after each import."""

from __future__ import annotations

from shared.domain.vocabulary import refreshed
from shared.runtime.events import event_function

vocabulary = event_function(
    "vocabulary",
    {
        "DataImported": lambda suite, event: refreshed(
            suite, event.project_id, int(event.body["data_version"])
        )
    },
)
