"""Which column is which: names of platforms and languages, the person's map, what is missing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from shared.domain.imports import parse_map
from shared.errors import Invalid

CELLS = {
    "date": "2025-03-01",
    "channel": "meta",
    "campaign": "A",
    "spend": "1.5",
    "impressions": "100",
    "clicks": "10",
    "conversions": "2",
    "revenue": "9.5",
}


def file(**headers: str) -> str:
    """One row of CELLS under the given headers; a target's own name where none is given."""
    names = {target: headers.get(target, target) for target in CELLS}
    head = ",".join(f'"{name}"' for name in names.values())
    return f"{head}\n{','.join(CELLS.values())}\n"


NAMES = [
    ("date", "Day"),
    ("date", "DATE"),
    ("date", " Tag "),
    ("date", "Datum"),
    ("date", "Jour"),
    ("date", "Día"),
    ("date", "Dag"),
    ("date", "Reporting starts"),
    ("date", "stat_time_day"),
    ("channel", "Kanal"),
    ("channel", "Session default channel group"),
    ("campaign", "Campaign name"),
    ("campaign", "Kampagnenname"),
    ("campaign", "Nom de la campagne"),
    ("campaign", "Nombre de la campaña"),
    ("campaign", "Campagnenaam"),
    ("campaign", "Session campaign"),
    ("spend", "Cost"),
    ("spend", "Cost (USD)"),
    ("spend", "Amount spent (EUR)"),
    ("spend", "amount_spent"),
    ("spend", "Kosten"),
    ("spend", "Kosten (€)"),
    ("spend", "Ausgegebener Betrag (EUR)"),
    ("spend", "Coût"),
    ("spend", "Montant dépensé (EUR)"),
    ("spend", "Importe gastado (EUR)"),
    ("spend", "Besteed bedrag (EUR)"),
    ("spend", "Spend EUR"),
    ("impressions", "Impr."),
    ("impressions", "Impressionen"),
    ("impressions", "Vertoningen"),
    ("clicks", "Klicks"),
    ("clicks", "Link clicks"),
    ("clicks", "Clicks (all)"),
    ("clicks", "Clics sur un lien"),
    ("conversions", "Results"),
    ("conversions", "Key events"),
    ("conversions", "Website purchases"),
    ("conversions", "Ergebnisse"),
    ("revenue", "Conv. value"),
    ("revenue", "Conv.-Wert"),
    ("revenue", "Purchases conversion value"),
    ("revenue", "Total revenue"),
    ("revenue", "Umsatz"),
]


@pytest.mark.parametrize(("target", "header"), NAMES)
def test_a_column_is_known_by_its_names(project, target, header) -> None:
    report = project.load(file(**{target: header}))
    assert report.errors == []
    assert report.warnings == []
    assert project.rows("channel, campaign, spend, impressions, clicks, conversions, revenue") == [
        ("meta", "A", Decimal("1.5"), 100, 10, 2.0, Decimal("9.5"))
    ]


def test_the_persons_map_comes_before_every_name(project) -> None:
    text = "date,channel,campaign,spend,Media value\n2025-03-01,meta,A,1,7\n"
    report = project.load(text, map={"media value": "spend"})
    assert project.rows("spend") == [(Decimal(7),)]
    assert "'Media value' is read as spend, not 'spend'." in report.warnings


def test_an_exact_name_comes_before_an_alias(project) -> None:
    report = project.load("date,channel,campaign,Cost,spend\n2025-03-01,meta,A,1,7\n")
    assert project.rows("spend") == [(Decimal(7),)]
    assert "'spend' is read as spend, not 'Cost'." in report.warnings


UNANSWERED = {
    "two equal names": ("date,channel,Purchases,Leads\n", {}, "could each be conversions"),
    "twice the same name": ("date,channel,clicks,clicks\n", {}, "could each be clicks"),
    "two mapped to one": ("date,channel,a,b\n", {"a": "spend", "b": "spend"}, "each be spend"),
    "no date": ("channel,spend\n", {}, "No column for date"),
    "no metric": ("date,channel\n", {}, "No column for spend or impressions"),
    "no channel": ("date,campaign,spend\n", {}, "No column for channel"),
    "no header": ("2025-03-01,meta,A,1\n", {}, "No header row was recognised"),
    "prose": ("Dear team, here is the report.\n", {}, "No header row was recognised"),
    "a map to nowhere": ("date,channel,spend\n", {"x": "cost"}, "'cost' is no target"),
    "a map from nowhere": ("date,channel,spend\n", {"x": "spend"}, "the file has no column 'x'"),
    "too many columns": ("date,channel,spend" + ",x" * 198 + "\n", {}, "has 201 columns"),
}


@pytest.mark.parametrize(("text", "chosen", "why"), UNANSWERED.values(), ids=UNANSWERED)
def test_columns_that_cannot_be_told_are_a_question(project, text, chosen, why) -> None:
    with pytest.raises(Invalid) as refused:
        project.load(text, map=chosen)
    assert why in refused.value.detail


