"""The catalog's timed functions as Cloud Scheduler jobs, and the few calls that keep them so.

https://cloud.google.com/scheduler/docs/reference/rpc/google.cloud.scheduler.v1
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from google.api_core import exceptions as vendor
from google.api_core.retry import Retry
from google.cloud.scheduler_v1 import CloudSchedulerClient, Job
from google.cloud.scheduler_v1.services.cloud_scheduler.transports import (
    CloudSchedulerGrpcTransport,
)
from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask
from google.rpc import code_pb2

from infra.schedules_errors import Refused, translated
from shared.runtime.catalog import Function

__all__ = ["Place", "Refused", "Row", "Scheduler", "Step", "wanted"]

PREFIX = "aims-"
ZONE = "Etc/UTC"
MESSAGE = b'{"schema_version":1,"type":"Scheduled","body":{}}'
# All of a job that is ours. The attempt deadline is not: Pub/Sub targets ignore it.
FIELDS = ("description", "schedule", "time_zone", "retry_config", "pubsub_target")
CALL_S = 10.0
PATIENCE_S = 30.0
DONE = {"create": "created", "update": "updated", "remove": "removed"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the jobs and their topics live."""

    project: str
    region: str

    @property
    def parent(self) -> str:
        """The location's resource name."""
        return f"projects/{self.project}/locations/{self.region}"

    def job(self, name: str) -> str:
        """A job's resource name."""
        return f"{self.parent}/jobs/{name}"

    def topic(self, name: str) -> str:
        """A topic's resource name."""
        return f"projects/{self.project}/topics/{name}"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that `sync` does to one job: create, update, remove, or nothing."""

    action: str
    job: Job
    fields: tuple[str, ...] = ()
    note: str = ""

    def told(self, *, done: bool) -> str:
        """The step in one line, as done or as it would be."""
        verb = DONE[self.action] if done and self.action in DONE else self.action
        would = "" if done or self.action not in DONE else "would "
        note = self.note or ", ".join(self.fields)
        return f"{would}{verb} {_short(self.job)}" + (f" ({note})" if note else "")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of `list`: a job as it is (None: not there) and how it differs."""

    name: str
    job: Job | None
    drift: str

    def cells(self) -> tuple[str, str, str, str, str]:
        """Name, schedule, next run, last run, drift."""
        if self.job is None:
            return self.name, "–", "–", "–", self.drift
        paused = self.job.state == Job.State.PAUSED
        next_run = "paused" if paused else _minute(self.job.schedule_time)
        return self.name, self.job.schedule, next_run, _last_run(self.job), self.drift


def wanted(functions: Mapping[str, Function], place: Place) -> dict[str, Job]:
    """The job of every function with a schedule, by its resource name."""
    jobs = [_job(f, place) for f in functions.values() if f.schedule]
    return {job.name: job for job in jobs}


def _job(function: Function, place: Place) -> Job:
    target = {
        "topic_name": place.topic(function.topic or ""),
        "data": MESSAGE,
        "attributes": {"type": "Scheduled"},
    }
    retries = {
        "retry_count": 5,
        "min_backoff_duration": Duration(seconds=30),
        "max_backoff_duration": Duration(seconds=600),
        "max_doublings": 5,
    }
    return Job(
        name=place.job(PREFIX + function.slug),
        description=function.summary,
        schedule=function.schedule,
        time_zone=ZONE,
        retry_config=retries,
        pubsub_target=target,
    )


def _job_name(function: str) -> str:
    return PREFIX + function.replace("_", "-")


