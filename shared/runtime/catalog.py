"""Reads functions/catalog.yaml, the one table of functions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DOORS = Path(__file__).parents[2] / "functions"
CATALOG = DOORS / "catalog.yaml"
OPENAPI = DOORS / "openapi.json"

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ROLES = ("anyone", "caller", "viewer", "editor", "owner")
BODIES = ("json", "upload", "ignored")
LIMITS = ("ai",)
USES = ("documents", "warehouse", "warehouse-write", "model", "mail", "webhooks", "secrets")

_PARAMETER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Route:
    """One method and path of an HTTP function."""

    method: str
    path: str
    operation: str
    role: str
    body: str = "json"
    limit: str | None = None
    most_mib: int = 64  # of an upload

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names between braces, in order."""
        return tuple(_PARAMETER.findall(self.path))

    @property
    def pattern(self) -> re.Pattern[str]:
        """What a request's path must match.

        A parameter holds no `/`, and no `:` where a verb may follow: at the end of the path.
        """
        literal = re.split(r"\{[a-z_]+\}", self.path)
        parts = [re.escape(literal[0])]
        for name, text in zip(self.parameters, literal[1:], strict=True):
            signs = "[^/]" if text.startswith("/") else "[^/:]"
            parts += [f"(?P<{name}>{signs}{{1,128}})", re.escape(text)]
        return re.compile("".join(parts))


@dataclass(frozen=True, slots=True)
class Function:
    """One deployed function: called by `routes`, or by messages of `topic`.

    With a `schedule` (five cron fields, UTC) the clock publishes to the topic. `uses` and
    `publishes` are what its account may do.
    """

    name: str
    summary: str
    memory: str
    timeout: int
    concurrency: int
    invoker: str
    routes: tuple[Route, ...] = ()
    topic: str | None = None
    schedule: str | None = None
    uses: tuple[str, ...] = ()
    publishes: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        """Its name where Google Cloud takes no underscore."""
        return self.name.replace("_", "-")


def _route(row: Mapping[str, Any]) -> Route:
    method, _, path = row["call"].partition(" ")
    rest = {key: value for key, value in row.items() if key != "call"}
    route = Route(method=method, path=path, **rest)
    known = (
        route.method in METHODS
        and route.role in ROLES
        and route.body in BODIES
        and route.limit in (None, *LIMITS)
    )
    if not known:
        raise ValueError(f"catalog: {row['call']} has a value that is not among the known ones")
    return route


def _function(name: str, row: Mapping[str, Any]) -> Function:
    routes = tuple(_route(r) for r in row.get("routes", ()))
    if bool(routes) == ("topic" in row):
        raise ValueError(f"catalog: {name} has either routes or a topic")
    lists = {key: tuple(row.get(key, ())) for key in ("uses", "publishes")}
    if not set(lists["uses"]) <= set(USES) or ("schedule" in row and "topic" not in row):
        raise ValueError(f"catalog: {name} uses an unknown port, or has a schedule without a topic")
    return Function(name=name, **{**row, **lists, "routes": routes})


@cache
def functions() -> Mapping[str, Function]:
    """Every function by name. Raises ValueError if the table is not well formed."""
    with CATALOG.open(encoding="utf-8") as text:
        rows = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    return {name: _function(name, row) for name, row in rows.items()}
