"""The same rows give the same facts over both warehouses."""

from __future__ import annotations

import pytest

from tests.families.google import GoogleFamily
from tests.unit.summaries.facts.shops import BEFORE, FIVE_WEEKS, THIS_WEEK, Clock, day, opened, rows


def filled(shop):
    shop.has(
        rows(BEFORE, campaign="A", spend="10.25"),
        rows(THIS_WEEK, campaign="A", spend="12.5", revenue="60.01"),
        rows(FIVE_WEEKS, campaign="B", revenue=None, conversions=0.25),
        rows(BEFORE, channel="email", campaign="C", spend=0),
        rows((0, 2), channel="email", campaign="C", spend=0, clicks=None, revenue="-4"),
        *(rows(THIS_WEEK, channel=f"c{n}", campaign=None, spend=None) for n in range(70)),
    )
    shop.plans(
        {"campaign_id": "A", "name": "A", "budget": 300, "start_date": day(-9), "end_date": day(9)},
        {"campaign_id": "9", "name": "B", "budget": 200, "start_date": day(-9), "end_date": day(9)},
    )
    return shop.facts()


@pytest.mark.emulator
def test_both_warehouses_give_the_same_facts(shop, tmp_path):
    family = GoogleFamily(tmp_path, Clock())
    with opened(tmp_path / "google", family.warehouse()) as other:
        theirs = filled(other).model_dump()
    family.close()
    ours = filled(shop).model_dump()
    assert ours["pacing"] and ours["falling_campaigns"] and ours["rising_channels"]
    assert theirs == ours
