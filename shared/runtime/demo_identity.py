"""The demo's sign-in: everybody on this machine is one person."""

from __future__ import annotations

from flask import Request

from shared.domain.access import Caller
from shared.errors import Unauthenticated


class DemoIdentity:
    """Signs everybody in as one demo person: for a suite that only this machine can reach.

    A page on the web can make a browser call loopback addresses, so calls through a foreign host
    name (DNS rebinding) or from a foreign page are refused.
    """

    LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
    PERSON = Caller(uid="demo@example.com", email="demo@example.com")

    def __init__(self, origins: tuple[str, ...]) -> None:
        self._origins = origins

    def caller(self, request: Request) -> Caller:
        """The demo person. Raises Unauthenticated for a call that this machine did not make."""
        if request.host.rpartition(":")[0] not in self.LOOPBACK and (
            request.host not in self.LOOPBACK
        ):
            raise Unauthenticated("The demo answers on the loopback address only.")
        origin = request.headers.get("Origin")
        if origin not in (None, f"http://{request.host}", *self._origins):
            raise Unauthenticated("The demo does not answer pages of other origins.")
        return self.PERSON