def test_a_missing_number_is_not_a_zero(project) -> None:
    report = project.load("date,channel,campaign,spend\n2025-03-01,meta,A,\n")
    assert project.rows("spend, impressions, revenue") == [(None, None, None)]
    expected = "No column for impressions, clicks, conversions, revenue: what is stored stays"
    assert any(expected in warning for warning in report.warnings)


def test_what_a_later_file_has_no_column_for_stays(project) -> None:
    head, row = "date,channel,campaign id,campaign", "2025-03-01,meta,7,Brand"
    project.load(f"{head},spend,clicks,revenue\n{row},1,10,5\n")
    report = project.load(
        "date,channel,campaign id,spend\n2025-03-01,meta,7,2\n2025-03-02,meta,7,3\n"
    )
    assert (report.inserted, report.updated) == (1, 1)
    assert project.rows("campaign, spend, clicks, revenue") == [
        ("Brand", 2, 10, 5),
        ("7", 3, None, None),
    ]


def test_an_empty_cell_in_a_column_of_the_file_empties_what_is_stored(project) -> None:
    project.load("date,channel,campaign,spend,clicks\n2025-03-01,meta,A,1,10\n")
    report = project.load("date,channel,campaign,spend,clicks\n2025-03-01,meta,A,1,\n")
    assert report.updated == 1
    assert project.rows("spend, clicks") == [(1, None)]


def test_facts_that_a_later_file_has_no_column_for_stay(project) -> None:
    project.load_campaigns("campaign id,name,budget,start date\n7,Brand,100,2025-03-01\n")
    assert project.load_campaigns("campaign id,budget\n7,150\n").updated == 1
    assert project.load_campaigns("campaign id\n7\n").unchanged == 1
    assert project.campaigns("name, budget, start_date") == [("Brand", 150, date(2025, 3, 1))]


def test_a_file_without_rows_is_said_to_be_one(project) -> None:
    report = project.load("date,channel,campaign,spend\n")
    assert report.inserted == 0
    assert "The file has a header and no rows." in report.warnings


def test_columns_without_a_use_are_named(project) -> None:
    report = project.load("date,Age,channel,spend,Gender\n2025-03-01,18-24,meta,1,f\n")
    assert "Columns that are not used: 'Age', 'Gender'." in report.warnings


CHANNELS = [
    ("Facebook Ads", "meta"),
    ("Google", "google_ads"),
    ("  Tik  Tok ", "tiktok"),
    ("My Portal", "my_portal"),
    ("E-Mail", "email"),
]


@pytest.mark.parametrize(("written", "stored"), CHANNELS)
def test_channels_get_their_canonical_id(project, written, stored) -> None:
    project.load(f"date,channel,campaign,spend\n2025-03-01,{written},A,1\n")
    assert project.rows("channel") == [(stored,)]


def test_a_campaign_without_an_id_always_gets_the_same_one(project) -> None:
    head = "date,channel,campaign,spend\n"
    names = ["Google_Search_Brand", "Sommer Sale!", "Sommer sale!", "日本", "Cafe\u0301"]
    for row, name in enumerate(names):
        project.load(f"{head}2025-03-0{row + 1},meta,{name},1\n")
        project.load(f"{head}2025-03-0{row + 1},meta,{name},1\n")
    stored = project.rows("campaign_id, campaign")
    assert [name for _, name in stored] == [*names[:-1], "Café"]
    ids = [key for key, _ in stored]
    assert ids[0] == "Google_Search_Brand"
    assert len(set(ids)) == len(names)
    assert all(key.isascii() and not set(key) & set("/ ?#%") for key in ids)


def test_an_id_from_the_source_is_kept_and_names_a_nameless_campaign(project) -> None:
    project.load(
        "date,channel,campaign_id,campaign,spend\n2025-03-01,meta,17,A,1\n2025-03-02,meta,17,,1\n"
    )
    assert project.rows("campaign_id, campaign") == [("17", "A"), ("17", "17")]


def test_an_id_that_a_spreadsheet_shortened_is_refused(project) -> None:
    report = project.load("date,channel,campaign id,spend\n2025-03-01,meta,1.2021E+17,1\n")
    assert report.rejected == 1
    assert "spreadsheet" in report.errors[0].message


MAPS = {
    "Cost:spend,Day:date": {"Cost": "spend", "Day": "date"},
    ' Cost : spend , "Day, local":date': {"Cost": "spend", "Day, local": "date"},
    "Time: start:date": {"Time: start": "date"},
    "": {},
}


@pytest.mark.parametrize("text", MAPS)
def test_a_map_is_read_from_its_text(text) -> None:
    assert parse_map(text) == MAPS[text]


@pytest.mark.parametrize(
    "text", ["spend", "Cost:", ":spend", "a:spend,b:spend", "a:x,a:y", "a:b\nc:d", "a" * 20_000]
)
def test_a_broken_map_is_refused_by_its_field(text) -> None:
    with pytest.raises(Invalid) as refused:
        parse_map(text)
    assert [error.field for error in refused.value.errors] == ["map"]
