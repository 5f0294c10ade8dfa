"""Sends something once, however many hold the order to send it at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from shared.domain.suite import Suite
from shared.errors import AlreadyExists, Stale, Unavailable
from shared.ports import Create, Delete

# Longer than sending takes, a mail 20 s and a webhook 10 s, with the reading before it; no longer,
# so that what a crash leaves behind is sent again before the attempts at it run out.
CLAIMED = timedelta(seconds=45)


@contextmanager
def once(suite: Suite, name: str) -> Iterator[None]:
    """Hold the claim to send `name`; give it back if that fails, and keep it if not.

    Who comes second raises Unavailable: tried again later, it finds the receipt of the first. The
    claim outlives the first one's work, so that one who looked for the receipt too early finds it.
    A process that is killed between sending and its receipt leaves a claim that runs out, and it is
    sent again, by the same name.
    """
    now = suite.clock.now()
    claim = Create(f"claims/{name}", {"at": now.isoformat()}, expires_at=now + CLAIMED)
    try:
        suite.documents.commit(claim)
    except AlreadyExists as taken:
        raise Unavailable("It is being sent just now: it is looked at again later.") from taken
    try:
        yield
    except BaseException:
        with suppress(Stale, Unavailable):
            _give_back(suite, claim)
        raise


def _give_back(suite: Suite, claim: Create) -> None:
    held = suite.documents.get(claim.path)
    if held is not None and held.data == claim.data:
        suite.documents.commit(Delete(claim.path, if_version=held.version))
