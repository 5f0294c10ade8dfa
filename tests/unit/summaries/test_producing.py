"""A week is summed up once, brought up to date when it is summed up again, and told once."""

from __future__ import annotations

import base64
import io
from datetime import UTC, datetime, timedelta

import pytest

from shared.adapters.local.documents import SqliteDocuments
from shared.domain.imports import import_metrics
from shared.domain.imports.model import ImportOptions
from shared.domain.requests import Upload
from shared.domain.summaries.week import week_named
from shared.ports import Delete

from .conftest import ANN, WEEK, HandClock

PATH = f"projects/shop/insights/weekly-summary-{WEEK}"


def test_a_summary_is_an_insight_of_its_week_with_its_chart_below_it(bureau):
    assert bureau.push("summary_write", bureau.order()) == 204
    stored = bureau.suite.documents.get(PATH)
    shown = bureau.summary()
    assert (shown["id"], shown["report_type"]) == (f"weekly-summary-{WEEK}", "weekly_summary")
    assert (shown["week"], shown["start"], shown["end"]) == (WEEK, "2025-03-24", "2025-03-30")
    assert (shown["project_id"], shown["status"]) == ("shop", "ready")
    assert shown["created_at"] == shown["updated_at"] == "2025-04-01T12:00:00Z"
    assert shown["facts"]["week"] == WEEK and shown["facts"]["figures"]
    assert shown["vega_lite"]["$schema"].startswith("https://vega.github.io/schema/vega-lite/v6")
    assert shown["digest"]["title"] == shown["narrative"]["subject"] != ""
    assert {f["metric"] for f in shown["digest"]["figures"]} <= {
        "revenue", "spend", "roas", "conversions",
    }  # fmt: skip
    assert 1 <= len(shown["digest"]["figures"]) <= 4
    compared = shown["facts"]["compared"]
    assert shown["digest"]["like_days"] == (compared in ("these_days", "like_days"))
    chart = bureau.suite.documents.get(f"{PATH}/images/chart").data["png"]
    assert base64.b64decode(chart).startswith(b"\x89PNG")
    assert stored.data["told"] is True
    assert "told" not in shown


def test_a_summary_lives_for_four_hundred_days_after_it_was_last_written(bureau):
    bureau.push("summary_write", bureau.order())
    for days, there in ((399, True), (400, False)):
        later = SqliteDocuments(bureau.file, HandClock(bureau.clock.at + timedelta(days=days)))
        found = [later.get(path) for path in (PATH, f"{PATH}/images/chart")]
        later.close()
        assert [one is not None for one in found] == [there] * 2


def test_a_second_run_updates_the_insight_and_sends_no_second_mail(bureau):
    bureau.tell()
    first = bureau.summary()
    before = bureau.ann.get(f"/v1/projects/shop/weekly-summaries/{WEEK}").headers["ETag"]
    row = "date,channel,campaign,spend,impressions,clicks,conversions,revenue\n"
    bureau.ann.imports("shop", f"{row}2025-03-28,tiktok,new,900,9000,900,90,9000\n")
    bureau.clock.at += timedelta(hours=1)
    bureau.tell(firing="by-hand")
    second = bureau.summary()
    assert second["created_at"] == first["created_at"] < second["updated_at"]
    assert second["facts"]["figures"] != first["facts"]["figures"]
    after = bureau.ann.get(f"/v1/projects/shop/weekly-summaries/{WEEK}").headers["ETag"]
    assert before != after
    assert bureau.to() == [ANN]


def test_a_second_run_after_every_receipt_has_run_out_sends_no_second_mail(bureau):
    bureau.tell()
    for name in (
        f"summary_write:weekly-summary:shop:{WEEK}:f1",
        f"notify:summary-written:shop:{WEEK}",
    ):
        assert bureau.suite.documents.get(f"receipts/{name}")
        bureau.suite.documents.commit(Delete(f"receipts/{name}"))
    bureau.tell()
    assert bureau.to() == [ANN]


def test_a_week_without_data_is_kept_and_not_mailed(bare):
    bare.tell()
    shown = bare.summary()
    assert shown["status"] == "no_data"
    assert "No data available for this period" in shown["digest"]["text"]
    assert (shown["digest"]["figures"], shown["vega_lite"]) == ([], None)
    assert (bare.to(), bare.failures()) == ([], [])


def test_data_that_come_later_are_told_then_and_once(bare):
    bare.tell()
    bare.loads()
    bare.tell(firing="f2")
    bare.tell(firing="f3")
    assert bare.summary()["status"] == "ready"
    assert bare.to() == [ANN]


