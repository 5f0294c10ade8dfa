"""A row of a bench's table."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]


def table_row(what: str, ours: str, baseline: str = "", ratio: str = "", **more: Any) -> Row:
    """`target` and whether it is `met`, where there is one."""
    met = more.get("met")
    return {
        "what": what,
        "ours": ours,
        "baseline": baseline,
        "ratio": ratio,
        "target": more.get("target", "–"),
        "met": "" if met is None else "yes" if met else "NO",
    }
