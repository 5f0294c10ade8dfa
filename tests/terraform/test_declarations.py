"""terraform/ is well formed and fits the google provider, checked without a cloud.

The schema is the provider's own, rebuilt (provider/schema.py). Caught: unknown resources, arguments
and blocks, missing required ones, wrong types, bad references, and values that the documentation of
a simple argument lists exhaustively. Not caught, for the bindings do not say: patterns and lengths,
lists of values the documentation only describes in prose, arguments that exclude or need each other
(ConflictsWith, ExactlyOneOf), arguments of the provider block beyond their names, and everything
that only Google decides: quotas, names that are taken, permissions, which metric a filter may name.
"""

from __future__ import annotations

import subprocess

import pytest

from tests.terraform.policies import everything, resources
from tests.terraform.setup import ROOT
from tests.terraform.workspace import plugins


def test_the_files_are_formatted():
    plugins()
    command = ["terraform", "fmt", "-check", "-recursive", "-diff", str(ROOT / "terraform")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_declarations_fit_the_provider(untouched):
    assert "Success" in untouched.must("validate")


def test_the_plans_are_what_the_catalog_asks_for(untouched):
    assert "0 failed" in untouched.must("test")


def test_checking_leaves_nothing_next_to_the_declarations(untouched):
    before = _files()
    untouched.must("validate")
    assert _files() == before


def _files() -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in (ROOT / "terraform").rglob("*")}


# Of indexes that were named by their collection alone: the name of now
RENAMED = {
    "anomalies": "anomalies by resolved_at",
    "sessions": "sessions by updated_at",
    "notifications": "notifications by created_at",
}


def test_an_index_of_a_suite_that_runs_is_renamed_and_not_made_anew(planned, workspace):
    index = "google_firestore_index"
    made, [provider] = (
        resources(planned(), index),
        {one["provider_name"] for one in everything(planned()) if one["type"] == index},
    )
    before = {old: made[new] for old, new in RENAMED.items()}
    workspace.holds(index, "composite", before, provider)
    changes = [c for c in workspace.plan()["resource_changes"] if c["type"] == index]
    found = {c["index"]: c["change"]["actions"] for c in changes}
    assert found == {name: ["no-op"] if name in RENAMED.values() else ["create"] for name in made}
    moved = {c["index"]: c["previous_address"] for c in changes if "previous_address" in c}
    assert moved == {new: f'{index}.composite["{old}"]' for old, new in RENAMED.items()}


MISTAKES = {
    "a misspelt argument": (
        "events.tf", "ack_deadline_seconds ", "ack_deadline_secs    ", "Unsupported argument",
    ),
    "a misspelt block": ("events.tf", "oidc_token {", "oidc_tokens {", "Unsupported block type"),
    "an unknown resource type": (
        "documents.tf", '"google_firestore_index"', '"google_firestore_indices"',
        "Invalid resource type",
    ),
    "a missing argument": (
        "services.tf", 'role     = "roles/run.invoker"', "", "Missing required argument",
    ),
    "a missing block": (
        "secrets.tf", "replication {", "rotation {", "Insufficient replication blocks",
    ),
    "a wrong reference": (
        "events.tf", "google_pubsub_topic.topics[", "google_pubsub_topic.topic[",
        "Reference to undeclared resource",
    ),
    "an attribute that is not there": (
        "services.tf", "google_service_account.push.email", "google_service_account.push.mail",
        "Unsupported attribute",
    ),
    "a word for a number": (
        "services.tf", "failure_threshold = 60", 'failure_threshold = "sixty"',
        "a number is required",
    ),
    "a value that is not listed": (
        "documents.tf", '"FIRESTORE_NATIVE"', '"FIRESTORE"', "Value not listed",
    ),
    "a block given twice": (
        "services.tf", "      ports {", "      ports {\n container_port = 80\n}\n      ports {",
        "Too many ports blocks",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_caught(workspace, file, old, new, said):
    workspace.change(file, old, new)
    done = workspace.run("validate")
    assert done.returncode != 0
    assert said in done.stdout
