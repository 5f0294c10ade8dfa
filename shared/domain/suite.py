"""The ports that a capability works with, handed in together."""

from __future__ import annotations

from dataclasses import dataclass

from shared.ports import Bus, Clock, Courier, Documents, Secrets, TextModel, Warehouse, Webhooks


@dataclass(frozen=True, slots=True)
class Suite:
    """One family of ports."""

    warehouse: Warehouse
    documents: Documents
    bus: Bus
    model: TextModel
    courier: Courier
    webhooks: Webhooks
    secrets: Secrets
    clock: Clock
    public_url: str = ""  # where the suite's routes are reached from outside; empty: unknown
