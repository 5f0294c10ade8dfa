"""What language models cost a project: counters a month, kept for two years."""

from __future__ import annotations

from datetime import timedelta

from shared.ports import Clock, Documents, Usage

KEPT = timedelta(days=730)


def record(documents: Documents, clock: Clock, project_id: str, usage: Usage) -> None:
    """Add one call to `projects/{p}/model_usage/{YYYY-MM}`: UTC months, millionths of a dollar."""
    now = clock.now()
    path = f"projects/{project_id}/model_usage/{now:%Y-%m}"
    added = {
        "calls": 1,
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "cost_micros": usage.cost_micros,
    }
    for field, by in added.items():
        documents.increment(path, field, by, now + KEPT)