class Scheduler:
    """Cloud Scheduler in one place. Every call raises Refused with what to do about it."""

    def __init__(
        self, place: Place, endpoint: str | None = None, patience: float = PATIENCE_S
    ) -> None:
        self._place = place
        with translated(place.project, place.region):
            self._client = CloudSchedulerClient(transport=_transport(endpoint))
        self._once: dict[str, Any] = {"retry": None, "timeout": CALL_S}
        again = Retry(_is_passing, initial=0.2, maximum=5, timeout=patience)
        self._retried: dict[str, Any] = {"retry": again, "timeout": CALL_S}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.transport.close()  # type: ignore[no-untyped-call]

    def steps(self, functions: Mapping[str, Function], *, prune: bool) -> list[Step]:
        """What brings the place to the catalog, by name."""
        want, have = wanted(functions, self._place), self._ours()
        steps = [_step(job, have.get(name)) for name, job in want.items()]
        for name in have.keys() - want.keys():
            left = Step("left alone", have[name], note="not in the catalog; --prune removes it")
            steps.append(Step("remove", have[name]) if prune else left)
        return sorted(steps, key=lambda step: step.job.name)

    def take(self, step: Step) -> None:
        """Do one step. A step that was taken meanwhile, by a retry or another, is no error."""
        with translated(self._place.project, self._place.region):
            if step.action == "create":
                self._create(step.job)
            elif step.action == "update":
                self._update(step.job, step.fields)
            elif step.action == "remove":
                self._remove(step.job)

    def rows(self, functions: Mapping[str, Function]) -> list[Row]:
        """Every job that is there or should be, by name."""
        want, have = wanted(functions, self._place), self._ours()
        return [
            Row(name.rpartition("/")[2], have.get(name), _drift(want.get(name), have.get(name)))
            for name in sorted(want.keys() | have.keys())
        ]

    def fire(self, function: str) -> None:
        """Run a job now. Never retried by itself: twice would be two firings."""
        with translated(self._place.project, self._place.region):
            try:
                self._client.run_job(name=self._place.job(_job_name(function)), **self._once)
            except vendor.NotFound as gone:
                name = _job_name(function)
                raise Refused(
                    f"{name} is not there yet: `infra.schedules sync` makes it."
                ) from gone

    def _ours(self) -> dict[str, Job]:
        with translated(self._place.project, self._place.region):
            listed: Iterator[Job] = iter(
                self._client.list_jobs(parent=self._place.parent, **self._retried)
            )
            return {job.name: job for job in listed if _short(job).startswith(PREFIX)}

    def _create(self, job: Job) -> None:
        try:
            self._client.create_job(parent=self._place.parent, job=job, **self._retried)
        except vendor.AlreadyExists:
            self._update(job, FIELDS)

    def _update(self, job: Job, fields: Sequence[str]) -> None:
        mask = FieldMask(paths=fields)
        self._client.update_job(job=job, update_mask=mask, **self._retried)

    def _remove(self, job: Job) -> None:
        try:
            self._client.delete_job(name=job.name, **self._retried)
        except vendor.NotFound:
            return


def _transport(endpoint: str | None) -> Any:
    if endpoint is None:
        return "grpc"
    import grpc

    return CloudSchedulerGrpcTransport(channel=grpc.insecure_channel(endpoint))


def _is_passing(error: Exception) -> bool:
    return isinstance(error, vendor.ServiceUnavailable | vendor.DeadlineExceeded)


def _step(job: Job, there: Job | None) -> Step:
    if there is None:
        return Step("create", job, note=job.schedule)
    fields = _changed(job, there)
    if fields:
        return Step("update", job, fields)
    return Step("unchanged", job, note="paused" if there.state == Job.State.PAUSED else "")


def _changed(job: Job, there: Job) -> tuple[str, ...]:
    """The fields that differ. After a failed update, all: its outcome is not known."""
    if there.state == Job.State.UPDATE_FAILED:
        return FIELDS
    return tuple(name for name in FIELDS if getattr(job, name) != getattr(there, name))


def _drift(job: Job | None, there: Job | None) -> str:
    if there is None:
        return "missing"
    if job is None:
        return "not in the catalog"
    return ", ".join(_changed(job, there)) or "none"


def _short(job: Job) -> str:
    return str(job.name).rpartition("/")[2]


def _minute(moment: Any) -> str:
    return moment.strftime("%Y-%m-%d %H:%M") if moment else "–"


def _last_run(job: Job) -> str:
    if not job.last_attempt_time:
        return "never"
    code = job.status.code
    outcome = code_pb2.Code.Name(code).lower().replace("_", " ") if code else "ok"
    return f"{_minute(job.last_attempt_time)} {outcome}"
