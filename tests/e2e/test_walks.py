"""The walks of a person through the whole suite, on the embedded stores and on the emulators."""

from __future__ import annotations

import email
import io
import time
import urllib.request
from collections.abc import Callable
from datetime import date, timedelta
from email import policy
from email.message import EmailMessage
from typing import Any

import pytest

from infra import emulators
from infra.local.demo import LAST_STORY_DAY, OUTAGE, write_csv
from tests.emulators import require
from tests.serving import GERMAN, NEW, TODAY, Server, fired, handled, serving, token

pytestmark = pytest.mark.slow

QUESTION = {"question": "What was the ROAS of Facebook in March 2025?"}


@pytest.fixture(scope="module", params=["embedded", "emulators"])
def suite(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    options = ["--auth", "required", "--no-demo"]
    if request.param == "emulators":
        require(emulators.missing())
        options.append("--emulators")
    with serving(tmp_path_factory.mktemp(request.param), *options) as server:
        yield server


@pytest.fixture(scope="module")
def ann(suite: Server) -> str:
    """Ann's token; her project is open and her file is in."""
    ann = token(suite.folder, "ann@example.com")
    assert suite.call("POST", "/v1/projects", NEW, token=ann)[0] == 201
    path = "/v1/projects/laden/metrics:import"
    status, report = suite.call("POST", path, GERMAN, token=ann, Content_Type="text/csv")
    assert (status, report["inserted"], report["errors"]) == (200, 3, []), report
    assert report["period"] == {"start": "2025-03-01", "end": "2025-03-02"}
    return ann


def test_a_question_about_an_imported_file_is_answered(suite, ann):
    status, answer = suite.call("POST", "/v1/projects/laden/query", QUESTION, token=ann)
    assert status == 200
    assert answer["rows"] == [[pytest.approx(7000 / 2235)]]
    assert answer["interpretation"]["filters"] == {"channel": ["meta"]}


def test_a_follow_up_knows_what_was_asked_before(suite, ann):
    path = "/v1/projects/laden/query"
    first = suite.call("POST", path, QUESTION, token=ann)[1]
    more = {"question": "and for newsletter?", "session_id": first["session_id"]}
    status, answer = suite.call("POST", path, more, token=ann)
    assert status == 200, answer
    assert answer["rows"] == [[pytest.approx(800 / 50)]]
    kept = suite.call("GET", f"{path}/sessions/{first['session_id']}", token=ann)[1]
    assert [turn["question"] for turn in kept["turns"]] == [
        QUESTION["question"],
        "and for newsletter?",
    ]
    listed = suite.call("GET", f"{path}/sessions", token=ann)[1]["items"]
    assert listed[0]["id"] == first["session_id"]


def test_an_import_is_announced_and_its_names_are_learned(suite, ann):
    assert handled(suite.folder, "data-imported:laden:1") == ["done"]


def test_to_a_stranger_the_project_is_not_there(suite, ann):
    bob = token(suite.folder, "bob@example.com")
    answer = suite.call("POST", "/v1/projects/laden/query", QUESTION, token=bob)
    assert answer[0] == 404
    assert suite.call("GET", "/v1/projects")[0] == 401


def test_the_hourly_limit_is_exact(suite, ann):
    eve = token(suite.folder, "eve@example.com")
    member = {"email": "eve@example.com", "role": "viewer"}
    assert suite.call("POST", "/v1/projects/laden/members", member, token=ann)[0] == 201
    statuses = [
        suite.call("POST", "/v1/projects/laden/query", QUESTION, token=eve)[0] for _ in range(22)
    ]
    assert statuses == [200] * 20 + [429] * 2


def test_a_key_is_answered_once(suite, ann):
    new = {**NEW, "id": "filiale"}
    answers = [
        suite.call("POST", "/v1/projects", new, token=ann, Idempotency_Key="k1") for _ in range(3)
    ]
    assert answers == [answers[0]] * 3
    assert answers[0][0] == 201


def test_a_tagged_link_is_built_stored_and_read_back(suite, ann):
    path = "/v1/projects/laden/utm"
    new = {
        "url": "https://shop.example/p?color=Red%20Hot&gclid=abc#top",
        "source": "Newsletter",
        "medium": "email",
        "campaign": "Spring Sale",
    }
    tagged = (
        "https://shop.example/p?color=Red%20Hot&gclid=abc"
        "&utm_source=newsletter&utm_medium=email&utm_campaign=spring_sale#top"
    )
    built = [suite.call("POST", f"{path}/links", new, token=ann) for _ in range(2)]
    assert [(status, link["url"]) for status, link in built] == [(200, tagged)] * 2
    assert built[0][1]["channel_group"] == "Email"
    assert len({link["id"] for _, link in built}) == 1
    listed = suite.call("GET", f"{path}/links", token=ann)[1]["items"]
    assert [link["url"] for link in listed] == [tagged]
    read = suite.call("POST", f"{path}:parse", {"url": tagged}, token=ann)[1]
    assert (read["source"], read["medium"], read["campaign"]) == (
        "newsletter",
        "email",
        "spring_sale",
    )
    refused = suite.call("POST", f"{path}/links", {**new, "term": "a@b.example"}, token=ann)
    assert (refused[0], refused[1]["code"]) == (422, "pii")


SHOP = {"id": "story", "name": "Story shop", "timezone": "Europe/Berlin", "currency": "EUR"}
YESTERDAY = date.fromisoformat(TODAY) - timedelta(days=1)


@pytest.fixture(scope="module")
def story(suite: Server) -> str:
    """Ann's token; in her project a campaign's budget ran out two days ago."""
    ann = token(suite.folder, "ann@example.com")
    assert suite.call("POST", "/v1/projects", SHOP, token=ann)[0] == 201
    told = io.StringIO(newline="")
    write_csv(told, 42, YESTERDAY + (LAST_STORY_DAY - OUTAGE.last))
    header, *lines = told.getvalue().splitlines(keepends=True)
    until = [line for line in lines if line[:10] <= YESTERDAY.isoformat()]
    path = "/v1/projects/story/metrics:import"
    status, report = suite.call(
        "POST", path, header + "".join(until), token=ann, Content_Type="text/csv"
    )
    assert (status, report["rejected"]) == (200, 0), report
    return ann


def test_a_morning_s_scan_ends_in_one_mail_and_one_notification(suite, story):
    for _ in range(2):  # fired again, it tells nothing again
        fired(suite.folder, "anomaly_scan")
        mails = eventually(lambda: mails_to(suite, "ann@example.com"))
    assert len(mails) == 1
    assert "Google_Display" in mails[0]["Subject"]
    found = suite.call("GET", "/v1/projects/story/anomalies", token=story)[1]["items"]
    shown = {(a["campaign"], a["kind"], a["direction"], a["severity"]) for a in found}
    assert shown == {("Google_Display", "zero_spend", "drop", "critical")}
    assert found[0]["window"] == {"start": "2025-03-30", "end": "2025-03-31"}
    inbox = suite.call("GET", "/v1/me/notifications?unread=true", token=story)[1]["items"]
    assert [n["type"] for n in inbox] == ["marketing_anomaly"]
    assert [item["anomaly_id"] for item in inbox[0]["items"]] == [found[0]["id"]]


def test_what_was_dealt_with_is_no_longer_open(suite, story):
    path = "/v1/projects/story/anomalies"
    [found] = suite.call("GET", path, token=story)[1]["items"]
    status, resolved = suite.call("POST", f"{path}/{found['id']}:resolve", {}, token=story)
    uid = suite.call("GET", "/v1/me", token=story)[1]["uid"]
    assert (status, resolved["is_resolved"], resolved["resolved_by"]) == (200, True, uid)
    again = suite.call("POST", f"{path}:scan", {}, token=story)[1]
    assert (again["opened"], suite.call("GET", path, token=story)[1]["items"]) == (0, [])


def test_a_week_s_summary_comes_by_mail_once_and_one_click_ends_them(suite, story):
    path = "/v1/projects/story/weekly-summaries"
    for _ in range(2):  # fired again, it is brought up to date and not mailed again
        fired(suite.folder, "summary_scan")
        shown = eventually(lambda: read(suite, f"{path}/latest", story))
        [mail] = eventually(lambda: with_link(suite, "ann@example.com"))
    assert (shown["week"], shown["start"], shown["end"]) == (
        "2025-W13",
        "2025-03-24",
        "2025-03-30",
    )
    assert (shown["status"], mail["Subject"]) == ("ready", shown["narrative"]["subject"])
    assert [part.get_content_type() for part in mail.walk()].count("image/png") == 1
    [listed] = suite.call("GET", path, token=story)[1]["items"]
    assert listed["digest"] == shown["digest"]
    status, sent = suite.call("POST", f"{path}/2025-W13:send-test", token=story)
    assert (status, sent) == (200, {"to": "ann@example.com"})
    test = eventually(lambda: [m for m in with_link(suite, sent["to"]) if "[Test]" in m["Subject"]])
    assert len(test) == 1

    link = mail["List-Unsubscribe"].strip("<>")
    assert link.startswith(f"{suite.address}/v1/unsubscribe?token=")
    with urllib.request.urlopen(link, timeout=30) as page:
        assert "<form" in page.read().decode()
    preferences = suite.call("GET", "/v1/me/preferences", token=story)[1]
    assert preferences["marketing_summaries"] is True
    click = urllib.request.Request(link, b"List-Unsubscribe=One-Click", method="POST")
    with urllib.request.urlopen(click, timeout=30) as page:
        assert page.status == 200
    preferences = suite.call("GET", "/v1/me/preferences", token=story)[1]
    assert preferences["marketing_summaries"] is False


def read(suite: Server, path: str, token: str) -> Any:
    status, found = suite.call("GET", path, token=token)
    return found if status == 200 else None


def with_link(suite: Server, address: str) -> list[EmailMessage]:
    """Summaries alone have a link to unsubscribe."""
    return [mail for mail in mails_to(suite, address) if mail["List-Unsubscribe"]]


def mails_to(suite: Server, address: str) -> list[EmailMessage]:
    files = sorted((suite.folder / "mail").glob("*.eml"))
    read = [email.message_from_bytes(f.read_bytes(), policy=policy.default) for f in files]
    return [mail for mail in read if address in mail["To"]]


def eventually(look: Callable[[], Any], seconds: float = 30) -> Any:
    """What is seen once there is something to see."""
    until = time.monotonic() + seconds
    while not (seen := look()) and time.monotonic() < until:
        time.sleep(0.2)
    return seen
