"""The campaign parameters of Google Analytics 4, in the order they are written in.

https://support.google.com/analytics/answer/10917952 (URL builders, read in November 2026).
"""

from __future__ import annotations

from typing import Literal, get_args

Field = Literal[
    "source",
    "medium",
    "campaign",
    "term",
    "content",
    "id",
    "source_platform",
    "creative_format",
    "marketing_tactic",
]
FIELDS: tuple[Field, ...] = get_args(Field)
REQUIRED: tuple[Field, ...] = ("source", "medium", "campaign")
OPTIONAL: tuple[Field, ...] = tuple(f for f in FIELDS if f not in REQUIRED)
FIELD_OF: dict[str, Field] = {f"utm_{field}": field for field in FIELDS}
"""The field that a parameter of a URL fills."""
