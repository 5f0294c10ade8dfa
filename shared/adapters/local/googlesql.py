"""GoogleSQL as DuckDB speaks it.

sqlglot resolves and types a query against shared/schema, the rules in `googlesql_rules` put right
what the two engines understand differently, sqlglot writes the rest. Only SELECT over the tables
of shared/schema passes: DuckDB's own tables, file readers and functions are not GoogleSQL.

Known differences: LN, LOG and SQRT outside their domain give NULL where BigQuery raises an error;
a NUMERIC quotient is exact to 15 significant digits; CURRENT_DATE is the machine's.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, ParseError, SqlglotError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.pushdown_projections import pushdown_projections
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import traverse_scope
from sqlglot.schema import MappingSchema

from shared.adapters.local.googlesql_dates import TIMESTAMP
from shared.adapters.local.googlesql_rules import NUMERIC, rewrite
from shared.errors import Invalid

STORE = "store"
DATASET = "marketing"

_SCHEMA = Path(__file__).parents[2] / "schema"
_MAX_CHARS = 100_000
_MAX_SELECTS = 200
_MAX_NODES = 10_000  # after aliases and stars are written out
_PRUNED_BY = {"project_id", "date"}  # cluster and partition columns of shared/schema
_STORED_BYTES = {"STRING": 32, "NUMERIC": 16}  # others 8; a string is 2 + its UTF-8 bytes
_FUNCTIONS = {"IEEE_DIVIDE"}  # GoogleSQL functions that sqlglot has no node for


@dataclass(frozen=True, slots=True)
class Statement:
    """A translated query: `columns` names its result, `params` what it must be given.

    `cost` is a query of the bytes the statement would read at most, `cost_params` its parameters:
    the rows of every table in the asked projects and days, times the width of the columns used.
    """

    sql: str
    params: frozenset[str]
    columns: tuple[str, ...]
    cost: str
    cost_params: frozenset[str]


@lru_cache(maxsize=256)
def to_duckdb(sql: str) -> Statement:
    """Translate one GoogleSQL SELECT. Raises Invalid, naming what is wrong and where."""
    if len(sql) > _MAX_CHARS:
        raise Invalid(f"The SQL is longer than {_MAX_CHARS:,} characters. Shorten it.")
    try:
        return _translate(sql)
    except ParseError as error:
        raise Invalid(_position(error)) from None
    except SqlglotError as error:
        reason = str(error).splitlines()[0]
        raise Invalid(f"This SQL cannot be run: {reason}") from None
    except RecursionError:
        raise Invalid("The SQL is nested too deeply. Flatten it.") from None


def table_definitions() -> list[str]:
    """DuckDB statements that make the tables of shared/schema in the attached store."""
    schema = f"CREATE SCHEMA IF NOT EXISTS {STORE}.{DATASET}"
    return [schema, *(_definition(create).sql("duckdb") for create in _creates())]


def _translate(sql: str) -> Statement:
    parsed = _parse(sql)
    _limit(parsed)
    names = _name_columns(parsed)
    for table in parsed.find_all(exp.Table):
        if table.catalog and table.db.lower() == DATASET:
            table.set("catalog", None)  # `some-gcp-project.marketing.channel_daily`
    tree: exp.Expr = qualify(
        parsed,
        dialect="bigquery",
        catalog=STORE,
        db=DATASET,
        schema=_schema(),
    )
    _check(tree)
    cost = rewrite(_cost(tree.copy()))
    tree = rewrite(annotate_types(tree, schema=_schema(), dialect="bigquery"))
    columns = tuple(names.get(name.lower(), name) for name in parsed.named_selects)
    params, cost_params = _params(tree), _params(cost)
    return Statement(  # writing is the last that is done with the trees, so it needs no copies
        sql=tree.sql("duckdb", unsupported_level=ErrorLevel.RAISE, copy=False),
        params=params,
        columns=columns,
        cost=cost.sql("duckdb", copy=False),
        cost_params=cost_params,
    )


def _parse(sql: str) -> exp.Query:
    statements = [tree for tree in sqlglot.parse(sql, read="bigquery") if tree is not None]
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise Invalid("Write exactly one SELECT statement.")
    return statements[0]


def _limit(tree: exp.Query) -> None:
    """Refuse what would explode when aliases and stars are written out, before it does."""
    nodes, columns = 0, 16
    for count, select in enumerate(tree.find_all(exp.Select), start=1):
        nodes += _written_out(select)
        stars = sum(column.is_star for column in select.selects)
        columns *= max(1, stars * (1 + len(select.args.get("joins") or ())))
        if count > _MAX_SELECTS or max(nodes, columns) > _MAX_NODES:
            raise Invalid("The SQL is too complex. Use fewer parts, joins, stars and aliases.")


def _written_out(select: exp.Select) -> int:
    """The nodes of a SELECT once every alias in it is replaced by what it stands for."""
    sizes: dict[str, int] = {}
    clauses = (select.args.get(name) for name in ("where", "group", "having", "qualify", "order"))
    for part in (*select.selects, *filter(None, clauses)):
        aliases = (sizes.get(n.name.lower(), 1) for n in part.find_all(exp.Column))
        size = sum(aliases) + sum(1 for _ in part.walk())
        sizes[part.alias.lower()] = size + sizes.get(part.alias.lower(), 0)
    return sum(sizes.values())


def _name_columns(tree: exp.Query) -> dict[str, str]:
    """Name unnamed result columns as BigQuery does (f0_, f1_ …); the names as they were written."""
    unnamed = 0
    for column in tree.selects:
        if not isinstance(column, exp.Alias | exp.Column | exp.Dot | exp.Star):
            column.replace(exp.alias_(column.copy(), f"f{unnamed}_"))
            unnamed += 1
    return {name.lower(): name for name in tree.named_selects}


def _check(tree: exp.Expr) -> None:
    known = _types()
    for table in tree.find_all(exp.Table):
        if not isinstance(table.this, exp.Identifier) or (table.db and table.name not in known):
            name = table.name or table.this.sql("bigquery")
            raise Invalid(f"Table not found: {name}. Known: {', '.join(sorted(known))}.")
    for function in tree.find_all(exp.Anonymous, exp.AnonymousAggFunc):
        if function.name.upper() not in _FUNCTIONS:
            raise Invalid(f"Function not found: {function.name}.")


def _cost(tree: exp.Expr) -> exp.Expr:
    """A query of the sum, over all table reads, of rows × width."""
    total: exp.Expr = exp.Literal.number(0)
    with suppress(SqlglotError):  # a star that cannot be written out: count all it can mean
        tree = pushdown_projections(tree)
    for scope in traverse_scope(tree):
        predicates = _conjuncts(scope.expression.args.get("where"))
        for alias, (_, source) in scope.selected_sources.items():
            if isinstance(source, exp.Table):
                bounds = [p.copy() for p in predicates if _prunes(p, alias)]
                rows = exp.select("COUNT(*)").from_(source.copy()).where(*bounds)
                used = {column.name for column in scope.columns if column.table == alias}
                width = exp.Literal.number(_width(source.name, used))
                read = exp.Mul(this=rows.subquery(), expression=width)
                total = exp.Add(this=total, expression=read)
    return exp.select(total)


def _conjuncts(where: exp.Where | None) -> list[exp.Expr]:
    if where is None:
        return []
    return list(where.this.flatten()) if isinstance(where.this, exp.And) else [where.this]


def _prunes(predicate: exp.Expr, alias: str) -> bool:
    columns = list(predicate.find_all(exp.Column))
    mine = all(c.table == alias and c.name in _PRUNED_BY for c in columns)
    return bool(columns) and mine and predicate.find(exp.Query, exp.Unnest) is None


def _width(table: str, columns: set[str]) -> int:
    types = {name: kind.upper() for name, kind in _types()[table].items()}
    return sum(_STORED_BYTES.get(types.get(name, ""), 8) for name in columns)


def _params(tree: exp.Expr) -> frozenset[str]:
    return frozenset(parameter.name for parameter in tree.find_all(exp.Parameter))


def _position(error: ParseError) -> str:
    if not error.errors:
        return "The SQL cannot be read."
    first = error.errors[0]
    where = f"line {first.get('line')}, column {first.get('col')}"
    return f"The SQL cannot be read at {where}: {str(first.get('description')).rstrip('.')}."


@cache
def _creates() -> list[exp.Create]:
    texts = [path.read_text("utf-8") for path in sorted(_SCHEMA.glob("*.sql"))]
    parsed = [sqlglot.parse_one(text, read="bigquery") for text in texts]
    return [create for create in parsed if isinstance(create, exp.Create)]


@cache
def _types() -> dict[str, dict[str, str]]:
    return {
        create.this.this.name: {
            column.name: column.args["kind"].sql("bigquery")
            for column in create.this.find_all(exp.ColumnDef)
        }
        for create in _creates()
    }


@cache
def _schema() -> MappingSchema:
    return MappingSchema({STORE: {DATASET: _types()}}, dialect="bigquery")


def _definition(create: exp.Create) -> exp.Create:
    """The columns and their NOT NULL; keys, partitions, clusters and options are BigQuery's."""
    columns = [column.copy() for column in create.this.find_all(exp.ColumnDef)]
    for column in columns:
        kind = column.args["kind"].sql("bigquery")
        column.set("kind", {"NUMERIC": NUMERIC, "TIMESTAMP": TIMESTAMP}.get(kind, column.kind))
    table = exp.to_table(f"{STORE}.{DATASET}.{create.this.this.name}")
    return exp.Create(this=exp.Schema(this=table, expressions=columns), kind="TABLE", exists=True)
