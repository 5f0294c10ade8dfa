"""The rate limit: a counter per caller, class of call and hour.

One lock-free increment decides (the value it returns), so parallel calls cannot slip through and
contention costs nothing. The window is a clock hour, so the limit holds across instances.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from shared.domain.access import Caller
from shared.errors import RateLimited
from shared.ports import Clock, Documents

WINDOW_S = 3600


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a limit after this call."""

    limit: int
    used: int
    resets_in_s: int

    @property
    def headers(self) -> dict[str, str]:
        """RateLimit headers, after draft-ietf-httpapi-ratelimit-headers."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(max(0, self.limit - self.used)),
            "RateLimit-Reset": str(self.resets_in_s),
            "RateLimit-Policy": f"{self.limit};w={WINDOW_S}",
        }

    def require(self) -> None:
        """Raise RateLimited when the limit is passed."""
        if self.used > self.limit:
            raise RateLimited(
                f"You may make {self.limit} such calls an hour. Try again in {self.resets_in_s} s.",
                retry_after=self.resets_in_s,
            )


def count(documents: Documents, clock: Clock, caller: Caller, kind: str, limit: int) -> Allowance:
    """Count one call of this kind by this caller."""
    now = clock.now()
    window, into = divmod(int(now.timestamp()), WINDOW_S)
    who = sha256(caller.uid.encode()).hexdigest()[:32]
    # The same expiry all window long: a store that need not move it counts in one round trip.
    expires_at = datetime.fromtimestamp((window + 2) * WINDOW_S, UTC)
    used = documents.increment(f"rate_limits/{kind}-{who}-{window}", "n", 1, expires_at)
    return Allowance(limit=limit, used=used, resets_in_s=WINDOW_S - into)
