"""Publishes what a crash or an outage left in the outbox."""

from __future__ import annotations

from shared.domain.outbox import relay as relay_outbox
from shared.domain.suite import Suite
from shared.ports import Write
from shared.runtime.events import SCHEDULED, Event, event_function


def _relay(suite: Suite, _: Event) -> tuple[Write, ...]:
    relay_outbox(suite)
    return ()


relay = event_function("relay", {SCHEDULED: _relay})
