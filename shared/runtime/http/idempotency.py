"""Idempotency-Key: the same key and request return the first answer, whatever happens in between.

draft-ietf-httpapi-idempotency-key-header. A key belongs to one caller and lives 24 hours. Only
success is kept: after an error the same key may try again. A crash in the middle leaves a claim
that lapses once the function's time is over.
"""

from __future__ import annotations

import base64
import re
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from flask import Response

from shared.domain.access import Caller
from shared.errors import AlreadyExists, Conflict, Invalid, Malformed
from shared.ports import Create, Delete, Documents, Put

LIVES = timedelta(hours=24)
AFTER_ITS_TIME = timedelta(seconds=30)
LARGEST_KEPT = 700_000  # compressed and base64-encoded; a document holds 1 MiB
KEPT_HEADERS = ("Content-Type", "ETag", "Location")

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class KeyReused(Invalid):
    """The key was used for another request."""

    slug, title = "idempotency-key-reused", "This Idempotency-Key belongs to another request"


class InProgress(Conflict):
    """The first request with this key has not ended."""

    slug, title, retryable = "request-in-progress", "The first such request is still running", True


@dataclass(frozen=True, slots=True)
class Once:
    """One use of a key by a caller for a request."""

    documents: Documents
    path: str
    fingerprint: str
    takes: timedelta  # at most

    def begin(self, now: datetime) -> Response | None:
        """Claim the key; the kept answer if there is one. Raises KeyReused or InProgress."""
        claim = {"fingerprint": self.fingerprint}
        try:
            self.documents.commit(
                Create(self.path, claim, expires_at=now + self.takes + AFTER_ITS_TIME)
            )
        except AlreadyExists:
            return self._earlier()
        return None

    def _earlier(self) -> Response | None:
        kept = self.documents.get(self.path)
        if kept is None:
            raise InProgress(self._wait)
        if kept.data["fingerprint"] != self.fingerprint:
            raise KeyReused("Use a new key for a new request.")
        if kept.data.get("runs_again"):
            return None
        if "status" not in kept.data:
            raise InProgress(self._wait)
        body = zlib.decompress(base64.b64decode(kept.data["body"]))
        answer = Response(body, status=kept.data["status"], headers=kept.data["headers"])
        answer.headers["Idempotent-Replayed"] = "true"
        return answer

    @property
    def _wait(self) -> str:
        seconds = int((self.takes + AFTER_ITS_TIME).total_seconds())
        return f"Send it again in a moment; if it died, {seconds} s after it began."

    def keep(self, answer: Response, now: datetime) -> None:
        """Keep a success for the next 24 hours; give the key back after anything else.

        Of an answer that is too large only the key is kept: the same request runs again.
        """
        if answer.status_code >= 300:
            self.give_back()
            return
        body = base64.b64encode(zlib.compress(answer.get_data())).decode()
        if len(body) > LARGEST_KEPT:
            again = {"fingerprint": self.fingerprint, "runs_again": True}
            self.documents.commit(Put(self.path, again, expires_at=now + LIVES))
            return
        headers = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
        kept = {
            "fingerprint": self.fingerprint,
            "status": answer.status_code,
            "headers": headers,
            "body": body,
        }
        self.documents.commit(Put(self.path, kept, expires_at=now + LIVES))

    def give_back(self) -> None:
        """Forget the key: the request did not succeed."""
        self.documents.commit(Delete(self.path))


def once(
    documents: Documents, caller: Caller, key: str, fingerprint: str, takes: timedelta
) -> Once:
    """The use of a key by a request that takes so long at most. Raises Malformed for no key."""
    if not _KEY.fullmatch(key):
        raise Malformed("An Idempotency-Key is 1 to 255 printable ASCII characters.")
    name = sha256(f"{caller.uid}\n{key}".encode()).hexdigest()
    return Once(documents, f"idempotency/{name}", fingerprint, takes)
