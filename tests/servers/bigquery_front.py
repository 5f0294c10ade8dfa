"""What stands before the emulation of BigQuery and mends where it departs from the protocol.

- `jobs.query`: the emulation does not know `defaultDataset` there and answers a failed query with
  an empty result. The front asks its `jobs.insert` and `getQueryResults` instead.
- A crash of the emulation is no passing fault of a server: the front says so, and nobody retries.
- `dmlStats`: the emulation counts none. The front compares the table before and after a MERGE.

It adds no promise of its own: what the adapter sees is computed by the emulation.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

_QUERY = ("query", "queryParameters", "defaultDataset", "useLegacySql", "parameterMode")
_STATUS = {"notFound": 404, "accessDenied": 403}
_TARGET = re.compile(r"MERGE INTO (`[^`]+\.(\w+)`)")
_JOB = re.compile(r"/projects/([^/]+)/jobs/([^/?]+)(?:\?|$)")


class BigQueryFront:
    """Listens on a free port of 127.0.0.1 and passes on to the emulation at `address`."""

    def __init__(self, address: str, keys: Mapping[str, tuple[str, ...]]) -> None:
        self._address, self._keys = address, keys
        self._stats: dict[str, dict[str, str]] = {}
        self._merging = Lock()
        front = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else a body waits 40 ms for its head

            def answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                headers = {k: v for k, v in self.headers.items() if k.lower() != "host"}
                headers["Accept-Encoding"] = "identity"
                status, sent, answer = front.asked(self.command, self.path, headers, body)
                self.send_response(status)
                for name, value in sent.items():
                    if name.lower() not in ("content-length", "transfer-encoding", "date"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815

            def log_message(self, *_: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, request: Any, client_address: Any) -> None:
                """A side that hangs up is no news: the test that it concerns has the error."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def asked(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of the answer to one request."""
        if method == "POST" and re.search(r"/projects/[^/]+/queries(\?|$)", path):
            status, answer = self._query(path.partition("?")[0], json.loads(body))
        elif (
            method == "POST" and b"MERGE INTO" in body and path.partition("?")[0].endswith("/jobs")
        ):
            status, answer = self._merge(path, json.loads(body))
        else:
            status, sent, raw = self._pass(method, path, headers, body)
            found = _JOB.search(path)
            if not (found and found[2] in self._stats and status == 200):
                return status, sent, raw
            answer = self._with_stats(json.loads(raw))
        return status, {"Content-Type": "application/json"}, json.dumps(answer).encode()

    def _pass(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        connection = HTTPConnection(self._address, timeout=60)
        try:
            connection.request(method, path, body or None, dict(headers))
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read()
        finally:
            connection.close()

    def _json(self, method: str, path: str, body: Any = None) -> tuple[int, dict[str, Any]]:
        raw = b"" if body is None else json.dumps(body).encode()
        status, _, answer = self._pass(method, path, {"Content-Type": "application/json"}, raw)
        return (status, json.loads(answer)) if status < 500 else _crash()

    def _query(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        jobs = path.removesuffix("/queries") + "/jobs"
        query = {name: body[name] for name in _QUERY if name in body}
        status, job = self._json("POST", jobs, {"configuration": {"query": query}})
        if status != 200:
            return status, job
        failed = job["status"].get("errorResult")
        if failed:
            code = _STATUS.get(failed["reason"], 400)
            return code, {"error": {"code": code, "message": failed["message"], "errors": [failed]}}
        results = path + "/" + job["jobReference"]["jobId"]
        return self._json("GET", f"{results}?maxResults={body.get('maxResults', 10000)}")

    def _merge(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        target, table = _TARGET.search(body["configuration"]["query"]["query"]).groups()
        with self._merging:
            before = self._rows(path, target, table)
            status, job = self._json("POST", path, body)
            after = self._rows(path, target, table)
        if status != 200:
            return status, job
        both = before.keys() & after.keys()
        self._stats[job["jobReference"]["jobId"]] = {
            "insertedRowCount": str(len(after.keys() - before.keys())),
            "deletedRowCount": str(len(before.keys() - after.keys())),
            "updatedRowCount": str(sum(before[key] != after[key] for key in both)),
        }
        return status, self._with_stats(job)

    def _rows(self, path: str, target: str, table: str) -> dict[tuple[Any, ...], Any]:
        """A table's rows by its key."""
        queries = path.partition("?")[0].removesuffix("/jobs") + "/queries"
        asked = {"query": f"SELECT * FROM {target}", "useLegacySql": False, "maxResults": 100_000}
        _, found = self._query(queries, asked)
        names = [field["name"] for field in found["schema"]["fields"]]
        rows = [[cell["v"] for cell in row["f"]] for row in found.get("rows", [])]
        places = [names.index(name) for name in self._keys[table]]
        return {tuple(row[place] for place in places): row for row in rows}

    def _with_stats(self, job: dict[str, Any]) -> dict[str, Any]:
        stats = self._stats[job["jobReference"]["jobId"]]
        job.setdefault("statistics", {}).setdefault("query", {})["dmlStats"] = stats
        return job


def _crash() -> tuple[int, dict[str, Any]]:
    error = {"reason": "emulationCrashed", "message": "The emulation crashed."}
    return 400, {"error": {"code": 400, "message": error["message"], "errors": [error]}}
