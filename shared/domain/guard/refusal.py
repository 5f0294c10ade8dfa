"""How the guard says no: one error, a stable reason code and the place in the person's text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlglot import exp

from shared.errors import Invalid

Reason = Literal[
    "too-long",
    "bad-character",
    "syntax",
    "too-deep",
    "too-complex",
    "not-a-select",
    "many-statements",
    "not-allowed",
    "parameter",
    "system-variable",
    "bad-name",
    "taken-name",
    "unknown-table",
    "unknown-column",
    "hidden-column",
    "ambiguous-column",
    "repeated-column",
    "whole-row",
    "function",
    "argument",
    "literal",
    "join-condition",
    "too-many-rows",
    "text-growth",
    "unproven",
]
"""Why a statement is refused. The codes are part of the HTTP contract: add, never rename."""


class UnsafeSql(Invalid):
    """SQL that the guard does not let through.

    `extra` holds `reason`, one of `Reason`, and `position`, the 1-based line and column or None.
    """

    slug, title = "unsafe-sql", "This SQL cannot be run"


@dataclass(frozen=True, slots=True)
class Source:
    """The SQL as the person wrote it; every refusal points into it."""

    text: str

    def refuse(self, reason: Reason, detail: str, at: exp.Expr | int | None = None) -> UnsafeSql:
        """The error to raise. `at` is an offset into the text or a node parsed from it."""
        offset = at if isinstance(at, int) or at is None else _offset(at)
        position = None if offset is None else self._position(offset)
        return UnsafeSql(detail, extra={"reason": reason, "position": position})

    def _position(self, offset: int) -> dict[str, int]:
        before = self.text[:offset]
        return {"line": before.count("\n") + 1, "column": offset - before.rfind("\n")}


def _offset(node: exp.Expr | None) -> int | None:
    """Where the node begins, or what is in it, or what it is in."""
    while node is not None:
        found = [n.meta["start"] for n in node.walk() if "start" in n.meta]
        if found:
            return int(node.meta.get("start", min(found)))
        node = node.parent
    return None
