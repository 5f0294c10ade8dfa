"""What becomes of findings, scan by scan, and who hears of it."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.domain.anomalies.records import reviewing
from shared.domain.anomalies.records.course import RANK
from shared.domain.anomalies.records.lifecycle import MOST_OPEN, read_held
from shared.domain.anomalies.records.record import Mute, mark_of
from shared.domain.anomalies.records.reviewing import Sent
from shared.errors import AlreadyExists, Conflict, Stale
from shared.ports import Put
from tests.unit.anomalies.scans import Watch, day, seen

# A scan's day, what it finds, whom it tells why, and the records afterwards (see Watch.told).
# A text alone is what a person does to the latest record.
COURSES = {
    "a day's spike is told once and has recovered after two scans without it": [
        (5, "w", "opened", "open w 4"),
        (6, "", "", "open w 4"),
        (7, "", "", "recovery w 4"),
        (8, "", "", "recovery w 4"),
    ],
    "one scan without it is no recovery": [
        (5, "w", "opened", "open w 4"),
        (6, "", "", "open w 4"),
        (7, "w", "", "open w 4-6"),
        (8, "", "", "open w 4-6"),
        (9, "", "", "recovery w 4-6"),
    ],
    "what lasts is one record that grows": [
        (5, "w", "opened", "open w 4"),
        (6, "w4-5", "", "open w 4-5"),
        (7, "w4-6", "", "open w 4-6"),
        (8, "w5-7", "", "open w 4-7"),
    ],
    "the same scan again changes nothing": [
        (5, "w", "opened", "open w 4"),
        (5, "w", "", "open w 4"),
        (6, "", "", "open w 4"),
        (6, "", "", "open w 4"),
        (6, "", "", "open w 4"),
        (7, "", "", "recovery w 4"),
    ],
    "a second scan of a day that no longer finds it is not yet a miss": [
        (5, "w", "opened", "open w 4"),
        (5, "", "", "open w 4"),
        (6, "", "", "open w 4"),
        (7, "", "", "recovery w 4"),
    ],
    "a second scan of a day, after a correction, opens no second record": [
        (9, "w1", "opened", "open w 1"),
        (9, "w8", "", "open w 1-8"),
        "resolve",
        (9, "w13", "", "ann w 1-13"),
    ],
    "nor does a late one": [
        (20, "", "", ""),
        (9, "w1", "", "recovery w 1"),
        (9, "w8", "", "recovery w 1"),
    ],
    "becoming critical is told, once": [
        (5, "w", "opened", "open w 4"),
        (6, "c", "escalated", "open c 4-5"),
        (7, "c", "", "open c 4-6"),
        (8, "w", "", "open c 4-7"),
        (9, "w", "", "open w 4-8"),
        (10, "c", "", "open c 4-9"),
    ],
    "less severe is less severe after two scans in a row": [
        (5, "c", "opened", "open c 4"),
        (6, "w", "", "open c 4-5"),
        (6, "w", "", "open c 4-5"),
        (7, "c", "", "open c 4-6"),
        (8, "w", "", "open c 4-7"),
        (9, "w", "", "open w 4-8"),
    ],
    "what returns soon after recovering is open again and not told again": [
        (5, "w", "opened", "open w 4"),
        (6, "", "", "open w 4"),
        (7, "", "", "recovery w 4"),
        (8, "w", "", "open w 4-7"),
        (9, "", "", "open w 4-7"),
        (10, "", "", "recovery w 4-7"),
    ],
    "what returns worse is told": [
        (5, "w", "opened", "open w 4"),
        (6, "", "", "open w 4"),
        (7, "", "", "recovery w 4"),
        (8, "c", "escalated", "open c 4-7"),
    ],
    "what returns later is another deviation": [
        (5, "w", "opened", "open w 4"),
        (6, "", "", "open w 4"),
        (7, "", "", "recovery w 4"),
        (9, "w", "opened", "recovery w 4 | open w 8"),
    ],
    "days that overlap do not make it the same when it had long recovered": [
        (5, "w1-4", "opened", "open w 1-4"),
        (6, "", "", "open w 1-4"),
        (7, "", "", "recovery w 1-4"),
        (11, "w2-10", "opened", "recovery w 1-4 | open w 2-10"),
    ],
    "between scans far apart one has ended and another begun": [
        (5, "w", "opened", "open w 4"),
        (20, "w", "opened", "recovery w 4 | open w 19"),
    ],
    "an open one is known however long ago it was seen": [
        (5, "w", "opened", "open w 4"),
        (90, "w", "opened", "recovery w 4 | open w 89"),
    ],
    "missing data are there as soon as they arrive": [
        (5, "w?", "opened", "open w 4"),
        (6, "w4-5?", "", "open w 4-5"),
        (7, "", "", "recovery w 4-5"),
    ],
    "missing data may arrive on the day they were missed": [
        (5, "w?", "opened", "open w 4"),
        (5, "", "", "recovery w 4"),
        (5, "", "", "recovery w 4"),
    ],
    "missing data are missing until some arrive, however long that is told": [
        (5, "w?", "opened", "open w 4"),
        (11, "w4-10? silent", "", "open w 4-10"),
        (12, "silent", "", "open w 4-10"),
        (13, "silent", "", "open w 4-10"),
        (60, "silent", "", "open w 4-10"),
        (61, "email.silent", "", "recovery w 4-10"),
    ],
    "a second scan of a day without data is no recovery either": [
        (5, "w? silent", "opened", "open w 4"),
        (5, "silent", "", "open w 4"),
        (5, "", "", "recovery w 4"),
    ],
    "of a silent channel nothing is known": [
        (5, "w2 /a.w3 /b.c!", "opened opened opened", "open w 2 | open w 3 | open c 4"),
        (6, "silent idle /b.idle", "", "open w 2 | open w 3 | open c 4"),
        (40, "silent idle /b.idle", "", "open w 2 | open w 3 | open c 4"),
        (41, "", "", "open w 2 | open w 3 | recovery c 4"),
        (42, "", "", "recovery w 2 | recovery w 3 | recovery c 4"),
    ],
    "what spends nothing has not recovered until it spends again": [
        (5, "/a.c! /a.idle", "opened", "open c 4"),
        (11, "/a.c4-10! /a.idle", "", "open c 4-10"),
        (12, "/a.idle", "", "open c 4-10"),
        (13, "/a.idle", "", "open c 4-10"),
        (14, "/b.idle idle", "", "recovery c 4-10"),
    ],
    "a channel that spends nothing has not recovered either": [
        (5, "c! idle", "opened", "open c 4"),
        (12, "idle", "", "open c 4"),
        (13, "/a.idle", "", "recovery c 4"),
    ],
    "a correction that says something was spent is a recovery": [
        (5, "c! idle", "opened", "open c 4"),
        (5, "", "", "recovery c 4"),
    ],
    "what spends nothing for 28 days has ended": [
        (5, "c! idle", "opened", "open c 4"),
        (31, "idle", "", "open c 4"),
        (32, "idle", "", "ended c 4"),
        (33, "idle", "", "ended c 4"),
    ],
    "only what stopped is waited for while nothing is spent": [
        (5, "w", "opened", "open w 4"),
        (6, "idle", "", "open w 4"),
        (7, "idle", "", "recovery w 4"),
    ],
    "a slide that goes no further has settled, not recovered": [
        (5, "w1-4~", "opened", "open w 1-4"),
        (6, "", "", "open w 1-4"),
        (7, "w1-6~", "", "open w 1-6"),
        (8, "", "", "open w 1-6"),
        (9, "", "", "settled w 1-6"),
        (10, "w2-9~", "", "open w 1-9"),
        (11, "", "", "open w 1-9"),
        (12, "", "", "settled w 1-9"),
    ],
    "a slide that comes back long after it settled is another": [
        (5, "w1-4~", "opened", "open w 1-4"),
        (6, "", "", "open w 1-4"),
        (7, "", "", "settled w 1-4"),
        (11, "w2-10~", "opened", "settled w 1-4 | open w 2-10"),
    ],
    "a slide that became a lasting change recovers": [
        (5, "w1-4~", "opened", "open w 1-4"),
        (6, "w3-5", "", "open w 1-5"),
        (7, "", "", "open w 1-5"),
        (8, "", "", "recovery w 1-5"),
    ],
    "a slide that settled between scans far apart is told apart from the next": [
        (5, "w1-4~", "opened", "open w 1-4"),
        (20, "w17-19~", "opened", "settled w 1-4 | open w 17-19"),
    ],
    "a late scan adds a slide as settled": [
        (9, "", "", ""),
        (5, "w1-4~", "", "settled w 1-4"),
    ],
    "what people know of the campaign is told of the channel when the campaign's ends": [
        (5, "/a.w", "opened", "open w 4"),
        (6, "w", "", "open w 4 | open w 5"),
        (7, "w5-6", "opened", "recovery w 4 | open w 5-6"),
        (8, "w5-7", "", "recovery w 4 | open w 5-7"),
    ],
    "as long as both last, it is told once": [
        (5, "w", "opened", "open w 4"),
        (6, "w /a.w", "", "open w 4-5 | open w 5"),
        (15, "w4-14 /a.w5-14", "", "open w 4-14 | open w 5-14"),
        (16, "/a.w5-15", "", "open w 4-14 | open w 5-15"),
        (17, "/a.w5-16", "opened", "recovery w 4-14 | open w 5-16"),
    ],
    "news is not held back by what recovers in this very scan": [
        (5, "/a.w", "opened", "open w 4"),
        (6, "", "", "open w 4"),
        (7, "w", "opened", "recovery w 4 | open w 6"),
    ],
    "nor by what is muted": [
        (5, "/a.w", "opened", "open w 4"),
        "mute 20",
        (6, "/a.w w", "opened", "open w 4-5 | open w 5"),
    ],
    "nor by what was told more than three days before": [
        (5, "/a.w", "opened", "open w 4"),
        (9, "/a.w4-8 w8", "opened", "open w 4-8 | open w 8"),
    ],
    "only by what was told within three days": [
        (5, "/a.w", "opened", "open w 4"),
        (8, "/a.w4-7 w7", "", "open w 4-7 | open w 7"),
    ],
    "nor by what began during a mute and was never told": [
        (5, "/a.w", "opened", "open w 4"),
        "mute 15",
        (15, "/a.w", "", "recovery w 4 | open w 14"),
        (16, "/a.w w15", "opened", "recovery w 4 | open w 14-15 | open w 15"),
    ],
    "a late scan adds what was over before anybody looked, and tells nobody": [
        (9, "", "", ""),
        (5, "w", "", "recovery w 4"),
        (5, "w", "", "recovery w 4"),
    ],
    "a late scan changes nothing of what is there": [
        (9, "w", "opened", "open w 8"),
        (8, "c", "", "open w 8"),
        (7, "", "", "open w 8"),
        (6, "", "", "open w 8"),
    ],
    "a late scan of a quiet day is no recovery": [
        (5, "w", "opened", "open w 4"),
        (7, "", "", "open w 4"),
        (6, "", "", "open w 4"),
        (8, "", "", "recovery w 4"),
    ],
    "what a late scan added is told when it turns out to last": [
        (9, "", "", ""),
        (8, "w", "", "recovery w 7"),
        (10, "w7-9", "opened", "open w 7-9"),
    ],
    "an acknowledged one is told only when it becomes critical": [
        (5, "w", "opened", "open w 4"),
        "acknowledge",
        (6, "w", "", "open w 4-5"),
        (7, "c", "escalated", "open c 4-6"),
        (8, "c", "", "open c 4-7"),
    ],
    "who acknowledged a critical one is not told of it again": [
        (5, "w", "opened", "open w 4"),
        "mute 8",
        (6, "c", "", "open c 4-5"),
        "acknowledge",
        (9, "c4-8", "", "open c 4-8"),
    ],
    "a muted one is kept up to date without a word": [
        (5, "w", "opened", "open w 4"),
        "mute 8",
        (6, "c", "", "open c 4-5"),
        (8, "c5-7", "", "open c 4-7"),
        (9, "c6-8", "escalated", "open c 4-8"),
        (10, "c", "", "open c 4-9"),
    ],
    "after a mute, a warning that people knew of is not told again": [
        (5, "w", "opened", "open w 4"),
        "mute 5",
        (6, "w", "", "open w 4-5"),
    ],
    "a mute that is lifted is over at once": [
        (5, "w", "opened", "open w 4"),
        "mute 30",
        (6, "c", "", "open c 4-5"),
        "mute",
        (7, "c", "escalated", "open c 4-6"),
    ],
    "a mute outlives the recovery": [
        (5, "w", "opened", "open w 4"),
        "mute 20",
        (6, "", "", "open w 4"),
        (7, "", "", "recovery w 4"),
        (15, "c", "", "recovery w 4 | open c 14"),
        (16, "", "", "recovery w 4 | open c 14"),
        (17, "", "", "recovery w 4 | recovery c 14"),
        (22, "w", "opened", "recovery w 4 | recovery c 14 | open w 21"),
    ],
    "what began during a mute is told after it only if it is critical": [
        (5, "w", "opened", "open w 4"),
        "mute 15",
        (12, "w", "", "recovery w 4 | open w 11"),
        (15, "w11-14", "", "recovery w 4 | open w 11-14"),
        (16, "w11-15", "", "recovery w 4 | open w 11-15"),
        (17, "c11-16", "escalated", "recovery w 4 | open c 11-16"),
    ],
    "what a person resolved stays resolved while it lasts": [
        (5, "w", "opened", "open w 4"),
        "resolve",
        (5, "w", "", "ann w 4"),
        (6, "w", "", "ann w 4-5"),
        (9, "w", "", "ann w 4-8"),
        (12, "w", "", "ann w 4-11"),
    ],
    "what a person resolved opens again when it becomes critical": [
        (5, "w", "opened", "open w 4"),
        "resolve",
        (6, "c", "escalated", "open c 4-5"),
        (7, "c", "", "open c 4-6"),
    ],
    "resolving ends a mute": [
        (5, "w", "opened", "open w 4"),
        "mute 20",
        "resolve",
        (6, "c", "escalated", "open c 4-5"),
    ],
    "a critical one that a person resolved stays so": [
        (5, "c", "opened", "open c 4"),
        "resolve",
        (6, "c", "", "ann c 4-5"),
    ],
    "after a person resolved it, a new deviation is a new record": [
        (5, "w", "opened", "open w 4"),
        "resolve",
        (9, "w", "opened", "ann w 4 | open w 8"),
    ],
    "what a person resolved and nobody saw for two weeks is over": [
        (5, "w", "opened", "open w 4"),
        "resolve",
        (20, "w4-19", "opened", "ann w 4 | open w 4-19"),
    ],
}


@pytest.fixture
def watch(world):
    return Watch(world.app.suite)


@pytest.mark.parametrize("course", COURSES.values(), ids=COURSES)
def test_the_course_of_a_deviation(watch, course):
    for number, step in enumerate(course):
        if isinstance(step, str):
            watch.act(step)
            continue
        as_of, found, why, records = step
        news = watch.scan(as_of, *found.split()).news
        assert " ".join(n.why for n in news) == why, (number, step)
        assert " | ".join(watch.told()) == records, (number, step)


def test_a_repeated_scan_writes_nothing_at_all(watch):
    for as_of, found in [(5, ["w", "email.c"]), (6, ["email.c"]), (7, []), (3, ["email.w"])]:
        watch.scan(as_of, *found)
        before = watch.dump()
        again = watch.scan(as_of, *found)
        assert (again.writes, again.opened, again.updated, again.resolved) == ((), 0, 0, 0)
        assert watch.dump() == before


def test_a_scan_counts_what_it_did(watch):
    first = watch.scan(5, "w", "email.c", "sms.w")
    assert (first.opened, first.updated, first.resolved, first.unchanged) == (3, 0, 0, 0)
    second = watch.scan(6, "w", "tiktok.w")
    assert (second.opened, second.updated, second.resolved) == (1, 3, 0)
    third = watch.scan(7, "w", "tiktok.w")
    assert (third.opened, third.updated, third.resolved, third.unchanged) == (0, 2, 2, 0)
    assert {record.channel for record in third.found} == {"meta", "tiktok"}


def test_a_record_holds_the_figures_and_words_of_the_latest_scan(watch):
    watch.scan(5, "w")
    watch.scan(6, seen("c4-5", 6, headline="Worse", impact=250.129))
    [record] = watch.records()
    assert (record.kind, record.severity, record.headline) == ("sustained", "critical", "Worse")
    assert (record.impact.amount, record.impact.currency) == (250.13, "EUR")
    assert (record.current_value, record.baseline_value, record.deviation_pct) == (130, 100, 30)
    assert (record.last_seen, record.campaign) == (day(6), "Spring")
    assert record.detected_at.date() == day(5)


def test_without_data_nobody_knows_whether_a_channel_has_recovered(watch):
    spend = seen("email.w", 5, campaign_id="c1")
    watch.scan(5, "w", spend)
    missing = seen("w?", 6)
    other = missing.finding.key.__class__("meta", None, "revenue", "drop")
    missing = type(missing)(
        type(missing.finding)(other, "missing_data", day(5), day(5), None, 9.0, None, 9.0, 3.0),
        missing.said,
    )
    for as_of in (6, 7, 8):
        watch.scan(as_of, missing)
    states = {(r.channel, r.metric): r.is_resolved for r in watch.records()}
    assert states == {
        ("meta", "spend"): False,
        ("meta", "revenue"): False,
        ("email", "spend"): True,
    }


def test_a_campaign_that_makes_up_its_channels_finding_has_not_recovered(watch):
    watch.scan(5, seen("w", 5, campaign_id="c1"))
    for as_of in (6, 7, 8):
        watch.scan(as_of, seen("w", as_of, explained=("c1",)))
    assert list(watch.told()) == ["open w 4", "open w 5-7"]


@pytest.mark.parametrize(
    ("first", "then", "news"),
    [
        pytest.param("a", None, [], id="a campaign's, then its channel's"),
        pytest.param(None, "a", [], id="a channel's, then its campaign's"),
        pytest.param("a", "b", ["opened"], id="a campaign's, then another's"),
    ],
)
def test_what_moves_between_channel_and_campaign_is_told_once(watch, first, then, news):
    def one(as_of, campaign_id, severity="w"):
        return seen(severity, as_of, campaign_id=campaign_id)

    assert [n.why for n in watch.scan(2, one(2, first)).news] == ["opened"]
    assert [n.why for n in watch.scan(3, one(3, then)).news] == news
    worse = watch.scan(4, one(4, then, "c"))
    assert [n.why for n in worse.news] == ["escalated"]


def test_of_two_findings_of_a_key_the_weightier_counts(watch):
    done = watch.scan(5, seen("w", 5, impact=900.0), seen("c2-4", 5, impact=5.0))
    assert len(done.news) == 1
    assert list(watch.told()) == ["open c 2-4"]


def test_of_too_many_findings_the_weightiest_are_opened(watch):
    found = [seen(f"{'x' * (n + 1)}.w", 5, impact=float(n)) for n in range(MOST_OPEN + 20)]
    done = watch.settled(5, *found)
    assert done.opened == MOST_OPEN
    assert min(record.impact.amount for record in done.found) == 20


def test_an_older_days_scan_adds_the_weightiest_of_too_many(watch):
    watch.scan(9)
    found = [seen(f"{'x' * (n + 1)}.w", 5, impact=float(n)) for n in range(MOST_OPEN + 20)]
    done = watch.scan(5, *found)
    assert done.opened == len(done.writes) == MOST_OPEN
    assert min(record.impact.amount for record in done.found) == 20
    assert watch.scan(5, *found[20:]).writes == ()


def test_without_room_a_record_still_gives_way_to_the_next_of_its_series(watch):
    names = ["x" * (n + 1) for n in range(MOST_OPEN)]
    watch.scan(5, *(f"{name}.w" for name in names))
    done = watch.scan(20, "x.w", "xx.w", "new.c")
    assert (done.opened, done.resolved) == (2, 2)
    opened = [r for r in watch.records() if not r.is_resolved and r.window.start == day(19)]
    assert sorted(r.channel for r in opened) == ["x", "xx"]
    assert len(read_held(watch.suite.documents, "shop", day(20)).ledger.open) == MOST_OPEN


def test_what_one_has_told_is_told_again_once_that_is_muted(watch):
    watch.scan(5, "w")
    assert watch.scan(6, "w", "/a.w").news == ()
    sent = Sent(next(r.id for r in watch.records() if r.campaign_id is None))
    reviewing.mute(watch.suite, watch.access, sent, Mute(until=day(30)))
    [news] = watch.scan(7, "w", "/a.w").news
    assert (news.record.campaign_id, news.why) == ("a", "opened")


@pytest.mark.parametrize("act", [None, "resolve"], ids=["open", "resolved by a person"])
def test_kind_words_and_figures_are_of_one_finding(watch, act):
    watch.scan(5, seen("w1-4~", 5, explanation="It slides."))
    if act:
        watch.act(act)
    watch.scan(6, seen("w3-5", 6, explanation="It stays low.", impact=7.0))
    [record] = watch.records()
    assert (record.kind, record.explanation, record.impact.amount) == (
        "sustained",
        "It stays low.",
        7.0,
    )
    assert (record.window.start, record.window.end) == (day(1), day(5))


def test_a_resolved_record_expires_400_days_later(watch):
    watch.scan(5, "w")
    watch.scan(6)
    [write] = [w for w in watch.settled(7).writes if "/anomalies/" in w.path]
    assert isinstance(write, Put)
    assert write.expires_at == watch.settled(7).writes[0].expires_at
    assert write.expires_at.date() == day(7) + timedelta(days=400)
    watch.scan(7)
    [reopened] = [w for w in watch.settled(8, "w").writes if "/anomalies/" in w.path]
    assert reopened.expires_at is None


FOUND = ["w", "c", "w?", "c!", "w~", "/a.w", "/a.c", "/a.c!", "email.w", "email.c"]
STATES = ["silent", "idle", "/a.idle"]
SCAN = st.tuples(st.integers(1, 24), st.lists(st.sampled_from([*FOUND, *STATES]), max_size=4))
ACT = st.sampled_from(["acknowledge", "resolve", "mute 6", "mute 14", "mute"])


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    scans=st.lists(SCAN, max_size=12), acts=st.lists(st.none() | ACT, min_size=18), order=st.data()
)
def test_in_any_order_and_however_often_a_key_has_one_open_record_and_is_told_once(
    watch, scans, acts, order
):
    watch.project = f"p{next(_NUMBERS)}"
    told = Counter()
    for (as_of, found), act in zip(
        order.draw(st.permutations([*scans, *scans[::2]])), acts, strict=False
    ):
        done = watch.scan(as_of, *found)
        told.update((n.record.id, n.why) for n in done.news)
        assert all(_heard_of(record, watch, as_of) for record in done.found)
        assert max(_open(watch).values(), default=0) <= 1
        before = watch.dump()
        assert watch.scan(as_of, *found).news == ()
        assert watch.dump() == before
        ledger = read_held(watch.suite.documents, watch.project, day(24)).ledger
        assert set(ledger.open) >= {mark_of(key) for key in _open(watch)}
        if act and watch.records():
            with suppress(Conflict):  # it is resolved
                watch.act(act)
    assert max(told.values(), default=0) <= 1


def _heard_of(record, watch, as_of):
    """Whether people know of a record, or need not."""
    if record.is_resolved or record.muted(day(as_of)) or _knows(record, record.severity):
        return True
    [other] = [r for r in watch.records() if r.id == record.course.echo_of]
    announced = other.course.announced_on is not None and not other.muted(day(as_of))
    return announced and not other.is_resolved and _knows(other, record.severity)


def _knows(record, severity):
    return RANK[record.course.told] >= RANK[severity]


def _open(watch):
    return Counter(record.key for record in watch.records() if not record.is_resolved)


_NUMBERS = iter(range(1_000_000))


@pytest.mark.parametrize("before", [[], [(5, ["w"])], [(5, ["w"]), (6, []), (7, [])]])
@pytest.mark.parametrize("days", [(8, 8), (8, 9)], ids=["the same day", "two days"])
def test_of_scans_at_the_same_instant_one_counts_and_the_others_look_again(watch, before, days):
    for turn in range(10):
        watch.project = f"p{turn}"
        for as_of, found in before:
            watch.scan(as_of, *found)
        known = len(watch.records())
        start = Barrier(4)
        with ThreadPoolExecutor(4) as pool:
            done = list(pool.map(partial(_raced, watch, start), [*days, *days]))
        assert len(done) - done.count(None) == 1
        opened = [r.key.channel for r in watch.records() if not r.is_resolved]
        assert sorted(opened) == ["email", "meta"]
        assert len(watch.records()) <= known + 2


def _raced(watch, start, as_of):
    settled = watch.settled(as_of, "w", "email.c")
    start.wait()  # all have read what is there before any of them writes
    try:
        watch.suite.documents.commit(*settled.writes)
    except (AlreadyExists, Stale):
        return None
    return settled
