"""What a project's questions cost at the model is counted, by month, and to the cent."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from shared.domain import model_usage
from shared.ports import Usage


def test_calls_tokens_and_cost_add_up_by_project_and_month(world):
    suite = world.app.suite
    with ThreadPoolExecutor(8) as pool:
        for _ in range(40):
            usage = Usage(input_tokens=1200, output_tokens=80, cost_micros=2400)
            pool.submit(model_usage.record, suite.documents, suite.clock, "shop", usage)
    model_usage.record(suite.documents, suite.clock, "other", Usage(1, 1, 1))
    kept = suite.documents.get("projects/shop/model_usage/2025-04").data
    assert kept == {
        "calls": 40,
        "input_tokens": 48_000,
        "output_tokens": 3_200,
        "cost_micros": 96_000,
    }
