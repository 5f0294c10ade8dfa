"""Sizes, nesting, characters, comments and encodings: judged before anything can recurse."""

from __future__ import annotations

import sys
from collections import Counter
from typing import Any

import pytest

from shared.domain.guard import UnsafeSql, guard

DEEP = {
    "brackets": "SELECT " + "(" * 5_000 + "1" + ")" * 5_000,
    "calls": "SELECT " + "ABS(" * 4_000 + "1" + ")" * 4_000,
    "subqueries": "SELECT * FROM " + "(SELECT * FROM " * 900 + "channel_daily" + ")" * 900,
    "scalar subqueries": "SELECT " + "(SELECT " * 900 + "1" + ")" * 900,
    "cases": "SELECT " + "CASE WHEN " * 900 + "TRUE" + " THEN 1 END" * 900,
    "cases past a column called end": "SELECT "
    + "CASE WHEN d.end THEN " * 300
    + "1"
    + " END" * 300,
    "arrays": "SELECT " + "[" * 3_000 + "1" + "]" * 3_000,
    "types": "SELECT CAST(1 AS " + "ARRAY<" * 900 + "INT64" + ">" * 900 + ")",
    "negations": "SELECT " + "NOT " * 3_000 + "TRUE",
    "signs": "SELECT " + "- " * 3_000 + "1",
    "intervals": "SELECT " + "INTERVAL " * 1_500 + "1 DAY",
    "unclosed brackets": "SELECT " + "(" * 9_000,
    "calls that a dialect writes three times": "SELECT " + "LEAST(" * 14 + "1" + ", 2)" * 14,
    "divisions in divisions": "SELECT " + "1 / (2 + " * 18 + "1" + ")" * 18,
    "sums": "SELECT " + "1+" * 1_500 + "1",
    "and": "SELECT " + "TRUE AND " * 600 + "TRUE",
}
LONG = {
    "text": ("too-long", "SELECT 1" + " " * 20_000),
    "words": ("too-complex", "SELECT " + "1," * 3_000 + "1"),
    "selects": ("too-complex", " UNION ALL ".join(["SELECT 1"] * 40)),
    "joins": ("too-complex", "SELECT 1 FROM campaigns" + " JOIN campaigns AS c USING (name)" * 40),
    "joins without a condition": ("too-complex", "SELECT * FROM t " + "JOIN s " * 300),
    "literal": ("literal", f"SELECT '{'x' * 1_001}'"),
    "raw literal": ("literal", f"SELECT r'{'x' * 1_001}'"),
    "pattern": ("argument", f"SELECT REGEXP_CONTAINS(name, '{'x' * 201}') FROM campaigns"),
    "name": ("bad-name", f"SELECT 1 AS {'x' * 200}"),
    "number": ("literal", f"SELECT {'9' * 60}"),
}
CHARACTERS = {
    "nul": "SELECT 1\0",
    "nul in a literal": "SELECT 'a\0b'",
    "escape": "SELECT \x1b[31m1",
    "delete": "SELECT 1\x7f",
    "next line": "SELECT 1\x85",
    "byte order mark": "\ufeffSELECT 1",
    "zero-width space": "SELECT channel\u200b FROM channel_daily",
    "zero-width joiner in a name": "SELECT cha\u200dnnel FROM channel_daily",
    "right-to-left override": "SELECT 1 \u202e FROM channel_daily",
    "override in a comment": "SELECT 1 /* \u202e */",
    "isolate": "SELECT \u2066 1",
    "no-break space": "SELECT\u00a01",
    "ideographic space": "SELECT\u30001",
    "line separator": "SELECT 1 --\u2028, project_id FROM channel_daily",
    "soft hyphen": "SELECT\u00ad 1",
    "unpaired surrogate": "SELECT '\ud800'",
    "noncharacter": "SELECT '\uffff'",
    "private use": "SELECT 1 \ue000",
    "unassigned": "SELECT 1 \U000e0080",
}
NAMES = {
    "full-width letters": "SELECT \uff43hannel FROM channel_daily",
    "cyrillic letter": "SELECT ch\u0430nnel FROM channel_daily",
    "kelvin sign": "SELECT clic\u212as FROM channel_daily",
    "long s": "SELECT \u017fpend FROM channel_daily",
    "dotted capital i": "SELECT cl\u0130cks FROM channel_daily",
}


def reason_of(sql: str) -> str:
    with pytest.raises(UnsafeSql) as caught:
        guard(sql)
    return str(caught.value.extra["reason"])


