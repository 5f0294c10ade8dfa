"""The Secrets port: values that stand in no setting, log or document."""

from __future__ import annotations

from typing import Protocol


class Secrets(Protocol):
    """Named secrets, always the newest version: a rotation needs no deployment."""

    def get(self, name: str) -> str:
        """The text of a secret, without line breaks at its end.

        A rotated one is seen within five minutes, and one that was taken away is gone within
        them, while the store can be asked. Raises NotFound (no such secret, or none that this
        process may read as text) or Unavailable.
        """
