"""The sizes and habits of the house, held by reading the code."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CODE = sorted(
    path for folder in ("functions", "shared", "infra") for path in (ROOT / folder).rglob("*.py")
)
NAMES = [str(path.relative_to(ROOT)) for path in CODE]
LONGEST_FILE = 300
LONGEST_FUNCTION = 30
DRAWERS = ("manager", "helper", "util", "base", "impl", "misc", "common")


@pytest.mark.parametrize("path", CODE, ids=NAMES)
def test_a_file_fits_on_a_few_screens(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) < LONGEST_FILE


@pytest.mark.parametrize("path", CODE, ids=NAMES)
def test_a_function_fits_on_one_screen(path):
    long = [
        f"{node.name}: {length}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := _length(node)) > LONGEST_FUNCTION
    ]
    assert not long


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (node.end_lineno or 0) - (body[0].lineno if body else node.lineno) + 1


@pytest.mark.parametrize("path", CODE, ids=NAMES)
def test_no_file_is_named_like_a_drawer(path):
    assert not [word for word in DRAWERS if word in path.stem.lower()]


def test_sql_and_prompts_are_files_not_strings_in_adapters():
    for path in (ROOT / "shared" / "schema").glob("*.sql"):
        assert path.read_text(encoding="utf-8").count("CREATE TABLE") == 1


def test_the_project_speaks_of_itself_alone():
    words = ["pypi" + ".org", "python" + "hosted", "/wo" + "rk/", "../sha" + "red"]
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for name in filter(lambda n: (ROOT / n).is_file(), listed.split("\0")):
        text = (ROOT / name).read_bytes().decode("utf-8", "replace")
        assert not [word for word in words if word in text], name
