"""Every function behind one port: what Cloud Run, its load balancer and Pub/Sub push do together.

Each function is its own functions-framework app, loaded from main.py as in production; the gateway
only picks the one that the catalog names for a path, and delivers the bus to /events/<function>.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import functions_framework

from shared.runtime.catalog import functions

MAIN = Path(__file__).parents[2] / "main.py"
FALLBACK = "platform"  # answers 404 for a path that is nobody's

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Gateway:
    """A WSGI app that hands each request to the function whose path it is."""

    def __init__(self) -> None:
        self._apps: dict[str, Wsgi] = {
            name: functions_framework.create_app(name, str(MAIN)) for name in functions()
        }

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer one request."""
        return self._apps[owner(environ["PATH_INFO"])](environ, start_response)


@cache
def _paths() -> list[tuple[re.Pattern[str], str]]:
    catalog = functions().values()
    routes = [(route.pattern, f.name) for f in catalog for route in f.routes]
    return routes + [(re.compile(f"/events/{f.name}"), f.name) for f in catalog if f.topic]


def owner(path: str) -> str:
    """The function that answers a path."""
    return next((name for pattern, name in _paths() if pattern.fullmatch(path)), FALLBACK)


def subscriptions(port: int) -> list[tuple[str, str, str]]:
    """Topic, name and push endpoint of every event function."""
    return [
        (function.topic, function.name, f"http://127.0.0.1:{port}/events/{function.name}")
        for function in functions().values()
        if function.topic
    ]


PUSH_TOKEN_LIVES = timedelta(minutes=10)
