"""The Secrets port: values that stand in no setting, log or document."""

from __future__ import annotations

from typing import Protocol


class Secrets(Protocol):
    """Named secrets, always the newest version: a rotation needs no deployment."""

    def get(self, name: str) -> str:
        """The value of a secret; a rotated one is seen within five minutes.

        Raises NotFound (no such secret, or none that this process may read) or Unavailable.
        """
