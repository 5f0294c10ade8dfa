"""Vertex AI's REST protocol on this machine: it answers what it is told to.

POST /{version}/projects/{p}/locations/{l}/publishers/google/models/{m}:generateContent
https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference
"""

from __future__ import annotations

import json
import re
import time
from collections import deque
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

PATH = re.compile(
    r"/v1(?:beta1)?/projects/(?P<project>[^/]+)/locations/(?P<location>[^/]+)"
    r"/publishers/google/models/(?P<model>[^/:]+):generateContent"
)
USAGE = {
    "promptTokenCount": 1000,
    "candidatesTokenCount": 200,
    "thoughtsTokenCount": 40,
    "totalTokenCount": 1240,
    "trafficType": "ON_DEMAND",
}


@dataclass(frozen=True)
class Reply:
    """One scripted answer. `slow` waits before it, `drip` after every byte, `cut` breaks off."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    slow: float = 0.0
    drip: float = 0.0
    cut: bool = False


def answer(body: Any, **more: Any) -> Reply:
    """A 200 with a JSON body."""
    return Reply(json.dumps(body).encode(), headers={"Content-Type": "application/json"}, **more)


def says(text: str, finish: str = "STOP", usage: Any = USAGE, **more: Any) -> Reply:
    """The model's text, and why it stopped there."""
    parts = [{"text": "Let me see.", "thought": True}, {"text": text}]
    content = {"role": "model", "parts": parts}
    return answer(_response([{"content": content, "finishReason": finish}], usage), **more)


def declines(finish: str) -> Reply:
    """A candidate without content, as the filters leave it."""
    return answer(_response([{"finishReason": finish}], USAGE))


def blocks(reason: str) -> Reply:
    """No candidate at all: the prompt itself was blocked."""
    feedback = {"promptFeedback": {"blockReason": reason}}
    return answer(feedback | {"usageMetadata": {"promptTokenCount": 1000}})


def nothing() -> Reply:
    """No candidate, and no reason given."""
    return answer(_response([], USAGE))


def refuses(status: int, name: str, retry_after: str | None = None) -> Reply:
    """An error in Google's form, naming what no caller of ours should read."""
    message = "Permission denied on resource project secret-project-77 for user@example.com"
    body = {"error": {"code": status, "status": name, "message": message}}
    headers = {"Content-Type": "application/json"}
    headers |= {} if retry_after is None else {"Retry-After": retry_after}
    return Reply(json.dumps(body).encode(), status, headers)


def date_in(seconds: float) -> str:
    """An HTTP date so far from the date that the server believes in."""
    return formatdate(SERVER_TIME + seconds, usegmt=True)


SERVER_TIME = 1_700_000_000  # wrong by years, as a server's clock may be


def _response(candidates: list[Any], usage: Any) -> dict[str, Any]:
    body = {"candidates": candidates, "modelVersion": "gemini", "responseId": "r-1"}
    return body if usage is None else body | {"usageMetadata": usage}


@dataclass(frozen=True)
class Call:
    """A request that arrived."""

    project: str
    location: str
    model: str
    headers: dict[str, str]
    raw: str
    at: float

    @property
    def body(self) -> Any:
        return json.loads(self.raw)


class VertexServer:
    """Answers with what it is told, one reply a request; then with 500."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._replies: deque[Reply] = deque()
        self._http = _Http(("127.0.0.1", 0), _Handler)
        self._http.vertex = self
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def will(self, *replies: Reply) -> None:
        self._replies.extend(replies)

    def reply(self, call: Call) -> Reply:
        self.calls.append(call)
        return self._replies.popleft() if self._replies else refuses(500, "INTERNAL")

    def close(self) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a slow reply outlives the caller that gave up on it
    request_queue_size = 128
    vertex: VertexServer

    def handle_error(self, *_: Any) -> None:
        pass  # the caller went away, as tests make it do


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
        place = PATH.fullmatch(self.path)
        if place is None:
            self._send(refuses(404, "NOT_FOUND"))
            return
        call = Call(**place.groupdict(), headers=dict(self.headers), raw=raw, at=time.monotonic())
        self._send(self.server.vertex.reply(call))

    def _send(self, reply: Reply) -> None:
        time.sleep(reply.slow)
        self.send_response_only(reply.status)
        self.send_header("Date", date_in(0))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if reply.cut:
            self.wfile.write(reply.body[: len(reply.body) // 2])
            self.close_connection = True
        elif reply.drip:
            for byte in reply.body:
                self.wfile.write(bytes([byte]))
                time.sleep(reply.drip)
        else:
            self.wfile.write(reply.body)

    def log_message(self, *_: Any) -> None:
        pass
