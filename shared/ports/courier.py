"""The Courier port: one e-mail to one person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Image:
    """A PNG that a mail carries; its HTML names it as `cid:<name>`."""

    name: str
    png: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """One e-mail. `mail_id` is the same for the same fact: it becomes the Message-ID."""

    mail_id: str
    to: str
    subject: str
    text: str
    html: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)  # such as List-Unsubscribe
    images: tuple[Image, ...] = ()  # of the HTML


class Courier(Protocol):
    """Sends e-mail."""

    def send(self, mail: Mail) -> None:
        """Hand over one mail; returning means that the next server took it.

        Raises Invalid (an address or header that is none, or the recipient is refused for good),
        TooLarge, or Unavailable (may succeed later).
        """
