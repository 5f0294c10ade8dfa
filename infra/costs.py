"""What the suite costs in a month. `python -m infra.costs` prints the tables; --write puts them
into terraform/README.md, where a test holds them current.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from infra.costs_tables import ASSUMED, LOOKED_UP, PRICES, SIZES, WORK, Work
from infra.costs_usage import (
    GIB,
    MB,
    TIB,
    Usage,
    day_bytes,
    dollars,
    firings_per_day,
    number,
    scanned_bytes,
    usage,
)
from shared.runtime.catalog import Function, functions

RUNBOOK = Path(__file__).parents[1] / "terraform" / "README.md"
BEGIN, END = "<!-- costs: python -m infra.costs --write -->\n", "<!-- end of costs -->"
CAP = GIB  # max_bytes of a Query, shared/ports/warehouse.py
FIXED = ("jobs", "secrets", "images", "builds", "alerts")
MODEL_ROWS = ("input", "output")
FRONT_DOOR = ("rules", "carried", "armor", "judged")


def document() -> str:
    """The tables, as they are to stand in the runbook."""
    parts = [_prices(), _work(), _assumptions(), _months(), _fixed_table(), _scans()]
    return "\n".join(parts)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows)]
    return "\n".join(lines) + "\n"


def _prices() -> str:
    rows = [
        [
            p.item,
            f"{p.usd.normalize():f}",
            p.unit,
            _free(p.free),
            f"<{p.source}>",
            "yes" if p.verified else "**no**",
        ]
        for p in PRICES.values()
    ]
    head = ["price of", "US$", "for one", "free a month", "source", "read there"]
    said = (
        f"Prices, looked up in {LOOKED_UP} in stored copies of the pages, which may be older: check"
        " them before you decide by them. Where it says **no**, a price is known second-hand only."
    )
    return f"{said}\n\n{_table(head, rows)}"


def _free(free: Decimal) -> str:
    return "–" if not free else "10 GiB" if free < Decimal("0.1") else f"{free.normalize():,f}"


def _work() -> str:
    catalog = functions()
    head = [
        "function",
        "memory",
        "call",
        "a day",
        "seconds",
        "reads",
        "writes",
        "queries",
        "KiB out",
    ]
    rows = [
        [
            *(w.function, catalog[w.function].memory, w.call, _often(w, catalog[w.function])),
            *(str(n) for n in (w.seconds, w.reads, w.writes, w.queries, w.answer_kib)),
        ]
        for w in WORK
    ]
    said = (
        "What a project does in a day, and what one call takes. Seconds are assumed, and an"
        " instance's own, as if no two calls shared one; sharing makes it cheaper. Reads and writes"
        " of documents were counted on the embedded family for projects, imports and questions,"
        " and are assumed for the others."
    )
    return f"{said}\n\n{_table(head, rows)}"


def _often(work: Work, function: Function) -> str:
    if not function.schedule:
        return f"{work.a_day}"
    often = round(firings_per_day(function.schedule), 2).normalize()
    return f"{often:f}, for all projects together"


def _assumptions() -> str:
    rows = [[f"{a.value:,f}", a.text] for a in ASSUMED.values()]
    return f"Further assumptions.\n\n{_table(['assumed', 'what'], rows)}"


def _months() -> str:
    catalog = functions()
    costs = [dollars(usage(size, catalog)) for size in SIZES]
    paid = [dollars(usage(size, catalog), free=False) for size in SIZES]
    named = [n for n in PRICES if n not in (*FIXED, *FRONT_DOOR, *MODEL_ROWS)]
    rows = [[PRICES[n].item, *(_usd(cost[n]) for cost in costs)] for n in named]
    totals = [_sum(cost, named) for cost in costs]
    each = [total / size for total, size in zip(totals, SIZES, strict=True)]
    rows += [
        ["**together**", *(f"**{_usd(total)}**" for total in totals)],
        ["for one project", *(f"{share:.4f}" for share in each)],
        ["together, were nothing free", *(_usd(_sum(cost, named)) for cost in paid)],
        ["beside it, once a model is asked", *(_usd(_sum(cost, MODEL_ROWS)) for cost in costs)],
    ]
    head = ["US$ a month, by projects", *(f"{size:,}" for size in SIZES)]
    return f"What grows with the projects, after what is free.\n\n{_table(head, rows)}"


def _fixed_table() -> str:
    costs = [dollars(usage(size, functions())) for size in SIZES]
    rows = [[PRICES[n].item, *(_usd(cost[n]) for cost in costs)] for n in FIXED]
    rows.append(["**together**", *(f"**{_usd(_sum(cost, FIXED))}**" for cost in costs)])
    rows += [[PRICES[n].item, *(_usd(cost[n]) for cost in costs)] for n in FRONT_DOOR]
    rows.append(
        ["**with a front door**", *(f"**{_usd(_sum(c, (*FIXED, *FRONT_DOOR)))}**" for c in costs)]
    )
    head = ["US$ a month, by projects", *(f"{size:,}" for size in SIZES)]
    return f"What is paid in any case; the front door only with a `domain`.\n\n{_table(head, rows)}"


def _scans() -> str:
    """The one line that clustering decides: what a query bills, if it prunes well, or badly."""
    share, days = number("query_share"), number("query_days")
    rows = [
        _scan_row("the least there is", [number("least_mb") * MB for _ in SIZES]),
        _scan_row(
            "days are partitions, as declared (used above)",
            [scanned_bytes(day_bytes(size), days, share) for size in SIZES],
        ),
        _scan_row(
            "months were partitions",
            [scanned_bytes(day_bytes(size) * 30, days / 30 + 1, share) for size in SIZES],
        ),
    ]
    head = ["a query bills, and all of them, if", *(f"{size:,}" for size in SIZES)]
    return f"{_said_of_scans(days, share)}\n\n{_table(head, rows)}"


def _scan_row(way: str, billed: Sequence[Decimal]) -> list[str]:
    queries = number("days") * sum((w.a_day * w.queries for w in WORK), Decimal(0))
    row = [way]
    for size, each in zip(SIZES, billed, strict=True):
        cost = queries * size * each / TIB * PRICES["scanned"].usd
        row.append(f"{each / MB:,.0f} MB: {_usd(cost)}")
    return row


def _said_of_scans(days: Decimal, share: Decimal) -> str:
    most = CAP / (days * share * day_bytes(1))
    return (
        "BigQuery decides the bill of a large suite, and how well clustering leaves out other"
        " projects' blocks shows only on real data: before the free TiB, queries cost between the"
        " first two lines. BigQuery's estimate, which a cap on billed bytes goes by, counts whole"
        " partitions whatever clustering leaves out: with the cap of 1 GiB a question over"
        f" {days} days is refused from about {round(most, -3):,.0f} projects of this size in one"
        " table, so the last column is what a raised cap would cost. Before that, split the table."
    )


def _sum(cost: Usage, names: Iterable[str]) -> Decimal:
    return sum((cost[name] for name in names), Decimal(0))


def _usd(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def into(runbook: str) -> str:
    """The runbook with these tables between its marks."""
    before, _, rest = runbook.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise ValueError(f"{RUNBOOK.name} has no place for the costs: {BEGIN!r} … {END!r}")
    return f"{before}{BEGIN}\n{document()}\n{mark}{after}"


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        RUNBOOK.write_text(into(RUNBOOK.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print(document())
