"""A suite over embedded stores with one shop in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.adapters.local.warehouse import DuckDbWarehouse
from tests.unit.summaries.facts.shops import Shop, opened


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    warehouse = DuckDbWarehouse(None)
    with opened(tmp_path, warehouse) as made:
        yield made
    warehouse.close()
