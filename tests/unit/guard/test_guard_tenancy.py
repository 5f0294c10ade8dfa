"""No query that the guard lets through can tell a world with other tenants' rows from one without.

Queries are drawn from a grammar of tables, aliases, WITH parts, joins, set operations, subqueries,
windows, stars and groups, with hostile predicates and names among them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.domain.guard import UnsafeSql

Draw = Any
Columns = dict[str, str]  # name → kind: number, text or day

DAILY: Columns = {
    "date": "day",
    "channel": "text",
    "campaign_id": "text",
    "campaign": "text",
    "spend": "number",
    "impressions": "number",
    "clicks": "number",
    "conversions": "number",
    "revenue": "number",
}
CAMPAIGN: Columns = {
    "campaign_id": "text",
    "name": "text",
    "objective": "text",
    "budget": "number",
    "start_date": "day",
    "end_date": "day",
}
TABLES = {
    "channel_daily": DAILY,
    "marketing.channel_daily": DAILY,
    "`marketing.channel_daily`": DAILY,
    "campaigns": CAMPAIGN,
    "Marketing.Campaigns": CAMPAIGN,
}
# Each would tell about, or read, rows that are not the tenant's, if anything could.
HOSTILE = (
    "project_id = 'other'",
    "project_id = 'other' OR TRUE",
    "{a}.project_id IS NOT NULL",
    "TRUE OR 1 = 1",
    "NOT (1 = 0)",
    "{n} * 900000000 * 900000000 > 0",
    "1 / ({n} - 10) > 0",
    "CAST({t} AS INT64) > 0",
    "SQRT(1000 - {n}) >= 0",
    "LN(1000000 - {n}) > 0",
    "{t} LIKE '%only%' OR {t} LIKE 'secret%'",
    "DATE_ADD({d}, INTERVAL 100 YEAR) > '2025-01-01'",
    "{d} > '2020-01-01' OR {d} IS NULL",
    "EXTRACT(YEAR FROM {d}) * 4000000000000000 > 0",
    "EXISTS (SELECT 1 FROM channel_daily)",
    "(SELECT COUNT(*) FROM marketing.channel_daily) > 50",
    "{n} > (SELECT MAX(z.budget) FROM campaigns AS z)",
    "{t} IN (SELECT z.campaign FROM channel_daily AS z)",
    "EXISTS (SELECT 1 FROM channel_daily AS z WHERE z.project_id = 'other')",
    "EXISTS (SELECT 1 FROM campaigns AS z WHERE z.name = {t} OR z.project_id = 'other')",
)


@dataclass(frozen=True)
class Item:
    """Something to read from, under its alias."""

    sql: str
    alias: str
    columns: Columns

    def named(self, kind: str) -> list[str]:
        return [f"{self.alias}.{name}" for name, of in self.columns.items() if of == kind]


def pick(draw: Draw, options: Any) -> Any:
    return draw(st.sampled_from(list(options)))


def chance(draw: Draw, percent: int) -> bool:
    return bool(draw(st.integers(0, 99)) >= 100 - percent)  # small numbers are drawn more often


def value(draw: Draw, items: list[Item], kind: str, depth: int = 2) -> str:
    """An expression of a kind over the columns of some items."""
    columns = [name for item in items for name in item.named(kind)]
    if columns and (depth == 0 or chance(draw, 60)):
        return str(pick(draw, columns))
    if not columns or depth == 0:
        return {"number": "7", "text": "'meta'", "day": "DATE '2025-01-05'"}[kind]
    x, y = (value(draw, items, kind, depth - 1) for _ in "xy")
    forms = {
        "number": (f"{x} + {y}", f"{x} / {y}", f"IF({x} > {y}, {x}, 0)", f"COALESCE({x}, 1)"),
        "text": (f"LOWER({x})", f"CONCAT({x}, '-', {y})", f"SUBSTR({x}, 1, 4)", f"IFNULL({x}, '')"),
        "day": (
            f"DATE_TRUNC({x}, WEEK(MONDAY))",
            f"DATE_SUB({x}, INTERVAL 3 DAY)",
            f"LAST_DAY({x})",
        ),
    }
    return f"({pick(draw, forms[kind])})"


def predicate(draw: Draw, items: list[Item]) -> str:
    if chance(draw, 30):
        names = {k: value(draw, items, kind, 0) for k, kind in zip("ntd", KINDS, strict=True)}
        return str(pick(draw, HOSTILE)).format(a=pick(draw, items).alias, **names)
    kind = pick(draw, KINDS)
    x, y = value(draw, items, kind), value(draw, items, kind)
    return str(pick(draw, (f"{x} = {y}", f"{x} <= {y}", f"{x} IS NOT NULL", f"NOT {x} < {y}")))


KINDS = ("number", "text", "day")


def item(draw: Draw, alias: str, parts: dict[str, Columns], depth: int) -> Item:
    sources = {**TABLES, **parts, **parts}
    if depth and chance(draw, 25):
        inner, columns = query(draw, parts, depth - 1)
        return Item(f"({inner}) AS {alias}", alias, columns)
    if chance(draw, 3):
        sources = {"other.channel_daily": DAILY, "`p.marketing.channel_daily`": DAILY}
    name = pick(draw, sources)
    return Item(f"{name} AS {alias}", alias, sources[name])


def joined(draw: Draw, left: Item, right: Item) -> str:
    kind = pick(draw, ("JOIN", "LEFT JOIN", "FULL JOIN", "RIGHT JOIN"))
    if chance(draw, 5):
        return f" {pick(draw, ('CROSS JOIN', ','))} {right.sql}"
    pairs = [(a, b) for k in ("text", "day") for a in left.named(k) for b in right.named(k)] or [
        ("1", "1")
    ]
    same = [(a, b) for a, b in pairs if a.split(".")[1:] == b.split(".")[1:]] or pairs
    a, b = pick(draw, same)
    more = f" AND {predicate(draw, [left, right])}" if chance(draw, 30) else ""
    return f" {kind} {right.sql} ON {a} = {b}{more}"


def source(draw: Draw, parts: dict[str, Columns], depth: int) -> tuple[str, list[Item]]:
    items = [item(draw, "a", parts, depth)]
    sql = items[0].sql
    if chance(draw, 40):
        items.append(item(draw, "b", parts, depth))
        sql += joined(draw, *items)
    return sql, items


def correlated(draw: Draw, items: list[Item]) -> str:
    """A scalar subquery tied to the query around it."""
    outer = [name for it in items for name in it.named("text")]
    if not outer:
        return "(SELECT MAX(z.spend) FROM channel_daily AS z)"
    test = f"z.campaign_id = {pick(draw, outer)}"
    return f"(SELECT SUM(z.spend) FROM channel_daily AS z WHERE {test})"


def plain(draw: Draw, items: list[Item]) -> tuple[list[str], Columns, str]:
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=3))
    columns = [f"{value(draw, items, kind)} AS c{n}" for n, kind in enumerate(kinds)]
    names = {f"c{n}": kind for n, kind in enumerate(kinds)}
    if chance(draw, 20):
        columns.append(f"{correlated(draw, items)} AS s")
        names["s"] = "number"
    if chance(draw, 20):
        over = f"PARTITION BY {value(draw, items, 'text', 0)}"
        columns.append(f"SUM({value(draw, items, 'number', 0)}) OVER ({over}) AS w")
        names["w"] = "number"
    return columns, names, ""


def grouped(draw: Draw, items: list[Item]) -> tuple[list[str], Columns, str]:
    key = pick(draw, ("text", "day"))
    name = pick(draw, ("SUM", "MIN", "MAX", "COUNT", "COUNT(DISTINCT", "AVG"))
    inner = f"{name}{' ' if '(' in name else '('}{value(draw, items, 'number', 1)})"
    columns = [f"{value(draw, items, key, 1)} AS k", f"{inner} AS v"]
    having = " HAVING COUNT(*) > 0" if chance(draw, 30) else ""
    return columns, {"k": key, "v": "number"}, f" GROUP BY k{having}"


def star(draw: Draw, items: list[Item]) -> tuple[list[str], Columns, str]:
    one = items[0]
    left_out = pick(draw, [*one.columns, "project_id"]) if chance(draw, 30) else ""
    columns = {name: kind for name, kind in one.columns.items() if name != left_out}
    return [f"{one.alias}.*{f' EXCEPT ({left_out})' if left_out else ''}"], columns, ""


def select(draw: Draw, parts: dict[str, Columns], depth: int) -> tuple[str, Columns]:
    sql, items = source(draw, parts, depth)
    columns, names, tail = pick(draw, (plain, plain, grouped, star))(draw, items)
    tests = [predicate(draw, items) for _ in range(draw(st.integers(0, 2)))]
    where = f" WHERE {' AND '.join(tests)}" if tests else ""
    return f"SELECT {', '.join(columns)} FROM {sql}{where}{tail}", names


def query(draw: Draw, parts: dict[str, Columns], depth: int) -> tuple[str, Columns]:
    sql, columns = select(draw, parts, depth)
    if depth and chance(draw, 15):
        word = pick(draw, ("UNION ALL", "UNION DISTINCT", "EXCEPT DISTINCT", "INTERSECT DISTINCT"))
        other = f"SELECT {', '.join(columns)} FROM ({select(draw, parts, 0)[0]}) AS o"
        return f"{sql} {word} {other if chance(draw, 30) else sql}", columns
    if chance(draw, 20):
        order = ", ".join(str(n + 1) for n in range(len(columns)))
        return f"{sql} ORDER BY {order} LIMIT {draw(st.integers(1, 9))}", columns
    return sql, columns


@st.composite
def statements(draw: Draw) -> str:
    parts: dict[str, Columns] = {}
    texts = []
    for name in ("p", "q")[: draw(st.integers(0, 2))]:
        if chance(draw, 4):
            name = "campaigns"
        sql, columns = query(draw, dict(parts), 1)
        parts[name] = columns
        texts.append(f"{name} AS ({sql})")
    sql, _ = query(draw, parts, 2)
    return f"WITH {', '.join(texts)} {sql}" if texts else sql


def test_an_accepted_query_answers_as_if_there_were_no_other_tenants(worlds: Any) -> None:
    seen: Counter[str] = Counter()

    @settings(
        max_examples=360,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(statements())
    def check(sql: str) -> None:
        try:
            alone, crowded = worlds.both(sql)
        except UnsafeSql as wrong:
            seen[wrong.extra["reason"]] += 1
            return
        assert alone == crowded
        seen["accepted"] += 1
        seen["answered with rows"] += isinstance(alone, Counter) and bool(alone)
        seen["failed to run"] += isinstance(alone, str)
        if isinstance(alone, str):
            print(alone, "|", sql)

    check()
    assert seen["accepted"] >= 150
    assert seen["answered with rows"] >= 100
    assert seen["hidden-column"] >= 20
