"""What detection is given of a project: every campaign and day, and what had come by when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest

from shared.domain.anomalies.panel import OPEN_END, OPEN_START, REST
from shared.domain.anomalies.reading import HISTORY_DAYS, MOST_CAMPAIGNS, History, read_history
from shared.domain.projects import Project
from shared.domain.semantics import CAMPAIGNS, CHANNEL_DAILY

LAST = date(2025, 3, 31)
BERLIN = Project(id="shop", name="Shop", timezone="Europe/Berlin", currency="EUR")
NOON = datetime(2025, 4, 1, 12, tzinfo=UTC)


def day(ago: int) -> date:
    return LAST - timedelta(days=ago)


class Rows:
    """Rows on their way into a project of a warehouse."""

    def __init__(self, world, project: str = "shop") -> None:
        self.warehouse, self.project = world.app.suite.warehouse, project

    def put(self, *rows: dict, at: datetime = NOON, table=CHANNEL_DAILY) -> Rows:
        columns = [c for c in table.columns if c.name not in ("project_id", "loaded_at")]
        types = {"DATE": pa.date32(), "NUMERIC": pa.decimal128(38, 9), "INT64": pa.int64()}
        schema = pa.schema([(c.name, types.get(c.type, pa.string())) for c in columns])
        if table is CHANNEL_DAILY:
            schema = schema.set(6, pa.field("clicks", pa.int64()))
            schema = schema.set(7, pa.field("conversions", pa.float64()))
        batch = pa.RecordBatch.from_pylist([dict(row) for row in rows], schema=schema)
        with self.warehouse.stage(table, self.project) as staging:
            staging.append(batch)
            staging.merge(at)
        return self

    def daily(self, channel: str, campaign: str, days: range, at=NOON, **values) -> Rows:
        given = {"spend": 10, "impressions": 1000, "clicks": 50, "conversions": 5.0, "revenue": 100}
        who = {"channel": channel, "campaign_id": campaign, "campaign": f"{campaign} name"}
        rows = [{**who, "date": day(n), **given, **values} for n in days]
        return self.put(*rows, at=at)

    def read(self, now: datetime = NOON) -> History:
        found = read_history(self.warehouse, BERLIN, LAST, now)
        assert found is not None
        return found


@pytest.fixture
def rows(world) -> Rows:
    return Rows(world)


def test_a_project_without_rows_has_no_history(world, rows):
    Rows(world, "other").daily("meta", "a", range(3))
    rows.daily("meta", "a", range(HISTORY_DAYS, HISTORY_DAYS + 3))  # too long ago
    assert read_history(world.app.suite.warehouse, BERLIN, LAST, NOON) is None


def test_every_campaign_and_day_has_its_place(world, rows):
    Rows(world, "other").daily("meta", "x", range(3), spend=999)
    rows.daily("meta", "b", range(2), spend=7).daily("email", "z", range(1, 3), spend=None)
    panel = rows.daily("meta", "a", range(3)).read().panel
    assert (panel.channels, panel.campaign_ids) == (("email", "meta", "meta"), ("z", "a", "b"))
    assert panel.names == ("z name", "a name", "b name")
    assert (panel.first_day, panel.last_day) == (day(HISTORY_DAYS - 1), LAST)
    nan = np.nan
    last_days = [[0, 0, nan], [10, 10, 10], [nan, 7, 7]]
    np.testing.assert_array_equal(panel.values["spend"][:, -3:], last_days)
    np.testing.assert_array_equal(panel.values["conversions"][1, -4:], [nan, 5, 5, 5])
    assert not panel.unfinished.any()


def test_a_campaign_is_called_by_its_latest_name(rows):
    rows.daily("meta", "a", range(2, 5))
    panel = rows.put({"channel": "meta", "campaign_id": "a", "campaign": "New", "date": LAST})
    assert panel.read().panel.names == ("New",)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param([None, 5], [0, 5], id="an empty cell beside others of its day is zero"),
        pytest.param([None, None], [np.nan, np.nan], id="a day without the column is not measured"),
    ],
)
def test_empty_cells_are_zero_unless_the_column_was_missing(rows, values, expected):
    rows.daily("meta", "a", range(1, 9)).daily("meta", "b", range(1, 9))
    for campaign, value in zip("ab", values, strict=True):
        rows.daily("meta", campaign, range(1), revenue=value)
    np.testing.assert_array_equal(rows.read().panel.values["revenue"][:, -1], expected)


def test_a_day_loaded_before_it_was_over_is_unfinished(rows):
    """In the project's zone: 31 March ends at 22:00 UTC in Berlin."""
    early, late = datetime(2025, 3, 31, 21, 59, tzinfo=UTC), datetime(2025, 3, 31, 22, tzinfo=UTC)
    panel = rows.daily("meta", "a", range(9), at=early).daily("meta", "b", range(9), at=late).read()
    assert panel.panel.unfinished[:, -2:].tolist() == [[False, True], [False, False]]


def test_planned_flights_are_found_by_id_and_by_name(rows):
    rows.daily("meta", "a", range(3)).daily("meta", "b", range(3)).daily("meta", "c", range(3))
    flights = [("a", None, day(9), day(1)), ("77", "b name", None, LAST + timedelta(days=4))]
    keys = ("campaign_id", "name", "start_date", "end_date")
    rows.put(*(dict(zip(keys, f, strict=True)) for f in flights), table=CAMPAIGNS)
    panel, last = rows.read().panel, HISTORY_DAYS - 1
    assert panel.starts.tolist() == [last - 9, OPEN_START, OPEN_START]
    assert panel.ends.tolist() == [last - 1, last + 4, OPEN_END]


def test_of_very_many_campaigns_the_small_ones_stand_together(rows):
    who = {"channel": "meta", "date": LAST, "impressions": 10, "clicks": 1}
    many = [{**who, "campaign_id": f"c{n:04}", "spend": n} for n in range(MOST_CAMPAIGNS + 3)]
    panel = rows.put(*many).read().panel
    assert len(panel.campaign_ids) == MOST_CAMPAIGNS + 1
    rest = panel.campaign_ids.index(REST)
    assert panel.values["spend"][rest, -1] == 0 + 1 + 2
    assert panel.values["clicks"][rest, -1] == 3


def loads(rows: Rows, channel: str, days: range, hour: int) -> None:
    """Each day's rows come on the next day at an hour of Berlin."""
    for ago in days:
        at = datetime.combine(day(ago - 1), datetime.min.time(), ZoneInfo("Europe/Berlin"))
        rows.daily(channel, "a", range(ago, ago + 1), at=at + timedelta(hours=hour))


@pytest.mark.parametrize(
    ("hour", "now", "behind"),
    [
        pytest.param(5, 8, 0, id="usually here by now: the day is missing"),
        pytest.param(11, 8, 1, id="usually comes later: the day before is judged"),
        pytest.param(11, 13, 0, id="later than usual: the day is missing"),
    ],
)
def test_rows_that_usually_come_later_are_waited_for(rows, hour, now, behind):
    loads(rows, "google_ads", range(20), hour=3)
    loads(rows, "meta", range(1, 20), hour=hour)
    morning = datetime(2025, 4, 1, now, tzinfo=ZoneInfo("Europe/Berlin"))
    last = HISTORY_DAYS - 1
    assert rows.read(now=morning).judged == {"google_ads": last, "meta": last - behind}


def test_a_channel_that_came_without_its_last_day_is_not_waited_for(rows):
    rows.daily("meta", "a", range(1, 20)).daily("google_ads", "a", range(20))
    assert set(rows.read().judged.values()) == {HISTORY_DAYS - 1}
