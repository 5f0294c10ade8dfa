"""The OpenAPI 3.1 document: the catalog's routes and the doors' models, put together.

`make openapi` writes it to functions/openapi.json when the API changes (a test holds it current),
so that serving it loads no other function.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from shared.runtime.catalog import OPENAPI, Function, Route, functions
from shared.runtime.http.operations import Operation, Operations

VERSION = "1.0.0"
ERRORS = {
    "400": "The request cannot be read.",
    "401": "No token, or one that does not hold.",
    "403": "The role does not allow this.",
    "404": "Not there, or not to be seen by this caller.",
    "409": "It conflicts with what is there.",
    "412": "Changed in the meantime.",
    "413": "Too large.",
    "415": "A kind of body that is not taken.",
    "422": "Some input is not valid.",
    "429": "Over the rate limit.",
    "503": "Not available right now.",
    "504": "This took too long.",
}
WITH_ETAG = {
    "openapi",
    "read_project",
    "edit_project",
    "read_conventions",
    "write_conventions",
    "read_campaign_tags",
    "write_campaign_tags",
    "read_anomaly",
    "acknowledge",
    "resolve",
    "mute",
    "give_feedback",
    "read_preferences",
    "edit_preferences",
    "generate_summary",
    "read_latest_summary",
    "read_summary",
}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem details.",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "examples": ["/problems/rate-limited"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What to do."},
        "instance": {"type": "string", "description": "The request id."},
        "code": {"type": "string", "description": "Why a tagged link was refused."},
        "field": {"type": "string", "description": "The field to mend first."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}

Doors = Mapping[str, Operations]
Refs = Mapping[Any, dict[str, Any]]  # a model → where it is described


def describe(catalog: Mapping[str, Function], doors: Doors) -> dict[str, Any]:
    """The document, for these functions with these operations."""
    refs, schemas = _schemas(doors)
    paths: dict[str, dict[str, Any]] = {}
    for function in catalog.values():
        for route in function.routes:
            operation = doors[function.name][route.operation]
            described = _operation(function, route, operation, refs)
            paths.setdefault(route.path, {})[route.method.lower()] = described
    return {
        "openapi": "3.1.0",
        "servers": [{"url": "/"}],
        "info": {
            "title": "AIMS, the AI Marketing Intelligence Suite",
            "version": VERSION,
            "description": "Tells marketers what they did not know.",
        },
        "paths": paths,
        "components": {
            "schemas": {**schemas, "Problem": PROBLEM},
            "securitySchemes": {
                "idToken": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            },
            "responses": {status: _problem(text) for status, text in ERRORS.items()},
        },
    }


def _schemas(doors: Doors) -> tuple[Refs, dict[str, Any]]:
    wanted: list[tuple[type[BaseModel], Any]] = []
    for operations in doors.values():
        for operation in operations.values():
            wanted += [(operation.body, "validation")] if operation.body else []
            wanted += [(operation.answer, "serialization")] if operation.answer else []
    refs, document = models_json_schema(wanted, ref_template="#/components/schemas/{model}")
    return {model: ref for (model, _), ref in refs.items()}, document.get("$defs", {})


def _operation(
    function: Function, route: Route, operation: Operation, refs: Refs
) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": route.operation,
        "tags": [function.summary],
        "summary": route.operation.replace("_", " ").capitalize(),
        "parameters": [*_path_parameters(route), *_query_parameters(operation), *_headers(route)],
        "responses": _responses(route, operation, refs),
        "security": [] if route.role == "anyone" else [{"idToken": []}],
    }
    if route.role not in ("anyone", "caller"):
        described["description"] = f"For members with the role {route.role} or higher."
    if body := _request_body(route, operation, refs):
        described["requestBody"] = body
    return described


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": _path_schema(route, name)}
        for name in route.parameters
    ]


def _path_schema(route: Route, name: str) -> dict[str, Any]:
    signs = "[^/]" if f"{{{name}}}/" in route.path else "[^/:]"
    return {"type": "string", "pattern": f"^{signs}+$", "maxLength": 128}


def _query_parameters(operation: Operation) -> list[dict[str, Any]]:
    if operation.query is None:
        return []
    schema = operation.query.model_json_schema(mode="validation")
    required = schema.get("required", [])
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            **({"style": "form", "explode": False} if _is_list(shape) else {}),
            "schema": shape,
        }
        for name, shape in schema.get("properties", {}).items()
    ]


def _is_list(shape: Mapping[str, Any]) -> bool:
    return shape.get("type") == "array"


def _headers(route: Route) -> list[dict[str, Any]]:
    taken = {"POST": "Idempotency-Key", "PATCH": "If-Match", "PUT": "If-Match"}.get(route.method)
    if taken is None or route.role == "anyone":
        return []
    return [{"name": taken, "in": "header", "required": False, "schema": {"type": "string"}}]


def _request_body(route: Route, operation: Operation, refs: Refs) -> dict[str, Any] | None:
    if route.body == "upload":
        text = {"schema": {"type": "string"}}
        form = {"type": "object", "properties": {"file": {"type": "string"}}, "required": ["file"]}
        kinds = {"text/csv": text, "application/x-ndjson": text}
        return {"required": True, "content": {**kinds, "multipart/form-data": {"schema": form}}}
    if route.body == "ignored":
        form = {"type": "object", "properties": {"List-Unsubscribe": {"const": "One-Click"}}}
        return {"content": {"application/x-www-form-urlencoded": {"schema": form}}}
    if operation.body is None:
        return None
    return {"required": True, "content": {"application/json": {"schema": refs[operation.body]}}}


def _responses(route: Route, operation: Operation, refs: Refs) -> dict[str, Any]:
    success: dict[str, Any] = {"description": "Done.", "headers": _answered_headers(route)}
    if operation.answer is not None:
        success["content"] = {"application/json": {"schema": refs[operation.answer]}}
        for media_type in operation.also:
            success["content"][media_type] = {"schema": {"type": "string"}}
    elif operation.also:
        text = {"schema": {"type": "string"}}
        success["content"] = dict.fromkeys(operation.also, text)
    elif operation.status != 204:
        success["content"] = {"application/json": {"schema": {"type": "object"}}}
    possible = [s for s in ERRORS if route.role != "anyone" or s not in ("401", "403", "429")]
    problems = {status: {"$ref": f"#/components/responses/{status}"} for status in possible}
    return {str(operation.status): success, **problems}


def _answered_headers(route: Route) -> dict[str, Any]:
    names = ["X-Request-Id"]
    if route.limit:
        names += ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "RateLimit-Policy"]
    if route.method == "POST":
        names.append("Idempotent-Replayed")
    if route.operation in WITH_ETAG:
        names.append("ETag")
    return {name: {"schema": {"type": "string"}} for name in names}


def _problem(text: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": text, "content": {"application/problem+json": {"schema": schema}}}


def document() -> str:
    """The OpenAPI document of every function, as it is to stand in the file."""
    catalog = functions()
    doors = {
        name: getattr(importlib.import_module(f"functions.{name}"), name).operations
        for name, function in catalog.items()
        if function.routes
    }
    return json.dumps(describe(catalog, doors), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    OPENAPI.write_text(document(), encoding="utf-8")
