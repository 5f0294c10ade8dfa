"""Answering a build loads what a build needs and no more."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
HEAVY = {"duckdb", "sqlglot", "pyarrow", "pandas", "numpy", "rapidfuzz"}
HEAVY |= {"google.cloud.firestore", "google.cloud.bigquery", "google.genai", "grpc"}

ASK = """
import sys, functions_framework
from shared.runtime import app
from shared.runtime.settings import load
app.install(app.compose(load({"AIMS_DATA_DIR": sys.argv[1], "AIMS_AUTH": "demo"})))
def post(function, path, body):
    client = functions_framework.create_app(function, "main.py").test_client()
    return client.post(path, json=body, base_url="http://127.0.0.1:8080").status_code
link = {"url": "https://e.com", "source": "a", "medium": "email", "campaign": "c"}
statuses = [
    post("projects", "/v1/projects", {"id": "shop", "name": "Shop"}),
    post("utm", "/v1/projects/shop/utm/links", link),
]
print((statuses, sorted(sys.modules)))
"""


def test_a_build_is_answered_without_anything_heavy(tmp_path):
    shown = subprocess.run(
        [sys.executable, "-c", ASK, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    statuses, modules = ast.literal_eval(shown.stdout.splitlines()[-1])
    assert statuses == [201, 200]
    assert not set(modules) & HEAVY
