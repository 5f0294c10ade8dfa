"""The Courier port with a folder for a mailbox: any mail program opens what is in it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from shared.adapters.mail import file_safe, message
from shared.errors import Unavailable
from shared.ports import Clock, Mail


class FolderCourier:
    """Keeps shared.ports.Courier: each mail is `<mail_id>.eml`, whole or not there at all.

    An id with other than letters, digits, `-`, `_` and `~` has those percent-encoded in its name.
    """

    def __init__(self, folder: Path, sender: str, clock: Clock) -> None:
        self._folder, self._sender, self._clock = folder, sender, clock

    def send(self, mail: Mail) -> None:
        """Write the mail; the same mail again replaces its file."""
        raw = bytes(message(mail, self._sender, self._clock.now()))
        written = self._folder / f".{uuid4().hex}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            written.write_bytes(raw)
            written.replace(self._folder / f"{file_safe(mail.mail_id)}.eml")
        except OSError as error:
            with suppress(OSError):
                written.unlink(missing_ok=True)
            raise Unavailable("The mail folder cannot be written. Check the disk.") from error
