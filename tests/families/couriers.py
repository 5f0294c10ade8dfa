"""Couriers of both families, each with the mailbox that it fills."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from shared.adapters.local.courier import FolderCourier
from shared.ports import Clock, Mail

SENDER = "AIMS Möbel <aims@suite.example>"


@dataclass
class FolderPost:
    """Mail as files in a folder."""

    folder: Path
    clock: Clock

    def send(self, mail: Mail) -> None:
        FolderCourier(self.folder, SENDER, self.clock).send(mail)

    def arrived(self) -> list[bytes]:
        return [file.read_bytes() for file in self.folder.glob("*")]

    def close(self) -> None:
        pass


class ServedPost:
    """Mail by SMTP with STARTTLS and sign-in."""

    def __init__(self, clock: Clock) -> None:
        from shared.adapters.mail import SmtpCourier, SmtpServer
        from tests.servers.smtp import PASSWORD, USER, SmtpPost, trusting

        self._post = SmtpPost().start()
        server = SmtpServer("127.0.0.1", self._post.port, USER, SENDER, trusting())
        self._courier = SmtpCourier(server, lambda: PASSWORD, clock)

    def send(self, mail: Mail) -> None:
        self._courier.send(mail)

    def arrived(self) -> list[bytes]:
        return [delivery.raw for delivery in self._post.taken]

    def close(self) -> None:
        self._post.close()
