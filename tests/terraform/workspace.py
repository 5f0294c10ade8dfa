"""A copy of terraform/ to run Terraform in: nothing is ever written next to the declarations."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.terraform.setup import ROOT, Missing, prepared

REQUIRED = "AIMS_REQUIRE_TERRAFORM"  # set by .ci/run where terraform is: there a skip is a failure
IMAGE = f"europe-west1-docker.pkg.dev/demo/aims/suite@sha256:{'0' * 64}"
LOCAL_STATE = 'terraform {\n  backend "local" {}\n}\n'
# Neither a person's own configuration, state and values nor a look for newer versions.
ENVIRONMENT = {"TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
NOT_OURS = shutil.ignore_patterns(".terraform*", "*.tfstate*", "*.tfplan", "*.tfvars")

Plan = dict[str, Any]


@cache
def plugins() -> Path:
    """The plugin folder; skips without Terraform or what the checks are set up from."""
    try:
        if shutil.which("terraform") is None:
            raise Missing("terraform is not installed")
        return prepared()
    except Missing as why:
        if os.environ.get(REQUIRED):
            raise
        pytest.skip(f"needs terraform and the provider's schema: {why}")


class Workspace:
    """terraform/ and the catalog, in a folder of their own, initialised."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "terraform"
        shutil.copytree(ROOT / "terraform", self.folder, ignore=NOT_OURS)
        (folder / "functions").mkdir()
        shutil.copy(ROOT / "functions" / "catalog.yaml", folder / "functions")
        (self.folder / "backend_override.tf").write_text(LOCAL_STATE)
        self.must("init", f"-plugin-dir={plugins()}")

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One Terraform command, its output as one text without colours."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
        return subprocess.run(
            ["terraform", *arguments[:1], "-no-color", *arguments[1:]],
            cwd=self.folder,
            env={**own, **ENVIRONMENT},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
        )

    def must(self, *arguments: str) -> str:
        """The output of a command that succeeds."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def change(self, file: str, old: str, new: str) -> None:
        """Change one place of one file."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} has no {old!r} any more"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def holds(self, kind: str, name: str, values: dict[str, Any], provider: str) -> None:
        """As if these resources of a declaration were made, by key."""
        made = [
            {"index_key": key, "schema_version": 0, "attributes": held}
            for key, held in values.items()
        ]
        found = {"mode": "managed", "type": kind, "name": name, "instances": made}
        found["provider"] = f'provider["{provider}"]'
        state = {"version": 4, "serial": 1, "lineage": "made", "resources": [found]}
        (self.folder / "terraform.tfstate").write_text(json.dumps(state), encoding="utf-8")

    def plan(self, **variables: Any) -> Plan:
        """The plan, of a new project unless it `holds` something, as `show -json` prints it."""
        given = {"project": "demo", "image": IMAGE, **variables}
        flags = [f"-var={name}={json.dumps(value).strip(chr(34))}" for name, value in given.items()]
        self.must("plan", "-out=new.tfplan", "-input=false", "-refresh=false", *flags)
        return json.loads(self.must("show", "-json", "new.tfplan"))