def test_data_that_go_away_again_leave_no_chart_behind(bureau):
    bureau.push("summary_write", bureau.order())
    assert bureau.suite.documents.get(f"{PATH}/images/chart")
    file = io.BytesIO(
        b"date,channel,campaign,spend\n2024-01-01,meta,brand,1\n2024-01-01,meta,spring,1"
    )
    import_metrics(
        bureau.suite.warehouse,
        "shop",
        Upload(file, "text/csv"),
        ImportOptions(replace_campaigns=True, currency="EUR", day_first=True),
        now=bureau.clock.at,
        today=bureau.clock.at.date(),
    )
    bureau.push("summary_write", bureau.order(firing="f2"))
    assert bureau.summary()["status"] == "no_data"
    assert bureau.suite.documents.get(f"{PATH}/images/chart") is None


def test_what_somebody_generated_before_is_still_told_on_monday(bureau):
    generated = bureau.ann.post("/v1/projects/shop/weekly-summaries:generate")
    assert generated.status_code == 200
    assert (bureau.claim(), bureau.to()) == ([], [])
    bureau.tell()
    assert bureau.to() == [ANN]
    bureau.ann.post("/v1/projects/shop/weekly-summaries:generate")
    bureau.tell(firing="f2")
    assert bureau.to() == [ANN]


ROW = "date,channel,campaign,spend,impressions,clicks,conversions,revenue\n"


class Interrupted:
    """Documents among which others do something once, as a week's summary is looked up."""

    def __init__(self, documents, meanwhile):
        self.documents, self.meanwhile = documents, [meanwhile]

    def __getattr__(self, name):
        return getattr(self.documents, name)

    def get(self, path):
        while path == PATH and self.meanwhile:
            self.meanwhile.pop()()
        return self.documents.get(path)


def slow(bureau):
    """Who is overtaken by one who reads newer facts and keeps them."""
    documents = bureau.suite.documents

    def newer():
        bureau._with(documents=documents)
        bureau.ann.imports("shop", f"{ROW}2025-03-28,tiktok,new,900,9000,900,90,9000\n")
        assert bureau.ann.post("/v1/projects/shop/weekly-summaries:generate").status_code == 200
        assert "tiktok" in str(bureau.summary()["facts"])

    bureau._with(documents=Interrupted(documents, newer))


def by_order(bureau):
    assert bureau.push("summary_write", bureau.order()) == 204


def on_demand(bureau):
    assert bureau.ann.post("/v1/projects/shop/weekly-summaries:generate").status_code == 200


@pytest.mark.parametrize("before", [False, True], ids=["the first", "one more"])
@pytest.mark.parametrize("summed_up", [by_order, on_demand])
def test_older_facts_never_replace_newer_ones(bureau, summed_up, before):
    if before:
        on_demand(bureau)
    slow(bureau)
    summed_up(bureau)
    assert "tiktok" in str(bureau.summary()["facts"])


# Days since the week's Sunday, and whether it is told
AGES = [(1, True), (28, True), (29, False), (365, False)]


@pytest.mark.parametrize(("days", "told"), AGES)
def test_a_week_that_is_long_over_is_written_and_told_to_nobody(bureau, days, told):
    sunday = datetime.combine(week_named(WEEK).end, datetime.max.time(), UTC)
    bureau.clock.at = sunday.replace(hour=12) + timedelta(days=days)
    bureau.tell()
    assert bureau.summary()["status"] == "ready"
    assert bureau.to() == ([ANN] if told else [])
    assert (bureau.outbox(), bureau.failures()) == ([], [])


def test_an_order_for_a_project_that_is_gone_is_done(bare):
    assert bare.push("summary_write", bare.order(project="gone")) == 204
    assert bare.suite.documents.get(f"projects/gone/insights/weekly-summary-{WEEK}") is None


def test_a_project_whose_zone_is_unknown_is_summed_up_in_utc(bureau):
    stored = bureau.suite.documents.get("projects/shop").data
    bureau.store("projects/shop", {**stored, "timezone": "No/Such"})
    bureau.tell()
    assert bureau.to() == [ANN]


@pytest.mark.parametrize("week", ["2025-W14", "2026-W01", "soon", "2025-W60", "2025-13", "", None])
def test_an_order_for_no_week_that_is_over_is_kept_as_a_failure(bureau, week):
    order = {**bureau.order(firing="x"), "body": {"week": week}}
    assert bureau.push("summary_write", order) == 204
    assert [f["error"] for f in bureau.failures()] == ["malformed-request"]
    assert bureau.to() == []


def test_where_it_is_still_sunday_evening_the_week_that_ends_there_may_be_ordered(bureau):
    stored = bureau.suite.documents.get("projects/shop").data
    bureau.store("projects/shop", {**stored, "timezone": "Pacific/Honolulu"})
    bureau.clock.at = datetime(2025, 3, 31, 8, tzinfo=UTC)
    assert bureau.push("summary_write", bureau.order()) == 204
    assert bureau.failures() == []
