"""Pins what pyproject.toml allows into requirements files: with hashes, no index address."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXTRAS = {
    "requirements.txt": ("google",),
    "requirements-local.txt": ("local",),
    "requirements-dev.txt": ("local", "google", "dev"),
}
GROUPS = {
    "requirements-anomaly-peers.txt": ("--group", "anomaly-peers"),
    "requirements-budget-peers.txt": ("--group", "budget-peers"),
    "requirements-bigquery-emulator.txt": ("--group", "bigquery-emulator"),
    "requirements-terraform.txt": ("--group", "terraform"),
    "tests/terraform/provider/google.txt": ("--group", "provider-schema", "--no-deps"),
}
FILES = {
    **{
        name: ("pyproject.toml", *(word for extra in extras for word in ("--extra", extra)))
        for name, extras in EXTRAS.items()
    },
    **GROUPS,
}


def command(name: str) -> list[str]:
    """The uv call that writes one file, for every supported Python and platform at once."""
    return [
        *("uv", "pip", "compile", *FILES[name]),
        *("--universal", "--python-version", "3.11", "--generate-hashes", "--no-annotate"),
        *("--no-emit-index-url", "--no-emit-find-links", "--no-header"),
        *("--upgrade", "--quiet", "--output-file", name),
    ]


def main() -> None:
    """Write the files."""
    uv = Path(sys.executable).with_name("uv")
    for name in FILES:
        subprocess.run([uv, *command(name)[1:]], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
