"""Cells as they travel."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from shared.domain.query.result import result_of
from shared.ports import Column, Rows


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (899.2999999999998, 899.3),
        (0.1 + 0.2, 0.3),
        (1 / 3, 0.333333333),
        (float("nan"), None),
        (Decimal("0.123456789"), 0.123456789),
        (Decimal(3), 3),
    ],
    ids=["a noisy sum", "a small one", "a fraction", "not a number", "exact", "whole"],
)
def test_a_cell_has_no_noise(value: Any, cell: Any) -> None:
    found = Rows((Column("x", "FLOAT64"),), [(value,)], truncated=False, bytes_processed=0)
    assert result_of(found).rows == [[cell]]
