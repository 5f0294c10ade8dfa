"""The Secrets port with a file for each secret."""

from __future__ import annotations

import re
from pathlib import Path

from shared.errors import NotFound, Unavailable

NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")  # as in Secret Manager, and nothing that leaves a folder


class SecretFiles:
    """Keeps shared.ports.Secrets: the secret `name` is the text of `<folder>/<name>`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, name: str) -> str:
        """The text of the file, as it is now."""
        missing = NotFound("There is no such secret here, or it may not be read. Store it first.")
        if not NAME.fullmatch(name):
            raise missing
        try:
            return (self._folder / name).read_bytes().decode().rstrip("\r\n")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError,
                UnicodeDecodeError) as error:  # fmt: skip
            raise missing from error
        except OSError as error:
            raise Unavailable("Secrets cannot be read right now. Try again.") from error
