"""The HTTP edge: what every request passes through on its way to an operation and back.

identity → membership → idempotency → rate limit → input → operation → answer; errors become
problem documents, and every answer carries its request id. Operations see typed input only.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from secrets import token_hex
from time import perf_counter
from typing import Any

from flask import Request, Response
from pydantic import BaseModel, ValidationError

from shared.domain.access import Caller, enter
from shared.domain.requests import Nothing, Upload
from shared.errors import AimsError, Malformed, NotFound
from shared.runtime import log
from shared.runtime.app import App, app
from shared.runtime.catalog import Route, functions
from shared.runtime.http import bodies, cors, idempotency, limits, problems
from shared.runtime.http.operations import Call, Operation, Operations, Reply

# What no stored thing is called: `.`, `..`, `__x__` and what holds control characters.
_ADDRESSABLE = re.compile(r"(?!\.{1,2}$|__.*__$)[^\x00-\x1f\x7f]+")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


def http_function(name: str, operations: Operations) -> Callable[[Request], Response]:
    """The entry point of a catalog row: answers its routes with the door's operations.

    Raises LookupError unless the operations are exactly those that the catalog names.
    """
    function = functions()[name]
    if {r.operation for r in function.routes} != set(operations):
        raise LookupError(f"{name}: the door and the catalog name different operations")
    table = [(r.pattern, r, operations[r.operation]) for r in function.routes]
    most = timedelta(seconds=function.timeout)

    def entry(request: Request) -> Response:
        return Exchange(app(), request, table, most).run()

    entry.operations = operations  # type: ignore[attr-defined]
    # What a door has loaded lives as long as its process. Looked through at every full garbage
    # collection it costs a question's parsers up to ten milliseconds.
    gc.freeze()
    return entry


class Exchange:
    """One request and the making of its answer."""

    def __init__(
        self,
        app: App,
        request: Request,
        table: list[tuple[re.Pattern[str], Route, Operation]],
        takes: timedelta,
    ) -> None:
        self.app = app
        self.takes = takes
        self.request = request
        self.table = table
        self.extra_headers: dict[str, str] = {}
        self.route: Route | None = None
        self.caller: Caller | None = None
        given = request.headers.get("X-Request-Id", "")
        self.request_id = given if _REQUEST_ID.fullmatch(given) else token_hex(16)

    def run(self) -> Response:
        """The answer, whatever happens."""
        started = perf_counter()
        try:
            answer = self._answer()
        except AimsError as error:
            answer = problems.response(error, self.request_id)
        except Exception as bug:  # noqa: BLE001 (the edge: nothing may leave it as a stack trace)
            log.bug(bug, request_id=self.request_id)
            answer = problems.response(
                AimsError(f"The fault is recorded under {self.request_id}."), self.request_id
            )
        bodies.finish(self.request)
        for header, value in self.extra_headers.items():
            answer.headers[header] = value
        answer.headers["X-Request-Id"] = self.request_id
        answer.headers["X-Content-Type-Options"] = "nosniff"
        cors.open_to(self.request, answer, self.app.settings.cors_origins)
        self._log(answer, perf_counter() - started)
        return answer

    def _answer(self) -> Response:
        allowed = []
        for pattern, route, operation in self.table:
            found = pattern.fullmatch(self.request.path)
            if found and all(map(_ADDRESSABLE.fullmatch, found.groups())):
                if route.method == self.request.method or (
                    self.request.method == "HEAD" and route.method == "GET"
                ):
                    self.route = route
                    return self._perform(operation, found.groupdict())
                allowed += ["GET", "HEAD"] if route.method == "GET" else [route.method]
        if not allowed:
            raise NotFound("There is nothing at this path.")
        if self.request.method == "OPTIONS":
            return cors.preflight(allowed)
        self.extra_headers["Allow"] = ", ".join([*allowed, "OPTIONS"])
        raise problems.MethodNotAllowed(f"This path takes {', '.join(allowed)}.")

    def _perform(self, operation: Operation, path: Mapping[str, str]) -> Response:
        route = self._route()
        entered = None
        if route.role != "anyone":
            self.caller = self.app.identify(self.request)
            entered = self._enter(path["project"]) if route.role != "caller" else None
        call = Call(
            request_id=self.request_id,
            path=path,
            if_match=_version(self.request.headers.get("If-Match", "*")),
            accept=self.request.headers.get("Accept", ""),
            signed_in=self.caller,
            entered=entered,
        )
        body = self._read_body()
        try:
            key = self.request.headers.get("Idempotency-Key")
            if key is None or route.method != "POST" or self.caller is None:
                return self._operate(operation, call, body)
            return self._operate_once(key, operation, call, body)
        finally:
            if isinstance(body, Upload):
                body.file.close()

    def _operate_once(
        self, key: str, operation: Operation, call: Call, body: bodies.JsonBody | Upload
    ) -> Response:
        fingerprint = f"POST {self.request.full_path} {body.digest}"
        suite = self.app.suite
        once = idempotency.once(suite.documents, call.caller, key, fingerprint, self.takes)
        if kept := once.begin(suite.clock.now()):
            return kept
        try:
            answer = self._operate(operation, call, body)
        except BaseException:
            once.give_back()
            raise
        once.keep(answer, suite.clock.now())
        return answer

    def _operate(
        self, operation: Operation, call: Call, body: bodies.JsonBody | Upload
    ) -> Response:
        read = _validated(operation.body, body)
        call = replace(call, query=self._query(operation), body=read)
        self._count()  # what cannot be read is not counted
        return self._render(operation, operation.run(self.app.suite, call))

    def _enter(self, project_id: str) -> Any:
        role: Any = self._route().role
        return enter(self.app.suite.documents, self._caller(), project_id, role)

    def _read_body(self) -> bodies.JsonBody | Upload:
        route = self._route()
        if route.body == "upload":
            return bodies.read_upload(self.request, route.most_mib << 20)
        if route.body == "ignored":
            return bodies.read_past(self.request)
        return bodies.read_json(self.request)

    def _count(self) -> None:
        kind = self._route().limit
        if kind is None:
            return
        suite, most = self.app.suite, self.app.settings.ai_operations_per_hour
        allowance = limits.count(suite.documents, suite.clock, self._caller(), kind, most)
        self.extra_headers.update(allowance.headers)
        allowance.require()

    def _query(self, operation: Operation) -> BaseModel:
        given = self.request.args
        if any(len(values) > 1 for values in given.listvalues()):
            raise Malformed("A query parameter is given twice; separate several values by commas.")
        try:
            return (operation.query or Nothing).model_validate(given.to_dict())
        except ValidationError as wrong:
            raise problems.of_validation(wrong, "query parameters") from wrong

    def _render(self, operation: Operation, result: BaseModel | Reply | None) -> Response:
        reply = result if isinstance(result, Reply) else Reply(result, status=operation.status)
        content = reply.content
        if isinstance(content, BaseModel):
            content = content.model_dump_json().encode()
        answer = Response(
            content, status=204 if content is None else reply.status, content_type=reply.media_type
        )
        for header, value in reply.headers.items():
            answer.headers[header] = value
        if reply.version is not None:
            answer.set_etag(reply.version)
            answer.headers.setdefault("Cache-Control", "private, no-cache")
            if "If-None-Match" in self.request.headers and self._route().method == "GET":
                answer.make_conditional(self.request)
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer

    def _route(self) -> Route:
        if self.route is None:
            raise LookupError("no route was matched")
        return self.route

    def _caller(self) -> Caller:
        if self.caller is None:
            raise LookupError("the catalog has no such route: it needs a signed-in caller")
        return self.caller

    def _log(self, answer: Response, seconds: float) -> None:
        log.request(
            self.request.headers,
            request_id=self.request_id,
            operation=self.route.operation if self.route else None,
            status=answer.status_code,
            latency_ms=round(seconds * 1000, 2),
            caller=log.tag(self.caller.uid) if self.caller else None,
        )


def _version(if_match: str) -> str | None:
    """The version an If-Match names; None for `*`, which any version matches."""
    return None if if_match.strip() == "*" else if_match.strip().removeprefix("W/").strip('"')


def _validated(model: type[BaseModel] | None, body: bodies.JsonBody | Upload) -> Any:
    if isinstance(body, Upload):
        return body
    if model is None:
        return None
    try:
        return model.model_validate_json(body.content or b"{}")
    except ValidationError as wrong:
        raise problems.of_validation(wrong, "body") from wrong
