"""Exports of the platforms as they come: every row and number is the one a person reads in them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

CELLS = "date, channel, campaign_id, campaign, spend, impressions, clicks, conversions, revenue"

SUMMER, SUMMER_ID = "Sommer Schlussverkauf", "sommer-schlussverkauf-6bf85d4dd3"

EXPORTS = {
    "google_ads_utf16.csv": [
        (1, "google_ads", "20154437781", "Search | Brand", "1204.50", 12480, 611, 31.5, "4210"),
        (1, "google_ads", "20154437790", "PMax – Sommer", "88.10", 9004, 97, 2.0, "190.40"),
        (2, "google_ads", "20154437781", "Search | Brand", "1180.02", 11932, 590, 28.0, "3905.20"),
        (2, "google_ads", "20154437790", "PMax – Sommer", "0", 0, 0, 0.0, "0"),
        (3, "google_ads", "20154437781", "Search | Brand", "1150.75", 12011, 602, 30.25, "4010.99"),
    ],
    "google_ads_german.csv": [
        (1, "google_ads", "Marke", "Marke", "1204.50", 12480, 611, 31.5, "4210"),
        (2, "google_ads", "Marke", "Marke", "1180.02", 11932, 590, 28.0, "3905.20"),
    ],
    "meta_ads_manager.csv": [
        (1, "meta", "120210000000000017", "Spring – Prospecting", "141.2", 21044, 330, 12, "810.5"),
        (1, "meta", "120210000000000018", 'Retargeting "warm", 30d', "40.07", 5210, 98, 6, "400"),
        (2, "meta", "120210000000000017", "Spring – Prospecting", "139.9", 19980, 301, 11, "700"),
        (2, "meta", "120210000000000018", 'Retargeting "warm", 30d', "40.3", 4997, 83, 6, "300"),
        (2, "meta", "120210000000000019", "Boosted post: Spring sale", "0", 0, None, None, None),
    ],
    "ga4_traffic.csv": [
        (1, "email", "spring_letter", "spring_letter", None, None, None, 9, "640.25"),
        (1, "organic", "organic-6b8c6a848c", "(organic)", None, None, None, 14, "1190.5"),
        (1, "paid_search", "brand_de", "brand_de", None, None, None, 20, "1700"),
        (2, "direct", "direct-3823dd2b66", "(direct)", None, None, None, 8, "700"),
        (2, "organic", "organic-6b8c6a848c", "(organic)", None, None, None, 10, "980"),
    ],
    "linkedin_utf16.csv": [
        (1, "linkedin", "310022334", "Lead Gen | DACH", "212.40", 8123, 61, 4, "0"),
        (2, "linkedin", "310022334", "Lead Gen | DACH", "198.15", 7990, 58, 3, "0"),
        (13, "linkedin", "310022334", "Lead Gen | DACH", "205.77", 8050, 60, 5, "0"),
    ],
    "microsoft_ads.csv": [
        (1, "microsoft_ads", "422011", "Bing Brand", "31.07", 1204, 44, 3, "210"),
        (2, "microsoft_ads", "422011", "Bing Brand", "27.70", 998, 37, 2, "120"),
        (13, "microsoft_ads", "422011", "Bing Brand", "29", 1017, 40, 2, "130.50"),
    ],
    "tiktok.csv": [
        (1, "tiktok", "1790000000000001", "TT_Spark_1", "50.11", 30122, 210, 3, "99.90"),
        (2, "tiktok", "1790000000000001", "TT_Spark_1", "49.02", 28800, 190, 1, "33.30"),
    ],
    "handmade_german.csv": [
        (1, "google_ads", SUMMER_ID, SUMMER, "1234.56", 45120, 1204, 31, "4210"),
        (1, "meta", "kuche-bad-53a5db29a8", "Küche & Bad", "88.10", 9004, 97, 2, "190.40"),
        (2, "google_ads", SUMMER_ID, SUMMER, "1180.02", 44870, 1190, 28, "-45"),
        (2, "newsletter", "no-campaign", None, None, None, None, 4, "-12.50"),
    ],
}


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_read_to_the_cent(project, exports: Path, name: str) -> None:
    report = project.load((exports / name).read_bytes())
    assert report.errors == []
    assert project.rows(CELLS) == [_row(*cells) for cells in EXPORTS[name]]
    assert report.inserted == len(EXPORTS[name])


@pytest.mark.parametrize("name", EXPORTS)
def test_the_same_export_twice_changes_nothing(project, exports: Path, name: str) -> None:
    raw = (exports / name).read_bytes()
    first = project.load(raw)
    second = project.load(raw)
    assert (second.inserted, second.updated, second.unchanged) == (0, 0, first.inserted)
    assert second.period == first.period


SAID = {
    "google_ads_utf16.csv": ["read as google_ads", "totals", "'Campaign state', 'CTR', 'Avg. CPC'"],
    "meta_ads_manager.csv": ["read as meta", "totals", "'Link clicks' is read as clicks"],
    "ga4_traffic.csv": ["No column for spend, impressions, clicks", "totals", "'Sessions'"],
    "microsoft_ads.csv": ["read as microsoft_ads", "footers"],
    "tiktok.csv": ["read as tiktok", "totals"],
    "handmade_german.csv": ["Windows-1252", "totals", "no-campaign"],
}


@pytest.mark.parametrize("name", SAID)
def test_what_was_guessed_or_left_out_is_said(project, exports: Path, name: str) -> None:
    warnings = project.load((exports / name).read_bytes()).warnings
    for words in SAID[name]:
        assert any(words in warning for warning in warnings), (words, warnings)


def test_an_export_that_is_not_broken_down_by_day_is_refused(project, exports: Path) -> None:
    report = project.load((exports / "meta_not_by_day.csv").read_bytes())
    assert (report.rejected, report.inserted) == (2, 0)
    assert report.errors[0].line == 2
    assert report.errors[0].column == "Reporting ends"
    assert "one row a day" in report.errors[0].message


def test_campaigns_are_read_with_plans_that_lie_ahead(project, exports: Path) -> None:
    report = project.load_campaigns((exports / "campaigns.csv").read_bytes())
    assert (report.inserted, report.errors) == (3, [])
    facts = project.campaigns("name, objective, budget, start_date, end_date")
    assert facts == [
        ("Spring – Prospecting", "Awareness", Decimal(4500), date(2025, 3, 1), None),
        ("Search | Brand", "Sales", Decimal(12000), date(2025, 1, 1), date(2025, 12, 31)),
        (SUMMER, "Sales", Decimal("8000.50"), date(2025, 6, 1), date(2025, 8, 31)),
    ]
    assert [key for (key,) in project.campaigns("campaign_id")] == [
        "120210000000000017",
        "20154437781",
        "summer-25",
    ]


def _row(day: int, channel: str, key: str, name: str | None, spend: str | None, *rest: Any) -> Any:
    *counts, revenue = rest
    return (date(2025, 3, day), channel, key, name, _money(spend), *counts, _money(revenue))


def _money(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
