"""The archive that is sent to be built: the files that .gcloudignore lets through.

`python -m infra.archive` lists them. The rules are git's, so git reads them.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "infra" / "cloudbuild.yaml"


def files(root: Path = ROOT) -> list[str]:
    """The archive's files below `root`, sorted, with `/`."""
    with tempfile.TemporaryDirectory() as empty:  # an empty repository: every file is unknown to it
        git = ["git", f"--git-dir={empty}", f"--work-tree={root}"]
        subprocess.run(["git", "init", "--quiet", "--bare", empty], check=True)
        shown = subprocess.run(
            [*git, "ls-files", "--others", "-z", f"--exclude-from={root / '.gcloudignore'}"],
            cwd=root,
            check=True,
            capture_output=True,
            text=True,
        )
    return sorted(name for name in shown.stdout.split("\0") if name)


def fingerprint(root: Path = ROOT) -> str:
    """Twelve hex digits that stand for the archive's names and content, and how it is built."""
    total = sha256()
    for name in files(root):
        content = sha256((root / name).read_bytes()).hexdigest()
        total.update(f"{content} {name}\n".encode())
    total.update(BUILD.read_bytes())
    return total.hexdigest()[:12]


def copy(target: Path, root: Path = ROOT) -> None:
    """Lay the archive out in a folder, as the build sees it."""
    for name in files(root):
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / name, place)


if __name__ == "__main__":
    print("\n".join(files()))
