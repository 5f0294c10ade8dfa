"""The warehouse's tables as Terraform takes them, read from shared/schema/*.sql.

`python -m infra.tables` writes terraform/tables.json when the DDL changes (a test holds it
current), so that the DDL stays the only place that says what is stored.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import exp

ROOT = Path(__file__).parents[1]
DDL = ROOT / "shared" / "schema"
TABLES = ROOT / "terraform" / "tables.json"
STORED_AS = {"INT64": "INTEGER", "FLOAT64": "FLOAT", "BOOL": "BOOLEAN"}  # as BigQuery answers


def described(ddl: str) -> dict[str, Any]:
    """One CREATE TABLE: its columns, key, partition and clusters."""
    create = sqlglot.parse_one(ddl, read="bigquery")
    return {
        "table": create.this.this.name,
        "description": " ".join(text.strip() for text in create.comments or ()),
        "columns": [_column(column) for column in create.find_all(exp.ColumnDef)],
        "key": _names(create.find(exp.PrimaryKey)),
        "partition": next(iter(_names(create.find(exp.PartitionedByProperty))), None),
        "clusters": _names(create.find(exp.ClusterProperty)),
        "partition_filter_required": _option(create, "require_partition_filter"),
    }


def _column(column: exp.ColumnDef) -> dict[str, str]:
    kind = column.args["kind"].sql("bigquery")
    required = column.find(exp.NotNullColumnConstraint) is not None
    return {
        "name": column.name,
        "type": STORED_AS.get(kind, kind),
        "mode": "REQUIRED" if required else "NULLABLE",
    }


def _names(clause: exp.Expr | None) -> list[str]:
    return [name.name for name in clause.find_all(exp.Identifier)] if clause else []


def _option(create: exp.Expr, name: str) -> bool:
    options = create.find_all(exp.Property)
    return any(option.name == name and option.args["value"] == exp.true() for option in options)


def document() -> str:
    """The file's text."""
    tables = [described(path.read_text(encoding="utf-8")) for path in sorted(DDL.glob("*.sql"))]
    return json.dumps({table.pop("table"): table for table in tables}, indent=2) + "\n"


if __name__ == "__main__":
    TABLES.write_text(document(), encoding="utf-8")
