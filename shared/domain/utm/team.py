"""A project's conventions in its store."""

from __future__ import annotations

from shared.domain.access import Access
from shared.domain.audit import audited
from shared.domain.suite import Suite
from shared.domain.utm.conventions import (
    NO_CONVENTIONS,
    Conventions,
    Rules,
    contradictions,
    rules_of,
)
from shared.domain.utm.kept import data_of, replace_document
from shared.domain.utm.refusal import Refused


def rules_for(suite: Suite, access: Access, wanted: bool) -> Rules:
    """The rules for a link: the project's conventions, or none if they are not wanted."""
    return rules_of(read_conventions(suite, access)[0]) if wanted else NO_CONVENTIONS


def read_conventions(suite: Suite, access: Access) -> tuple[Conventions, str | None]:
    """The project's conventions and their version; the default ones have none."""
    held = suite.documents.get(_path(access))
    return Conventions.model_validate(data_of(held)), held.version if held else None


def write_conventions(
    suite: Suite, access: Access, new: Conventions, if_match: str | None
) -> tuple[Conventions, str]:
    """Replace the conventions. Raises Stale if `if_match` is not their newest version, Refused if
    they contradict themselves.
    """
    if flaws := list(contradictions(new)):
        raise Refused(flaws)
    now, data = suite.clock.now(), new.model_dump(mode="json")
    record = audited(access.project.id, access.caller, "utm.conventions_changed", now, data)
    stored = replace_document(suite.documents, _path(access), data, if_match, record)
    return new, stored.version


def _path(access: Access) -> str:
    return f"projects/{access.project.id}/state/utm_conventions"
