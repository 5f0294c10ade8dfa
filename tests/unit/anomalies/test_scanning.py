"""Scans through the doors: what was planted is told, once, and odd days and data break nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from shared.domain.anomalies.scanning import ordered_scan
from shared.errors import Malformed
from shared.ports import Put

LAST = date(2025, 3, 31)
HEADER = "date,channel,campaign,campaign_id,spend,impressions,clicks,conversions,revenue"
PATH = "/v1/projects/shop/anomalies"

Change = Callable[[int, str, dict[str, float]], None]  # days ago, campaign, the day's values


def unchanged(ago: int, campaign: str, values: dict[str, float]) -> None:
    """Nothing happens."""


def rows(change: Change = unchanged, days: range = range(70), noise: float = 0.01) -> Iterator[str]:
    """A steady shop of five campaigns on two channels, and what happens to it."""
    draw = Random(3)
    for ago in reversed(days):
        day = LAST - timedelta(days=ago)
        for number in range(5):
            campaign, channel = f"c{number}", "google_ads" if number < 3 else "meta"
            spend = 500.0 * draw.uniform(1 - noise, 1 + noise)
            values = {"spend": spend, "impressions": 50_000, "clicks": 2_500, "conversions": 250}
            values["revenue"] = 5_000.0 * draw.uniform(1 - noise, 1 + noise)
            change(ago, campaign, values)
            numbers = ",".join(f"{value:.2f}" for value in values.values())
            yield f"{day},{channel},{campaign},{campaign},{numbers}"


def told(ann: Any, path: str = PATH) -> list[dict[str, Any]]:
    return ann.get(path).get_json()["items"]


@pytest.fixture
def ann(world):
    return world.person("ann@example.com").opens("shop", timezone="UTC")


def load(ann: Any, *args: Any, **kw: Any) -> None:
    answer = ann.imports("shop", "\n".join([HEADER, *rows(*args, **kw)]))
    assert answer.get_json()["rejected"] == 0, answer.text


def scan(ann: Any, as_of: date = LAST + timedelta(days=1)) -> dict[str, Any]:
    answer = ann.post(f"{PATH}:scan", {"as_of": as_of.isoformat()})
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def cheaper(share: float, since: int = 6) -> Change:
    """One campaign sells so much of the usual, for the same spend, from some days ago on."""

    def change(ago: int, campaign: str, values: dict[str, float]) -> None:
        if campaign == "c1" and ago <= since:
            values["conversions"] *= share
            values["revenue"] *= share

    return change


@pytest.mark.parametrize(
    ("share", "severity"),
    [
        pytest.param(1 / 1.25, "warning", id="a lead costs 25 % more"),
        pytest.param(0.55, "critical", id="conversions are 45 % down"),
    ],
)
def test_a_week_s_deviation_has_its_severity_and_one_record(ann, share, severity):
    load(ann, cheaper(share))
    scanned = [scan(ann, LAST - timedelta(days=ago)) for ago in range(5, -2, -1)]
    assert sum(answer["opened"] for answer in scanned) == 1
    [found] = told(ann)
    assert (found["campaign_id"], found["metric"], found["direction"]) == (
        "c1",
        "conversion_rate",
        "drop",
    )
    assert (found["severity"], found["kind"]) == (severity, "sustained")
    assert found["window"]["end"] == LAST.isoformat()
    cpa = next(effect for effect in found["effects"] if effect["metric"] == "cpa")
    assert cpa["deviation_pct"] == pytest.approx(100 / share - 100, abs=3)
    assert told(ann, f"{PATH}?metric=cpa") == [found]


def test_a_scan_again_changes_nothing(ann):
    load(ann, cheaper(0.5))
    first, again = scan(ann), scan(ann)
    assert (first["opened"], again["opened"], again["unchanged"]) == (1, 0, 1)
    assert first["items"] == again["items"] == told(ann)


def test_scans_at_the_same_instant_open_one_record_and_tell_of_it_once(world, ann):
    world.app.suite.bus.subscribe("notifications", "test", "http://127.0.0.1:9/")
    load(ann, cheaper(0.5))
    with ThreadPoolExecutor(4) as people:
        answers = list(people.map(lambda _: ann.post(f"{PATH}:scan", {}).status_code, range(4)))
    assert set(answers) <= {200, 409}
    assert len(told(ann)) == 1
    assert len(world.app.suite.bus.claim(9)) == 1


@pytest.mark.parametrize("as_of", ["0001-01-01", "1999-12-31", "9999-12-31", "2025-04-02", "soon"])
def test_a_morning_that_cannot_be_looked_at_is_refused(ann, as_of):
    answer = ann.post(f"{PATH}:scan", {"as_of": as_of})
    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, "as_of")


@pytest.mark.parametrize("as_of", [date(1, 1, 1), date(2025, 6, 1), date.max])
def test_an_order_for_such_a_morning_changes_nothing(world, ann, as_of):
    load(ann, cheaper(0.5))
    with pytest.raises(Malformed):
        ordered_scan(world.app.suite, "shop", as_of)
    assert scan(ann)["opened"] == 1


def test_an_order_for_a_project_that_is_gone_is_done(world):
    assert ordered_scan(world.app.suite, "gone", LAST) == ()


def test_a_project_without_data_has_nothing_to_tell(ann):
    assert scan(ann) == {
        "as_of": "2025-04-01",
        "opened": 0,
        "updated": 0,
        "resolved": 0,
        "unchanged": 0,
        "items": [],
    }


def refunds(ago: int, campaign: str, values: dict[str, float]) -> None:
    if campaign == "c1" and ago == 0:
        values.update(clicks=500, conversions=20, revenue=-150)


def nothing_at_all(ago: int, campaign: str, values: dict[str, float]) -> None:
    values.update(dict.fromkeys(values, 0))


def enormous(ago: int, campaign: str, values: dict[str, float]) -> None:
    values["revenue"] = 1e12 if ago == 0 else 1.0


@pytest.mark.parametrize("change", [refunds, nothing_at_all, enormous])
@pytest.mark.parametrize("days", [range(1), range(35), range(0, 70, 3)], ids=len)
def test_odd_numbers_do_not_break_a_scan(ann, change, days):
    load(ann, change, days)
    for found in scan(ann)["items"]:
        assert ann.get(f"{PATH}/{found['id']}").status_code == 200


def test_a_campaign_is_called_by_the_name_of_its_own_channel(ann):
    file = [f"{LAST - timedelta(n)},google,Autumn,1,{900 if n == 0 else 100}" for n in range(50)]
    file += [f"{LAST - timedelta(n)},meta,Spring,1,100" for n in range(50)]
    ann.imports("shop", "\n".join(["date,channel,campaign,campaign_id,spend", *file]))
    [found] = scan(ann)["items"]
    assert (found["channel"], found["campaign"]) == ("google_ads", "Autumn")
    assert "Autumn" in found["headline"]


def test_rows_that_do_not_come_again_stay_missing(ann):
    """Detection falls silent after a week; the record does not say that anything recovered."""
    lines = [line for line in rows() if "meta" not in line or line[:10] < "2025-03-12"]
    ann.imports("shop", "\n".join([HEADER, *lines]))
    for ago in range(19, -2, -1):
        scan(ann, LAST - timedelta(days=ago))
    assert [(a["kind"], a["channel"]) for a in told(ann)] == [("missing_data", "meta")]


def test_spend_that_comes_back_ends_the_alert_at_once(ann):
    def stopped(ago: int, campaign: str, values: dict[str, float]) -> None:
        if campaign == "c1" and ago in (1, 2):
            values.update(dict.fromkeys(values, 0))

    load(ann, stopped)
    assert scan(ann, LAST)["opened"] == 1
    assert scan(ann)["resolved"] == 1
    [found] = told(ann, f"{PATH}?state=resolved")
    assert (found["kind"], found["resolved_by"]) == ("zero_spend", "recovery")


def test_a_project_that_cannot_be_read_keeps_no_other_from_being_scanned(world, ann):
    from shared.domain.anomalies.dispatch import order_scans

    suite = world.app.suite
    suite.documents.commit(Put("projects/odd", {"id": "odd", "timezone": "No/Such"}))
    suite.documents.commit(Put("projects/none", {}))
    suite.bus.subscribe("anomaly-scan-requests", "test", "http://127.0.0.1:9/")
    assert order_scans(suite, "scheduled:1") == 3
    assert len(suite.bus.claim(9)) == 3
