"""GoogleSQL as text, before BigQuery sees it: one SELECT, its parameters, its dataset.

BigQuery runs whatever it is sent, also scripts and DML, where the port promises one SELECT. So the
text is cut into comments, quoted pieces and words by the lexical rules of GoogleSQL; what they
mean is left to BigQuery.
https://cloud.google.com/bigquery/docs/reference/standard-sql/lexical
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from shared.errors import Invalid

WRITTEN_DATASET = "marketing"  # the name that shared/schema and every query of ours use

_MOST_CHARS = 1 << 20  # BigQuery's own bound of a query's text
_TABLES = "|".join(sorted(p.stem for p in (Path(__file__).parents[2] / "schema").glob("*.sql")))
_PIECES = re.compile(
    rf"""
    (?P<comment> --[^\n]* | \#[^\n]* | /\*.*?\*/ )
  | (?P<quoted>
        '''(?:\\.|[^\\])*?''' | \"\"\"(?:\\.|[^\\])*?\"\"\"
      | '(?:\\.|[^'\\\n])*' | "(?:\\.|[^"\\\n])*" | `(?:\\.|[^`\\\n])*` )
  | (?P<end> ; )
  | (?<!@)@(?P<parameter>\w+)
  | (?P<dataset>(?<![\w.@]){WRITTEN_DATASET}(?=\s*\.\s*(?:{_TABLES})\b))
  | (?P<word>\w+)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Text:
    """One SELECT; `parameters` are the names it uses, in lower case."""

    sql: str
    parameters: frozenset[str]


@lru_cache(maxsize=256)
def one_select(sql: str, dataset: str = WRITTEN_DATASET) -> Text:
    """The text to send, its tables in `dataset`. Raises Invalid if it is not one SELECT."""
    if len(sql) > _MOST_CHARS:
        raise Invalid(f"The SQL is longer than {_MOST_CHARS:,} characters. Shorten it.")
    pieces = [p for p in _PIECES.finditer(sql) if p.lastgroup != "comment"]
    words = (p[0].upper() for p in pieces if p.lastgroup == "word")
    ended = [p.lastgroup == "end" for p in pieces]
    if next(words, "") not in ("SELECT", "WITH") or any(ended[:-1]):
        raise Invalid("Write exactly one SELECT statement.")
    parameters = frozenset(p["parameter"].lower() for p in pieces if p["parameter"])
    return Text(_moved(sql, dataset), parameters)


def _moved(sql: str, dataset: str) -> str:
    if dataset == WRITTEN_DATASET:
        return sql
    return _PIECES.sub(lambda p: dataset if p["dataset"] else p[0], sql)
