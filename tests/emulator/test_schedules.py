"""The catalog's timed functions as Cloud Scheduler jobs, against the service's own protocol."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from click.testing import CliRunner, Result
from google.cloud.scheduler_v1 import Job, PubsubTarget

from infra.schedules import cli
from infra.schedules_jobs import Place, Refused, Scheduler
from shared.runtime.catalog import Function, functions
from tests.servers.scheduler import Fault, SchedulerServer, serving

ROOT = Path(__file__).parents[2]
PLACE = Place("shop", "europe-west1")
TIMED = [f for f in functions().values() if f.schedule]
UNAVAILABLE = Fault(grpc.StatusCode.UNAVAILABLE, "try again")


@pytest.fixture
def server() -> Iterator[SchedulerServer]:
    with serving(SchedulerServer()) as state:
        yield state


@pytest.fixture
def scheduler(server: SchedulerServer) -> Iterator[Scheduler]:
    with Scheduler(PLACE, server.address, patience=3) as scheduler:
        yield scheduler


def command(server: SchedulerServer, *words: str, region: str = "europe-west1") -> Result:
    place = ["--project", "shop", "--region", region, "--endpoint", server.address]
    return CliRunner().invoke(cli, [words[0], *place, *words[1:]])


def timed(name: str, schedule: str = "0 6 * * *", **fields: str) -> Function:
    row = {"summary": f"Does {name}", "topic": f"{name}-requests", **fields}
    return Function(
        name, memory="512Mi", timeout=60, concurrency=1, invoker="pubsub", schedule=schedule, **row
    )


def sync(scheduler: Scheduler, *rows: Function, prune: bool = False) -> list[str]:
    steps = scheduler.steps({row.name: row for row in rows}, prune=prune)
    for step in steps:
        scheduler.take(step)
    return [step.told(done=True) for step in steps]


def test_the_catalog_has_something_to_schedule():
    assert TIMED


def test_sync_makes_the_job_of_every_timed_function(server):
    result = command(server, "sync")
    assert result.exit_code == 0, result.output
    assert len(server.jobs) == len(TIMED)
    for function in TIMED:
        job = server.jobs[PLACE.job("aims-" + function.name.replace("_", "-"))]
        assert (job.schedule, job.time_zone) == (function.schedule, "Etc/UTC")
        assert job.pubsub_target.topic_name == f"projects/shop/topics/{function.topic}"
        assert job.pubsub_target.data == b'{"schema_version":1,"type":"Scheduled","body":{}}'
        assert dict(job.pubsub_target.attributes) == {"type": "Scheduled"}
        assert job.retry_config.retry_count == 5
        assert job.retry_config.min_backoff_duration.total_seconds() == 30
        assert job.retry_config.max_backoff_duration.total_seconds() == 600
        assert f"created {job.name.rpartition('/')[2]} ({function.schedule})" in result.output


def test_the_second_sync_changes_nothing(server):
    command(server, "sync")
    server.calls.clear()
    result = command(server, "sync")
    assert {line.split()[0] for line in result.output.splitlines()} == {"unchanged"}
    assert {method for method, _ in server.calls} == {"list_jobs"}


@pytest.mark.parametrize(
    ("other", "fields"),
    [
        ({"schedule": "0 7 * * *"}, ["schedule"]),
        ({"summary": "Another text"}, ["description"]),
        ({"topic": "another-topic"}, ["pubsub_target"]),
        ({"schedule": "0 7 * * *", "topic": "other"}, ["schedule", "pubsub_target"]),
    ],
)
def test_only_what_differs_is_sent(scheduler, server, other, fields):
    sync(scheduler, timed("scan"))
    assert sync(scheduler, timed("scan", **other)) == [f"updated aims-scan ({', '.join(fields)})"]
    (request,) = server.called("update_job")
    assert list(request.update_mask.paths) == fields
    assert sync(scheduler, timed("scan", **other)) == ["unchanged aims-scan"]


@pytest.mark.parametrize(
    ("tampered", "field"),
    [
        ({"time_zone": "Europe/Berlin"}, "time_zone"),
        ({"retry_config": {"retry_count": 1}}, "retry_config"),
        (
            {"pubsub_target": {"topic_name": "projects/shop/topics/x-y", "data": b"x"}},
            "pubsub_target",
        ),
        ({"http_target": {"uri": "https://example.com"}}, "pubsub_target"),
    ],
)
def test_what_a_hand_changed_is_put_back(scheduler, server, tampered, field):
    sync(scheduler, timed("scan"))
    name = PLACE.job("aims-scan")
    before = Job(server.jobs[name])
    for key, value in tampered.items():
        setattr(server.jobs[name], key, value)
    assert [row.drift for row in scheduler.rows({"scan": timed("scan")})] == [field]
    assert sync(scheduler, timed("scan")) == [f"updated aims-scan ({field})"]
    assert server.jobs[name] == before


def test_a_job_whose_update_failed_is_written_again(scheduler, server):
    sync(scheduler, timed("scan"))
    server.jobs[PLACE.job("aims-scan")].state = Job.State.UPDATE_FAILED
    assert sync(scheduler, timed("scan"))[0].startswith("updated aims-scan")
    assert sync(scheduler, timed("scan")) == ["unchanged aims-scan"]


def test_a_paused_job_stays_paused(scheduler, server):
    sync(scheduler, timed("scan"))
    server.jobs[PLACE.job("aims-scan")].state = Job.State.PAUSED
    assert sync(scheduler, timed("scan")) == ["unchanged aims-scan (paused)"]
    assert sync(scheduler, timed("scan", "0 7 * * *")) == ["updated aims-scan (schedule)"]
    assert server.jobs[PLACE.job("aims-scan")].state == Job.State.PAUSED


def strangers(server: SchedulerServer) -> dict[str, Job]:
    target = PubsubTarget(topic_name="projects/shop/topics/theirs", data=b"x")
    names = ["nightly-backup", "my-aims-job", "aimsless"]
    kept = {PLACE.job(n): Job(name=PLACE.job(n), pubsub_target=target) for n in names}
    server.jobs.update(kept)
    return {name: Job(job) for name, job in kept.items()}


@pytest.mark.parametrize("prune", [False, True])
def test_jobs_of_others_are_never_touched_nor_shown(scheduler, server, prune):
    theirs = strangers(server)
    sync(scheduler, timed("scan"), timed("old"))
    told = sync(scheduler, timed("scan"), prune=prune)
    assert len(told) == 2
    assert {name: server.jobs[name] for name in theirs} == theirs
    touched = server.called("update_job", "create_job", "delete_job")
    assert not [r for r in touched if (getattr(r, "name", "") or r.job.name) in theirs]


def test_what_the_catalog_no_longer_names_goes_only_with_prune(scheduler, server):
    sync(scheduler, timed("scan"), timed("old"))
    told = sync(scheduler, timed("scan"))
    assert told[0] == "left alone aims-old (not in the catalog; --prune removes it)"
    assert sync(scheduler, timed("scan"), prune=True)[0] == "removed aims-old"
    assert list(server.jobs) == [PLACE.job("aims-scan")]


def test_jobs_beyond_the_first_page_are_seen(scheduler, server):
    server.page_size = 2
    rows = [timed(f"scan{n}") for n in range(7)]
    sync(scheduler, *rows)
    server.calls.clear()
    assert {line.split()[0] for line in sync(scheduler, *rows)} == {"unchanged"}
    assert len(server.called("list_jobs")) == 4


@pytest.mark.parametrize("words", [("sync",), ("sync", "--prune")])
def test_a_dry_run_only_looks(server, words):
    server.jobs[PLACE.job("aims-old")] = Job(name=PLACE.job("aims-old"))
    result = command(server, *words, "--dry-run")
    assert "would create aims-" in result.output
    assert ("would remove aims-old" in result.output) == ("--prune" in words)
    assert {method for method, _ in server.calls} == {"list_jobs"}


def test_list_shows_next_run_last_run_and_drift(server):
    command(server, "sync")
    first, name = TIMED[0], PLACE.job("aims-" + TIMED[0].name.replace("_", "-"))
    server.ran(name, code=7)
    server.jobs[name].schedule = "1 1 * * *"
    server.jobs[PLACE.job("aims-old")] = Job(name=PLACE.job("aims-old"), state=Job.State.PAUSED)
    lines = command(server, "list").output.splitlines()
    shown = next(line for line in lines if first.name.replace("_", "-") in line)
    for part in ("1 1 * * *", "2025-04-02 06:00", "2025-04-01 06:00 permission denied", "schedule"):
        assert part in shown
    old = next(line for line in lines if "aims-old" in line)
    assert "paused" in old
    assert "never" in old
    assert old.endswith("not in the catalog")


def test_list_names_what_is_missing(server):
    result = command(server, "list")
    assert result.exit_code == 0
    assert result.output.count("missing") == len(TIMED)


@pytest.mark.parametrize("spelling", [str, lambda n: "aims-" + n.replace("_", "-")])
def test_run_fires_one_job_once(server, spelling):
    command(server, "sync")
    result = command(server, "run", spelling(TIMED[0].name))
    assert result.exit_code == 0, result.output
    assert server.fired == [PLACE.job("aims-" + TIMED[0].name.replace("_", "-"))]


def test_run_is_never_repeated_by_itself(server):
    command(server, "sync")
    server.faults["run_job"] = [Fault(grpc.StatusCode.UNAVAILABLE, after=True)]
    result = command(server, "run", TIMED[0].name)
    assert result.exit_code == 1
    assert len(server.fired) == 1


def test_run_says_what_may_be_run(server):
    result = command(server, "run", "projects")
    assert result.exit_code == 1
    assert TIMED[0].name in result.output
    assert not server.calls


def test_run_before_sync_says_so(server):
    result = command(server, "run", TIMED[0].name)
    assert result.exit_code == 1
    assert "sync" in result.output


@pytest.mark.parametrize("method", ["list_jobs", "create_job"])
@pytest.mark.parametrize("after", [False, True])
def test_a_passing_fault_is_waited_out(scheduler, server, method, after):
    server.faults[method] = [Fault(grpc.StatusCode.UNAVAILABLE, after=after)] * 2
    assert sync(scheduler, timed("scan")) == ["created aims-scan (0 6 * * *)"]
    assert server.jobs[PLACE.job("aims-scan")].pubsub_target.data
    assert sync(scheduler, timed("scan")) == ["unchanged aims-scan"]


def test_a_removal_that_took_effect_unseen_is_done(scheduler, server):
    sync(scheduler, timed("old"))
    server.faults["delete_job"] = [Fault(grpc.StatusCode.UNAVAILABLE, after=True)]
    assert sync(scheduler, prune=True) == ["removed aims-old"]
    assert not server.jobs


def test_a_job_made_by_another_meanwhile_is_brought_in_line(scheduler, server):
    steps = scheduler.steps({"scan": timed("scan")}, prune=False)
    server.jobs[PLACE.job("aims-scan")] = Job(name=PLACE.job("aims-scan"), schedule="1 1 1 1 1")
    scheduler.take(steps[0])
    assert sync(scheduler, timed("scan")) == ["unchanged aims-scan"]


def test_a_fault_that_stays_is_given_up(server):
    server.faults["list_jobs"] = [UNAVAILABLE] * 100
    impatient = Scheduler(PLACE, server.address, patience=0.5)
    with impatient, pytest.raises(Refused, match="does not answer"):
        sync(impatient, timed("scan"))


CODE = grpc.StatusCode
REFUSALS = [
    (Fault(CODE.PERMISSION_DENIED), "roles/cloudscheduler.admin"),
    (Fault(CODE.PERMISSION_DENIED, reason="SERVICE_DISABLED"), "gcloud services enable"),
    (Fault(CODE.UNAUTHENTICATED), "gcloud auth application-default login"),
    (Fault(CODE.NOT_FOUND), "gcloud scheduler locations list"),
    (Fault(CODE.RESOURCE_EXHAUSTED, "Quota exceeded.\nmore"), "Quota exceeded."),
]


@pytest.mark.parametrize("words", [("sync",), ("list",)])
@pytest.mark.parametrize(("fault", "text"), REFUSALS)
def test_a_refusal_is_one_plain_line_and_exit_code_1(server, words, fault, text):
    server.faults["list_jobs"] = [fault]
    result = command(server, *words)
    assert result.exit_code == 1
    assert text in result.output
    assert result.output.startswith("Error: ")
    assert len(result.output.splitlines()) == 1


def test_an_unknown_region_is_named(server):
    result = command(server, "sync", region="atlantis")
    assert result.exit_code == 1
    assert "no Cloud Scheduler in atlantis" in result.output


def test_a_schedule_that_google_cannot_read_is_named(scheduler):
    with pytest.raises(Refused, match="Schedule or time zone is invalid"):
        sync(scheduler, timed("scan", "every tuesday"))


@pytest.mark.parametrize("words", [["--help"], ["sync", "--help"], ["run", "--help"]])
def test_help_loads_no_vendor(words):
    code = (
        f"import sys; from infra.schedules import cli\ntry: cli({words!r})\n"
        "except SystemExit as end: assert not end.code\n"
        "assert not {'grpc', 'google.api_core', 'google.cloud.scheduler_v1'} & set(sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert shown.returncode == 0, shown.stderr
    assert "Usage" in shown.stdout
