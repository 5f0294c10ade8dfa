"""BigQuery's REST protocol v2 on this machine: it keeps what it is asked and answers as it is told.

An operation without a scripted reply is answered as BigQuery answers when all is well. A job id is
taken once: a second insert of it is a conflict.
https://cloud.google.com/bigquery/docs/reference/rest
"""

from __future__ import annotations

import json
import re
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

PROJECT = "secret-project-77"  # no text for a person may name it
V2 = r"/bigquery/v2/projects/[^/]+"
OPERATIONS = (  # (method, path, the name that tests script it by)
    ("POST", rf"{V2}/queries", "query"),
    ("GET", rf"{V2}/queries/(?P<job>[^/]+)", "results"),
    ("POST", rf"{V2}/jobs", "insert"),
    ("GET", rf"{V2}/jobs/(?P<job>[^/]+)", "job"),
    ("POST", rf"{V2}/jobs/(?P<job>[^/]+)/cancel", "cancel"),
    ("POST", rf"/upload{V2}/jobs", "upload"),
    ("PUT", rf"/upload{V2}/jobs", "content"),
    ("GET", rf"{V2}/datasets/[^/]+", "dataset"),
    ("DELETE", rf"{V2}/datasets/(?P<dataset>[^/]+)/tables/(?P<table>[^/]+)", "drop"),
)


@dataclass(frozen=True)
class Reply:
    """One scripted answer; `begins` is whether the job is begun all the same."""

    body: Any
    status: int = 200
    begins: bool = False


@dataclass(frozen=True)
class Call:
    """A request that arrived."""

    operation: str
    names: dict[str, str]
    arguments: dict[str, str]
    body: Any


def refuses(status: int, reason: str, message: str, *, begins: bool = False) -> Reply:
    """An error as BigQuery words it, in HTTP."""
    return Reply({"error": {"code": status, **_error(reason, message)}}, status, begins)


def rows(fields: Sequence[tuple[str, str]], *values: Sequence[Any], **more: Any) -> Reply:
    """A result; `more` replaces fields such as totalRows, pageToken, totalBytesProcessed."""
    schema = [{"name": name, "type": kind, "mode": "NULLABLE"} for name, kind in fields]
    body = {
        "kind": "bigquery#queryResponse",
        "schema": {"fields": schema},
        "jobReference": reference("job_1"),
        "totalRows": str(len(values)),
        "rows": [{"f": [{"v": value} for value in row]} for row in values],
        "totalBytesProcessed": "0",
        "jobComplete": True,
        "cacheHit": False,
    }
    return Reply(body | more)


def unfinished(job: str = "job_1") -> Reply:
    """The answer of a query or its results that are not there in time."""
    return Reply({"jobReference": reference(job), "jobComplete": False})


def job(name: str, state: str = "DONE", *, error: tuple[str, str] | None = None, **stats: Any):
    """A query job; `stats` are its statistics of the query."""
    status: dict[str, Any] = {"state": state}
    if error:
        words = _error(*error)["errors"][0]
        status |= {"errorResult": words, "errors": [words]}
    return Reply(
        {
            "kind": "bigquery#job",
            "id": f"{PROJECT}:EU.{name}",
            "jobReference": reference(name),
            "configuration": {"jobType": "QUERY", "query": {"query": "…", "useLegacySql": False}},
            "status": status,
            "statistics": {"query": stats, "totalBytesProcessed": "0"},
        }
    )


def reference(name: str) -> dict[str, str]:
    """Where a job is."""
    return {"projectId": PROJECT, "jobId": name, "location": "EU"}


def _error(reason: str, message: str) -> dict[str, Any]:
    words = {"message": message, "domain": "global", "reason": reason, "location": "q",
             "locationType": "parameter"}  # fmt: skip
    return {"message": message, "errors": [words], "status": "UNKNOWN"}


class BigQueryServer:
    """Listens on a free port of 127.0.0.1. `stats` are the statistics of jobs that go well."""

    def __init__(self, **stats: Any) -> None:
        self.calls: list[Call] = []
        self.stats = stats
        self._replies: dict[str, deque[Reply]] = defaultdict(deque)
        self._begun: dict[str, dict[str, Any]] = {}
        self._lock = Lock()
        self._http = _Http(("127.0.0.1", 0), _Handler)
        self._http.bigquery = self
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def says(self, operation: str, *replies: Reply) -> None:
        """Script the next answers to an operation."""
        self._replies[operation].extend(replies)

    def asked(self, operation: str) -> list[Call]:
        """What arrived for an operation."""
        return [call for call in self.calls if call.operation == operation]

    def close(self) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def answer(self, method: str, url: str, body: bytes) -> Reply:
        """The answer to one request."""
        parts = urlsplit(url)
        name, names = next(
            (name, found.groupdict())
            for verb, path, name in OPERATIONS
            if verb == method and (found := re.fullmatch(path, parts.path))
        )
        arguments = {key: values[0] for key, values in parse_qs(parts.query).items()}
        read = body if name == "content" else json.loads(body or b"null")
        with self._lock:
            self.calls.append(Call(name, names, arguments, read))
            scripted = self._replies[name].popleft() if self._replies[name] else None
            if scripted is None or scripted.begins:
                done = getattr(self, f"_{name}")(names, read)
            return scripted or done

    def _query(self, _: Any, __: Any) -> Reply:
        return rows([("x", "INTEGER")], ["1"])

    def _results(self, names: dict[str, str], _: Any) -> Reply:
        return rows([("x", "INTEGER")], jobReference=reference(names["job"]))

    def _insert(self, _: Any, body: dict[str, Any]) -> Reply:
        name = body["jobReference"].get("jobId", "job_1")
        if name in self._begun:
            return refuses(409, "duplicate", f"Already Exists: Job {PROJECT}:EU.{name}")
        done = job(name, **self.stats).body | {"configuration": body["configuration"]}
        if not body["configuration"].get("dryRun"):
            self._begun[name] = done
        return Reply(done)

    def _job(self, names: dict[str, str], _: Any) -> Reply:
        return Reply(self._begun.get(names["job"]) or job(names["job"], **self.stats).body)

    def _cancel(self, names: dict[str, str], _: Any) -> Reply:
        return Reply({"job": job(names["job"]).body})

    def _upload(self, _: Any, body: dict[str, Any]) -> Reply:
        self._waiting = body
        return Reply({})

    def _content(self, names: Any, _: Any) -> Reply:
        return self._insert(names, self._waiting)

    def _dataset(self, _: Any, __: Any) -> Reply:
        return Reply({"datasetReference": {"projectId": PROJECT, "datasetId": "marketing"}})

    def _drop(self, _: Any, __: Any) -> Reply:
        return Reply({}, 204)


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    bigquery: BigQueryServer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else the body of an answer waits 40 ms for its head
    server: _Http

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        reply = self.server.bigquery.answer(self.command, self.path, body)
        raw = b"" if reply.status == 204 else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        if self.path.startswith("/upload"):
            self.send_header("Location", f"{self.server.bigquery.url}{self.path}&upload_id=1")
        self.end_headers()
        self.wfile.write(raw)

    do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815

    def log_message(self, *_: Any) -> None:
        pass
