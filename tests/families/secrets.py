"""Secrets of both families, each with a way to put some there."""

from __future__ import annotations

from pathlib import Path

from shared.adapters.local.secrets import SecretFiles
from shared.ports import Clock


class FolderSecrets:
    """Secrets as files in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._secrets = folder, SecretFiles(folder)

    def get(self, name: str) -> str:
        return self._secrets.get(name)

    def store(self, name: str, value: bytes) -> None:
        self._folder.mkdir(exist_ok=True)
        (self._folder / name).write_bytes(value)

    def remove(self, name: str) -> None:
        (self._folder / name).unlink()

    def close(self) -> None:
        pass


class ServedSecrets:
    """Secrets in a Secret Manager on this machine."""

    def __init__(self, project: str, clock: Clock) -> None:
        from shared.adapters.google.secrets import SecretManager
        from tests.servers.secret_manager import SecretManagerServer

        self._server = SecretManagerServer(project).start()
        self._secrets = SecretManager(project, endpoint=self._server.address, clock=clock)

    def get(self, name: str) -> str:
        return self._secrets.get(name)

    def store(self, name: str, value: bytes) -> None:
        self._server.add(name, value)

    def remove(self, name: str) -> None:
        self._server.versions.pop(name)

    def close(self) -> None:
        self._secrets.close()
        self._server.close()
