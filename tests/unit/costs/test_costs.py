"""The costs in the runbook: computed, complete, and what stands there."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from infra import costs
from infra.costs_tables import ASSUMED, MODEL, PRICES, SIZES, WORK
from infra.costs_usage import dollars, firings_per_day, gib, scanned_bytes, usage
from shared.ports import Query
from shared.runtime.catalog import functions

TERRAFORM = Path(__file__).parents[3] / "terraform"
RUNBOOK = (TERRAFORM / "README.md").read_text(encoding="utf-8")
CATALOG = functions()


def test_the_runbook_holds_the_computed_tables():
    assert costs.into(RUNBOOK) == RUNBOOK, "run `python -m infra.costs --write`"


def test_a_runbook_without_the_place_is_refused():
    with pytest.raises(ValueError, match="no place for the costs"):
        costs.into("# A runbook")


def test_every_function_of_the_catalog_is_reckoned_and_no_other():
    assert {work.function for work in WORK} == set(CATALOG)


def test_every_price_is_used_and_every_use_has_a_price():
    assert set(usage(1, CATALOG)) == set(PRICES)


def test_every_price_says_where_it_stands():
    assert all(price.source.startswith("https://") for price in PRICES.values())
    assert costs.document().count("**no**") == 1 + sum(not p.verified for p in PRICES.values())


def test_what_is_assumed_of_the_declarations_is_declared():
    alerts = (TERRAFORM / "alerts.tf").read_text(encoding="utf-8")
    assert len(re.findall(r"^      title +=", alerts, re.M)) == ASSUMED["alerts"].value
    variables = (TERRAFORM / "variables.tf").read_text(encoding="utf-8")
    assert f'default     = "{MODEL}"' in variables
    assert Query("p", "SELECT 1").max_bytes == costs.CAP


@pytest.mark.parametrize(
    ("name", "units", "paid"),
    [
        # 1,000 projects × 30 days × (5 questions × 0.3 to a model + 0.14 summaries) × 6,000 tokens,
        # at 1.50 a million
        ("input", Decimal("295.2"), Decimal("442.80")),
        # × 800 tokens, at 7.50 a million
        ("output", Decimal("39.36"), Decimal("295.20")),
        # 3 users each, and 50,000 are free
        ("people", Decimal(3000), Decimal("0")),
    ],
)
def test_some_lines_reckoned_by_hand(name, units, paid):
    used = usage(1000, CATALOG)
    assert used[name] == units
    assert dollars(used)[name] == paid


def test_what_is_over_the_free_amount_is_paid():
    """100,000 projects × 3 users are 300,000; 50,000 are free; each other is 0.0055."""
    assert dollars(usage(100_000, CATALOG))["people"] == Decimal(250_000) * Decimal("0.0055")


@pytest.mark.parametrize("name", PRICES)
def test_more_projects_never_cost_less_and_free_is_never_a_credit(name):
    bills = [dollars(usage(size, CATALOG))[name] for size in (0, 1, *SIZES)]
    assert bills == sorted(bills)
    assert bills[0] >= 0
    whole = [dollars(usage(size, CATALOG), free=False)[name] for size in (0, 1, *SIZES)]
    assert all(bill <= full for bill, full in zip(bills, whole, strict=True))


@pytest.mark.parametrize("name", costs.FIXED)
def test_what_is_paid_in_any_case_does_not_grow(name):
    assert usage(1, CATALOG)[name] == usage(100_000, CATALOG)[name]


def test_a_schedule_more_is_a_job_more_and_its_calls():
    busier = {**CATALOG, "relay": replace(CATALOG["relay"], schedule="* * * * *")}
    assert usage(10, busier)["requests"] > usage(10, CATALOG)["requests"]
    without = {**CATALOG, "relay": replace(CATALOG["relay"], schedule=None)}
    assert usage(10, without)["jobs"] == usage(10, CATALOG)["jobs"] - 1


@pytest.mark.parametrize(
    ("schedule", "a_day"),
    [
        ("*/10 * * * *", 144),
        ("0 6 * * *", 1),
        ("0 8 * * 1", Decimal(1) / 7),
        ("0,30 6,18 * * *", 4),
        ("* * * * *", 1440),
        ("7 */6 * * *", 4),
    ],
)
def test_how_often_a_schedule_fires(schedule, a_day):
    assert firings_per_day(schedule) == a_day


@pytest.mark.parametrize(
    ("partition", "days", "billed"),
    [
        (1_000, 90, 10_000_000),  # never under BigQuery's minimum
        (1_000_000, 90, 90_000_000),
        (1_000_000_000, 90, 5_760_000_000),  # clustering leaves the rest of each day out
    ],
)
def test_what_a_query_bills(partition, days, billed):
    assert scanned_bytes(Decimal(partition), Decimal(days), Decimal(1)) == billed


@pytest.mark.parametrize(("memory", "size"), [("256Mi", "0.25"), ("1Gi", "1"), ("2Gi", "2")])
def test_memory_in_gib(memory, size):
    assert gib(memory) == Decimal(size)


def test_the_runbook_explains_every_alert():
    alerts = (TERRAFORM / "alerts.tf").read_text(encoding="utf-8")
    named = re.findall(r'^      title += "(.+)"$', alerts, re.M)
    assert named
    assert [title for title in named if f"| {title} |" not in RUNBOOK] == []


def test_the_runbook_names_only_variables_and_files_that_are_there():
    variables = set(
        re.findall(r'^variable "(\w+)"', (TERRAFORM / "variables.tf").read_text(), re.M)
    )
    named = {
        *("alert_emails", "billing_account", "domain", "model", "token_issuer", "token_audience"),
        *("token_keys", "cors_origins", "smtp_host", "smtp_user", "smtp_from", "max_instances"),
        *("min_instances", "deletion_protection", "daily_scanned_gib", "daily_model_tokens"),
        *("ai_operations_per_hour", "requests_per_minute"),
    }
    assert named <= variables
    assert all(name in RUNBOOK for name in named)
    files = set(re.findall(r"\b([a-z_]+\.tf)\b", RUNBOOK))
    assert {name for name in files if not (TERRAFORM / name).exists()} == set()
    links = re.findall(r"\]\(([^)#]+)\)", RUNBOOK)
    assert {target for target in links if not (TERRAFORM / target).exists()} == set()
