"""The ports: what the suite needs from the world, in its own words.

Two families keep each promise: `adapters/local` (embedded) and `adapters/google`. The promises are
written once, as contract tests in tests/contract. Every vendor error leaves an adapter as one of
shared.errors.
"""

from __future__ import annotations

from shared.ports.bus import (
    Bus,
    Message,
)
from shared.ports.clock import (
    Clock,
)
from shared.ports.courier import (
    Courier,
    Image,
    Mail,
)
from shared.ports.documents import (
    Create,
    Delete,
    Document,
    Documents,
    Json,
    Listing,
    Page,
    Put,
    Write,
    every_document,
)
from shared.ports.secrets import (
    Secrets,
)
from shared.ports.text_model import (
    Answer,
    Completion,
    ModelBlocked,
    ModelBusy,
    ModelMalformed,
    ModelMisconfigured,
    Prompt,
    TextModel,
    Usage,
)
from shared.ports.warehouse import (
    Column,
    Query,
    Rows,
    Scalar,
    Staging,
    Table,
    UpsertCounts,
    Warehouse,
)
from shared.ports.webhooks import (
    Hook,
    Webhooks,
)

__all__ = [
    "Answer",
    "Bus",
    "Clock",
    "Column",
    "Completion",
    "Courier",
    "Create",
    "Delete",
    "Document",
    "Documents",
    "Hook",
    "Image",
    "Json",
    "Listing",
    "Mail",
    "Message",
    "ModelBlocked",
    "ModelBusy",
    "ModelMalformed",
    "ModelMisconfigured",
    "Page",
    "Prompt",
    "Put",
    "Query",
    "Rows",
    "Scalar",
    "Secrets",
    "Staging",
    "Table",
    "TextModel",
    "UpsertCounts",
    "Usage",
    "Warehouse",
    "Webhooks",
    "Write",
    "every_document",
]
