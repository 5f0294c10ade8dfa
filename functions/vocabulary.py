"""Learns a project's names after each import."""

from __future__ import annotations

from shared.domain.vocabulary import refreshed
from shared.errors import Malformed
from shared.runtime.events import event_function


def _version(said: object) -> int:
    if not isinstance(said, int):
        raise Malformed("An import's event names its data version.")
    return said


vocabulary = event_function(
    "vocabulary",
    {
        "DataImported": lambda suite, event: refreshed(
            suite, event.project_id, _version(event.body.get("data_version"))
        )
    },
)
