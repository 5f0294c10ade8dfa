"""Deploying: which commands of gcloud and terraform are run, with what, and when none are.

Both are other people's programs: programs of the same name stand in, which write down their
arguments and answer as the tests say.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from infra import archive
from infra.deploy import cli

ROOT = Path(__file__).parents[3]
IMAGE = "europe-west1-docker.pkg.dev/my-project-1/aims/suite"
A, B, C = (f"sha256:{digit * 64}" for digit in "abc")

STAND_IN = """#!{python}
import json, sys, pathlib
home = pathlib.Path({home!r})
call = [pathlib.Path(sys.argv[0]).name, *sys.argv[1:]]
with (home / "calls").open("a") as calls:
    calls.write(json.dumps(call) + "\\n")
for start, answers in json.loads((home / "answers").read_text()):
    if call[:len(start)] == start:
        told = home / ("told-" + "-".join(start))
        count = int(told.read_text()) if told.exists() else 0
        told.write_text(str(count + 1))
        text, code = answers[min(count, len(answers) - 1)]
        print(text)
        sys.exit(code)
"""


@dataclass
class Machine:
    home: Path

    def answers(self, *table: tuple[str, list[tuple[str, int]]]) -> None:
        rows = [(start.split(), answers) for start, answers in table]
        (self.home / "answers").write_text(json.dumps(rows))

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(cli, [words[0], "--project", "my-project-1", *words[1:]])

    def calls(self) -> list[list[str]]:
        written = self.home / "calls"
        lines = written.read_text().splitlines() if written.exists() else []
        return [json.loads(line) for line in lines]

    def called(self, start: str) -> list[list[str]]:
        words = start.split()
        return [call for call in self.calls() if set(words) <= set(call)]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("gcloud", "terraform"):
        program = programs / name
        program.write_text(STAND_IN.format(python=sys.executable, home=str(tmp_path)))
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    machine = Machine(tmp_path)
    machine.answers()
    return machine


def revisions(*runs: tuple[str, str]) -> str:
    return json.dumps(
        [
            {
                "metadata": {"creationTimestamp": f"2025-04-{day}T10:00:00.0Z"},
                "spec": {"containers": [{"image": f"{IMAGE}@{digest}"}]},
            }
            for day, digest in runs
        ]
    )


IMAGES = "gcloud artifacts docker images list"
REVISIONS = "gcloud run revisions list"


def test_deploying_builds_once_and_applies_the_digest(machine):
    machine.answers((IMAGES, [("", 0), (A, 0)]))
    result = machine.run("deploy", "--yes")
    assert result.exit_code == 0, result.output
    (build,) = machine.called("builds submit")
    assert f"--substitutions=_IMAGE={IMAGE},_TAG={archive.fingerprint()}" in build
    assert f"--config={ROOT / 'infra' / 'cloudbuild.yaml'}" in build
    init, apply = machine.called("terraform")
    assert "-backend-config=bucket=my-project-1-aims-state" in init
    assert f"image={IMAGE}@{A}" in apply
    assert {"project=my-project-1", "region=europe-west1", "-auto-approve"} <= set(apply)


def test_what_was_built_is_not_built_again(machine):
    machine.answers((IMAGES, [(A, 0)]))
    result = machine.run("build")
    assert not machine.called("builds submit")
    assert result.stdout == f"{IMAGE}@{A}\n"


def test_a_rebuild_is_built(machine):
    machine.answers((IMAGES, [(B, 0)]))
    assert machine.run("build", "--rebuild").stdout == f"{IMAGE}@{B}\n"
    assert machine.called("builds submit")


def test_without_yes_terraform_asks(machine):
    machine.answers((IMAGES, [(A, 0)]))
    machine.run("deploy")
    (apply,) = machine.called("terraform apply")
    assert not {"-auto-approve", "-input=false"} & set(apply)


def test_a_failed_build_applies_nothing(machine):
    machine.answers((IMAGES, [("", 0)]), ("gcloud builds", [("boom", 1)]))
    result = machine.run("deploy", "--yes")
    assert result.exit_code == 1
    assert "gcloud builds submit" in result.output
    assert not machine.called("terraform")


def test_a_build_without_an_image_applies_nothing(machine):
    machine.answers((IMAGES, [("", 0)]))
    result = machine.run("deploy", "--yes")
    assert result.exit_code == 1
    assert "there is no image" in result.output
    assert not machine.called("terraform")


def test_a_failed_init_applies_nothing(machine):
    machine.answers((IMAGES, [(A, 0)]), ("terraform", [("", 1)]))
    assert machine.run("deploy", "--yes").exit_code == 1
    assert not machine.called("terraform apply")


@pytest.mark.parametrize("words", [["deploy"], ["build"], ["bootstrap"]])
def test_a_dry_run_prints_the_commands_and_runs_none(machine, words):
    result = machine.run(*words, "--dry-run")
    assert result.exit_code == 0, result.output
    assert "$ gcloud " in result.output
    assert machine.calls() == []


def test_rolling_back_applies_what_was_deployed_before(machine):
    machine.answers((REVISIONS, [(revisions(("03", C), ("01", A), ("02", B)), 0)]))
    result = machine.run("rollback", "--yes")
    assert f"back from {C} to {B}" in result.output
    (apply,) = machine.called("terraform apply")
    assert f"image={IMAGE}@{B}" in apply
    assert not machine.called("builds submit")


@pytest.mark.parametrize(
    ("runs", "target"),
    [
        ((("01", A), ("02", B), ("03", A)), None),  # back already: nothing is before A
        ((("01", A), ("02", B), ("03", C), ("04", B)), A),  # back from C to B, and on to A
        ((("01", A), ("02", B), ("03", B), ("04", B)), A),  # new settings, same image
        ((("01", A),), None),
    ],
)
def test_a_second_rollback_goes_further_back(machine, runs, target):
    machine.answers((REVISIONS, [(revisions(*runs), 0)]))
    result = machine.run("rollback", "--yes")
    applied = machine.called("terraform apply")
    if target is None:
        assert result.exit_code == 1
        assert "Nothing was deployed before" in result.output
        assert not applied
    else:
        assert f"image={IMAGE}@{target}" in applied[0]


def test_rolling_back_to_a_digest_of_ones_own(machine):
    machine.answers((REVISIONS, [(revisions(("01", A), ("02", B), ("03", C)), 0)]))
    machine.run("rollback", "--yes", "--to", A[:16])
    assert f"image={IMAGE}@{A}" in machine.called("terraform apply")[0]


def test_a_digest_that_never_ran_is_refused(machine):
    machine.answers((REVISIONS, [(revisions(("01", A)), 0)]))
    result = machine.run("rollback", "--yes", "--to", B)
    assert result.exit_code == 1
    assert "see `digests`" in result.output
    assert not machine.called("terraform")


def test_an_image_that_is_gone_is_not_applied(machine):
    machine.answers(
        (REVISIONS, [(revisions(("01", A), ("02", B)), 0)]),
        ("gcloud artifacts docker images describe", [("", 1)]),
    )
    assert machine.run("rollback", "--yes").exit_code == 1
    assert not machine.called("terraform")


def test_a_dry_rollback_says_where_to_and_applies_nothing(machine):
    machine.answers((REVISIONS, [(revisions(("01", A), ("02", B)), 0)]))
    result = machine.run("rollback", "--dry-run")
    assert f"back from {B} to {A}" in result.output
    assert f"image={IMAGE}@{A}" in result.output
    assert not machine.called("terraform")


def test_digests_lists_what_ran_and_marks_what_runs(machine):
    machine.answers((REVISIONS, [(revisions(("02", B), ("01", A)), 0)]))
    assert machine.run("digests").output.splitlines() == [
        f"2025-04-01T10:00  {A}",
        f"2025-04-02T10:00  {B}  now",
    ]


def test_nothing_deployed_is_said(machine):
    machine.answers((REVISIONS, [("[]", 0)]))
    result = machine.run("digests")
    assert (result.exit_code, result.output) == (1, "Error: Nothing is deployed here.\n")


def test_a_bootstrap_makes_the_state_bucket_once(machine):
    listing = "gcloud storage buckets list"
    machine.answers((listing, [("", 0), ("my-project-1-aims-state", 0)]))
    machine.run("bootstrap", "--yes")
    machine.run("bootstrap", "--yes")
    (create,) = machine.called("buckets create")
    assert {"gs://my-project-1-aims-state", "--public-access-prevention"} <= set(create)
    applies = machine.called("terraform apply")
    assert len(applies) == 2
    assert all("-target=google_project_service.this" in apply for apply in applies)


@pytest.mark.parametrize(
    "words",
    [
        ["--project", "My Project"],
        ["--project", "x; rm -rf /"],
        ["--project", "my-project-1", "--region", "mars"],
    ],
)
def test_a_wrong_name_is_refused_before_anything_runs(machine, words):
    result = CliRunner().invoke(cli, ["deploy", *words])
    assert result.exit_code == 2
    assert "is not like" in result.output
    assert machine.calls() == []


def test_a_missing_program_is_named(machine, monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    result = machine.run("digests")
    assert result.exit_code == 1
    assert "gcloud is not installed" in result.output


def test_the_build_takes_what_is_given_and_starts_every_function():
    build = yaml.safe_load((ROOT / "infra" / "cloudbuild.yaml").read_text())
    (step,) = build["steps"]
    assert build["images"] == ["${_IMAGE}:${_TAG}"]
    assert "--env=GOOGLE_ENTRYPOINT=functions-framework --source main.py" in step["args"]
    assert not [word for word in step["args"] if "FUNCTION_TARGET" in word]
    assert set(build["substitutions"]) == {"_IMAGE", "_TAG"}


def test_what_a_bootstrap_makes_first_is_declared(machine):
    declared = "".join(path.read_text() for path in (ROOT / "terraform").glob("*.tf"))
    machine.answers(("gcloud storage buckets list", [("there", 0)]))
    machine.run("bootstrap", "--yes")
    (apply,) = machine.called("terraform apply")
    targets = [word.removeprefix("-target=") for word in apply if word.startswith("-target=")]
    assert targets
    for target in targets:
        kind, name = target.split(".")
        assert f'resource "{kind}" "{name}"' in declared


RUNBOOK = (ROOT / "terraform" / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```bash\n(.*?)```", RUNBOOK, re.S)


@pytest.mark.parametrize("block", BLOCKS, ids=[b.strip().splitlines()[0][:40] for b in BLOCKS])
def test_a_block_of_the_runbook_is_well_formed_shell(block):
    checked = subprocess.run(["bash", "-n"], input=block, capture_output=True, text=True)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_the_runbook_calls_only_commands_that_are_there():
    calls = set(re.findall(r"-m (infra\.\w+) ([a-z]+)(?= )", RUNBOOK))
    assert len(calls) > 5
    for module, command in calls:
        shown = subprocess.run(
            [sys.executable, "-m", module, command, "--help"], cwd=ROOT, capture_output=True
        )
        assert shown.returncode == 0, (module, command)