@pytest.mark.parametrize("sql", DEEP.values(), ids=DEEP)
def test_deep_nesting_is_refused_before_it_recurses(sql: str) -> None:
    assert reason_of(sql) in {"too-deep", "too-complex", "too-long"}


def test_a_caller_deep_in_its_own_stack_gets_a_refusal() -> None:
    sql = "SELECT " + "(" * 18 + "1" + ")" * 18

    def descend(levels: int) -> str:
        return descend(levels - 1) if levels else reason_of(sql)

    frames = 0
    frame: Any = sys._getframe()
    while frame is not None:
        frames, frame = frames + 1, frame.f_back
    assert descend(sys.getrecursionlimit() - frames - 200) == "too-deep"


@pytest.mark.parametrize(("reason", "sql"), LONG.values(), ids=LONG)
def test_what_is_too_long_is_refused(reason: str, sql: str) -> None:
    assert reason_of(sql) == reason


def test_too_many_selects_are_counted_in_words() -> None:
    with pytest.raises(UnsafeSql, match="The query has 40 SELECTs; at most 32 are allowed"):
        guard(" UNION ALL ".join(["SELECT 1"] * 40))


@pytest.mark.parametrize("sql", CHARACTERS.values(), ids=CHARACTERS)
def test_a_character_that_hides_what_a_text_says_is_refused(sql: str) -> None:
    assert reason_of(sql) == "bad-character"


@pytest.mark.parametrize("sql", NAMES.values(), ids=NAMES)
def test_a_name_that_only_looks_like_a_column_is_refused(sql: str) -> None:
    assert reason_of(sql) == "bad-name"


@pytest.mark.parametrize(
    "text",
    [
        "Größe 👩‍💻",
        "it's",
        'say "hi"',
        "back\\slash",
        "a\nb\tc",
        "-- no",
        "/* no */",
        "`",
        "%",
        "'; --",
    ],
)
def test_a_literal_means_in_the_answer_what_it_says(worlds: Any, text: str) -> None:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    alone, _ = worlds.both(f"SELECT '{escaped}' AS x")
    assert alone == Counter({(text,): 1})


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT channel -- FROM secrets\n FROM channel_daily",
        "SELECT channel # FROM secrets\n FROM channel_daily",
        "SELECT channel /* ; DROP TABLE x */ FROM channel_daily",
        "SELECT channel /* it's */ FROM channel_daily -- the \"end",
        "-- first\nSELECT channel FROM channel_daily;\n-- last",
        "SELECT /*+ hint */ channel FROM /* /* */ channel_daily",
    ],
)
def test_comments_say_nothing(sql: str) -> None:
    assert guard(sql) == guard("SELECT channel FROM channel_daily")


@pytest.mark.parametrize(
    ("sql", "line", "column"),
    [
        ("SELECT spent FROM channel_daily", 1, 8),
        ("SELECT channel,\n  spent\nFROM channel_daily", 2, 3),
        ("SELECT 1 AS größe_1,\n 'ß', RAND()", 1, 13),
        ("SELECT *\nFROM\n  secrets", 3, 3),
        ("SELECT 1;\nSELECT 2", 1, 9),
        ("SELECT channel\nFROM channel_daily\nWHERE @x = 1", 3, 7),
        ("SELECT 1 +\n  REPEAT('x', 9)", 2, 3),
    ],
)
def test_a_refusal_points_at_the_place(sql: str, line: int, column: int) -> None:
    with pytest.raises(UnsafeSql) as caught:
        guard(sql)
    assert caught.value.extra["position"] == {"line": line, "column": column}


@pytest.mark.parametrize(
    ("sql", "hint"),
    [
        ("SELECT spnd FROM channel_daily", "Did you mean spend?"),
        ("SELECT * FROM channels_daily", "Did you mean channel_daily?"),
        ("SELECT c.nam FROM campaigns AS c", "Did you mean name?"),
        ("SELECT CURRENT_DATE()", "DATE '2025-01-31'"),
        ("SELECT ARRAY_AGG(channel) FROM channel_daily", "MAX_BY"),
        ("SELECT channel_daily FROM channel_daily", "Name its columns"),
    ],
)
def test_a_refusal_says_what_to_do(sql: str, hint: str) -> None:
    with pytest.raises(UnsafeSql, match=hint.replace("?", r"\?")):
        guard(sql)
