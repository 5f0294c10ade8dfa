"""Who changed what, when: one record a change, written in the change's own commit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from shared.domain.access import Caller
from shared.ports import Put


def audited(
    project_id: str, caller: Caller, action: str, at: datetime, what: Mapping[str, Any]
) -> Put:
    """The write that records an action; sorts by time, and a repeat of the commit is the same."""
    mark = sha256(f"{caller.uid}\n{action}\n{sorted(what.items())!r}".encode()).hexdigest()[:12]
    record = {"at": at.isoformat(), "uid": caller.uid, "action": action, "what": dict(what)}
    return Put(f"projects/{project_id}/audit/{at:%Y%m%dT%H%M%S%f}-{mark}", record)
