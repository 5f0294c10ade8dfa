"""What language models cost a project: counters a month, kept for two years."""

from __future__ import annotations

from datetime import timedelta

from shared.ports import Clock, Documents, Usage

KEPT = timedelta(days=730)


def record(documents: Documents, clock: Clock, project_id: str, usage: Usage) -> None:
    """Add one call to `projects/{p}/model_usage/{YYYY-MM}`: UTC months, millionths of a dollar."""
    now = clock.now()
    # The same all month long: a store that need not move the expiry counts in one round trip.
    expires_at = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0) + KEPT
    path = f"projects/{project_id}/model_usage/{now:%Y-%m}"
    added = {
        "calls": 1,
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "cost_micros": usage.cost_micros,
    }
    for field, by in added.items():
        documents.increment(path, field, by, expires_at)
