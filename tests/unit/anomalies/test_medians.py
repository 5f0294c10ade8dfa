"""Medians and quantiles of rows with gaps are those that numpy gives, only faster."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from shared.domain.anomalies.detection.medians import median, quantiles

WIDTHS = (1, 4, 5, 7, 25)  # 4 and 7 go through a sorting network


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("gone", [0.0, 0.2, 0.6, 1.0])
def test_is_the_median_of_what_is_there(width: int, gone: float) -> None:
    draw = np.random.default_rng(7)
    values = draw.normal(size=(60, 5, width))
    values[draw.random(values.shape) < gone] = np.nan
    with warnings.catch_warnings(action="ignore"):  # numpy warns where nothing is there
        expected = np.nanmedian(values, axis=-1)
        upper = np.nanquantile(values, 0.9, axis=-1)
    np.testing.assert_allclose(median(values), expected)
    np.testing.assert_allclose(quantiles(values, 0.5, 0.9), [expected, upper])


@pytest.mark.parametrize("width", WIDTHS)
def test_one_row_alone_has_a_median_too(width: int) -> None:
    row = np.arange(float(width))
    assert float(median(row)) == (width - 1) / 2
    assert np.array_equal(row, np.arange(float(width)))
