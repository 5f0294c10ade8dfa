"""Cloud Scheduler's service over gRPC on this machine: the vendor's own messages, real state.

It keeps jobs, honours update masks, pages, fills in the defaults that Google fills in, ignores what
Google ignores, and gives out the errors it is told to. It fires nothing by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Any

import grpc
from google.cloud import scheduler_v1 as api
from google.protobuf import any_pb2, empty_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status

SERVICE = "google.cloud.scheduler.v1.CloudScheduler"
SETTABLE = ("description", "schedule", "time_zone", "retry_config", "attempt_deadline")
TARGETS = ("pubsub_target", "http_target", "app_engine_http_target")
CRON = re.compile(r"\S+( \S+){4}")


@dataclass(frozen=True)
class Fault:
    """An answer in place of the real one; `after` lets the call take effect first."""

    code: grpc.StatusCode
    text: str = "no"
    reason: str = ""
    after: bool = False


@dataclass
class SchedulerServer:
    """The state of the service and what was asked of it."""

    regions: tuple[str, ...] = ("europe-west1",)
    page_size: int = 500
    jobs: dict[str, api.Job] = field(default_factory=dict)
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    calls: list[tuple[str, Any]] = field(default_factory=list)
    fired: list[str] = field(default_factory=list)
    address: str = ""
    _lock: Lock = field(default_factory=Lock)

    def called(self, *methods: str) -> list[Any]:
        """The requests of these methods, in order."""
        return [request for method, request in self.calls if method in methods]

    def ran(self, name: str, code: int = 0) -> None:
        """As if the job was attempted, with this outcome."""
        self.jobs[name].last_attempt_time = datetime(2025, 4, 1, 6, tzinfo=UTC)
        self.jobs[name].status = status_pb2.Status(code=code)

    def list_jobs(self, request: Any, context: grpc.ServicerContext) -> Any:
        region = request.parent.rpartition("/")[2]
        if region not in self.regions:
            text = f"Location '{region}' is not a valid location. Use ListLocations."
            _abort(context, Fault(grpc.StatusCode.INVALID_ARGUMENT, text))
        names = sorted(name for name in self.jobs if name.startswith(f"{request.parent}/"))
        start = int(request.page_token or 0)
        end = start + min(request.page_size or 500, self.page_size)
        token = str(end) if end < len(names) else ""
        page = [self.jobs[name] for name in names[start:end]]
        return api.ListJobsResponse(jobs=page, next_page_token=token)

    def get_job(self, request: Any, context: grpc.ServicerContext) -> Any:
        return self._there(request.name, context)

    def create_job(self, request: Any, context: grpc.ServicerContext) -> Any:
        if request.job.name in self.jobs:
            _abort(context, Fault(grpc.StatusCode.ALREADY_EXISTS, "Job exists."))
        job = api.Job(name=request.job.name, state=api.Job.State.ENABLED)
        _copy(request.job, job, (*SETTABLE, api.Job.pb(request.job).WhichOneof("target")))
        return self._keep(job, context)

    def update_job(self, request: Any, context: grpc.ServicerContext) -> Any:
        there = self._there(request.job.name, context)
        job = api.Job(there)
        paths = list(request.update_mask.paths) or [*SETTABLE, *TARGETS]
        if unknown := [p for p in paths if p not in (*SETTABLE, *TARGETS)]:
            _abort(context, Fault(grpc.StatusCode.INVALID_ARGUMENT, f"Unknown fields {unknown}."))
        _copy(request.job, job, paths)
        if job.state == api.Job.State.UPDATE_FAILED:
            job.state = api.Job.State.ENABLED
        return self._keep(job, context)

    def delete_job(self, request: Any, context: grpc.ServicerContext) -> Any:
        self._there(request.name, context)
        del self.jobs[request.name]
        return empty_pb2.Empty()

    def run_job(self, request: Any, context: grpc.ServicerContext) -> Any:
        job = self._there(request.name, context)
        self.fired.append(request.name)
        return job

    def _there(self, name: str, context: grpc.ServicerContext) -> api.Job:
        if name not in self.jobs:
            _abort(context, Fault(grpc.StatusCode.NOT_FOUND, "Job not found."))
        return self.jobs[name]

    def _keep(self, job: api.Job, context: grpc.ServicerContext) -> api.Job:
        wrong = _wrong(job)
        if wrong:
            _abort(context, Fault(grpc.StatusCode.INVALID_ARGUMENT, wrong))
        _fill_in(job)
        self.jobs[job.name] = job
        return job

    def answer(self, method: str) -> Callable[[Any, grpc.ServicerContext], Any]:
        """A handler: a waiting fault if there is one, else the method."""

        def handle(request: Any, context: grpc.ServicerContext) -> Any:
            with self._lock:
                self.calls.append((method, request))
                waiting = self.faults.get(method)
                fault = waiting.pop(0) if waiting else None
                if fault and not fault.after:
                    _abort(context, fault)
                answer = getattr(self, method)(request, context)
                if fault:
                    _abort(context, fault)
                return answer

        return handle


def _copy(source: api.Job, target: api.Job, paths: Any) -> None:
    for path in paths:
        if path in TARGETS and path not in source:
            continue  # an unset member of the oneof would clear the one that is set
        setattr(target, path, getattr(source, path))


def _wrong(job: api.Job) -> str:
    if not CRON.fullmatch(job.schedule):
        return "Schedule or time zone is invalid."
    if not 0 <= job.retry_config.retry_count <= 5:
        return "Retry count must be between 0 and 5."
    if "pubsub_target" in job and not re.fullmatch(
        r"projects/[^/]+/topics/[^/]{3,}", job.pubsub_target.topic_name
    ):
        return "Topic name is invalid."
    return ""


def _fill_in(job: api.Job) -> None:
    """What the service sets by itself: defaults, times, and nothing for an ignored field."""
    job.time_zone = job.time_zone or "Etc/UTC"
    job.retry_config.max_doublings = job.retry_config.max_doublings or 5
    job.user_update_time = datetime(2025, 4, 1, 5, tzinfo=UTC)
    job.schedule_time = datetime(2025, 4, 2, 6, tzinfo=UTC)
    if "pubsub_target" in job:
        job.attempt_deadline = None


def _abort(context: grpc.ServicerContext, fault: Fault) -> None:
    details = []
    if fault.reason:
        info = error_details_pb2.ErrorInfo(reason=fault.reason, domain="googleapis.com")
        details.append(any_pb2.Any())
        details[0].Pack(info)
    code = getattr(code_pb2, fault.code.name)
    status = status_pb2.Status(code=code, message=fault.text, details=details)
    context.abort_with_status(rpc_status.to_status(status))


MESSAGES = {
    "ListJobs": (api.ListJobsRequest, api.ListJobsResponse),
    "GetJob": (api.GetJobRequest, api.Job),
    "CreateJob": (api.CreateJobRequest, api.Job),
    "UpdateJob": (api.UpdateJobRequest, api.Job),
    "DeleteJob": (api.DeleteJobRequest, None),
    "RunJob": (api.RunJobRequest, api.Job),
}


@contextmanager
def serving(state: SchedulerServer) -> Iterator[SchedulerServer]:
    """The service on a free port of this machine."""
    handlers = {
        name: grpc.unary_unary_rpc_method_handler(
            state.answer(re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()),
            request_deserializer=asked.deserialize,
            response_serializer=said.serialize if said else empty_pb2.Empty.SerializeToString,
        )
        for name, (asked, said) in MESSAGES.items()
    }
    server = grpc.server(ThreadPoolExecutor(4))
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, handlers),))
    state.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    try:
        yield state
    finally:
        server.stop(None).wait()
