"""Many links at once: a CSV in, the same CSV out with a link or an error on every line."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from typing import IO

from shared.domain.access import Access
from shared.domain.requests import Upload
from shared.domain.suite import Suite
from shared.domain.utm.build import Link, build
from shared.domain.utm.conventions import Rules
from shared.domain.utm.links import link_id, store
from shared.domain.utm.models import BatchQuery
from shared.domain.utm.refusal import Refused
from shared.domain.utm.table import Line, Table
from shared.domain.utm.team import rules_for

ADDED = ("line", "link_id", "tagged_url", "channel_group", "warnings", "code", "field", "error")
_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
_RISKY = _FORMULA | {" "}


def build_batch(suite: Suite, access: Access, upload: Upload, query: BatchQuery) -> str:
    """The file with its links, which are stored. Raises what `Table` raises.

    A line that makes no link says why; the others are built all the same.
    """
    rules = rules_for(suite, access, query.conventions)
    links: list[Link] = []
    answer = tag_file(upload.file, rules, links.append)
    store(suite, access, links)
    return answer


def tag_file(file: IO[bytes], rules: Rules, built: Callable[[Link], object]) -> str:
    """RFC 4180 text: the file's own columns, then those of ADDED; `built` is told of each link.

    A file that ends in exactly those columns is an answer of ours, and they are written anew.
    A cell that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    table = Table(file)
    try:
        answered = tuple(table.header[-len(ADDED) :]) == ADDED
        kept = len(table.header) - (len(ADDED) if answered else 0)
        out = io.StringIO()
        lines = csv.writer(out)
        lines.writerow([*map(_inert, table.header[:kept]), *ADDED])
        for line in table.lines():
            own = map(_inert, line.cells[:kept])
            lines.writerow([*own, *_result(table, line, rules, built)])
        return out.getvalue()
    finally:
        table.close()


def _result(
    table: Table, line: Line, rules: Rules, built: Callable[[Link], object]
) -> Sequence[str | int]:
    if len(line.cells) > len(table.header):
        wrong = f"The line has {len(line.cells)} cells and the header {len(table.header)}."
        return (line.number, "", "", "", "", "invalid_line", "", wrong)
    cells = line.cells
    given = {field: cells[n] for field, n in table.fields if cells[n]}
    try:
        link = build(cells[table.url], given, rules)
    except Refused as refused:
        flaw = refused.flaws[0]
        error = _inert(" ".join(f.message for f in refused.flaws))
        return (line.number, "", "", "", "", flaw.code, flaw.field, error)
    built(link)
    warnings = " ".join(notice.code for notice in link.warnings)
    return (line.number, link_id(link.url), link.url, link.channel_group, warnings, "", "", "")


def _inert(cell: str) -> str:
    if cell[:1] not in _RISKY or cell.lstrip(" ")[:1] not in _FORMULA:
        return cell
    return f"'{cell}"
