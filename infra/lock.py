"""Pins what pyproject.toml allows into requirements*.txt: with hashes, no index address."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
FILES = {
    "requirements.txt": ("google",),
    "requirements-local.txt": ("local",),
    "requirements-dev.txt": ("local", "google", "dev"),
}


def command(name: str, extras: tuple[str, ...]) -> list[str]:
    """The uv call that writes one file, for every supported Python and platform at once."""
    chosen = [word for extra in extras for word in ("--extra", extra)]
    return [
        *("uv", "pip", "compile", "pyproject.toml", *chosen),
        *("--universal", "--python-version", "3.11", "--generate-hashes", "--no-annotate"),
        *("--no-emit-index-url", "--no-emit-find-links", "--no-header"),
        *("--upgrade", "--quiet", "--output-file", name),
    ]


def main() -> None:
    """Write the three files."""
    for name, extras in FILES.items():
        subprocess.run(
            [Path(sys.executable).with_name("uv"), *command(name, extras)[1:]], cwd=ROOT, check=True
        )


if __name__ == "__main__":
    main()
