"""Presets: tags that a person saves under a name, at most ten in a project.

All presets of a person are one document that is replaced only over the version it was read at. So
of many saves at once exactly ten succeed, on any store.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from shared.domain.access import Access
from shared.domain.requests import PageQuery, key_of, page_token
from shared.domain.suite import Suite
from shared.domain.utm.kept import data_of
from shared.domain.utm.models import NewPreset, Preset, PresetList, flat, kept
from shared.errors import AlreadyExists, Conflict, Malformed, NotFound, Stale
from shared.ports import Create, Put

MOST = 10
ATTEMPTS = 50

_Held = list[dict[str, Any]]


class TooManyPresets(Conflict):
    """The caller has all the presets that one may have."""

    slug, title = "too-many-presets", "You have as many presets as one may have"


def save_preset(suite: Suite, access: Access, new: NewPreset) -> Preset:
    """Save a preset of the caller. Raises TooManyPresets for the eleventh, Refused for PII."""
    saved: dict[str, Any] = {
        "name": new.name,
        **flat(kept(new.given())),
        "created_at": suite.clock.now().isoformat(),
    }

    def add(held: _Held, number: int) -> _Held:
        if len(held) >= MOST:
            raise TooManyPresets(f"You have {MOST} presets here. Delete one to save another.")
        saved["id"] = _id(access, number)
        return [*held, saved]

    _change(suite, access, add)
    return Preset(**saved)


def list_presets(suite: Suite, access: Access, page: PageQuery) -> PresetList:
    """The caller's presets, the oldest first."""
    held: _Held = data_of(suite.documents.get(_path(access))).get("presets", [])
    start = _start(page)
    end = start + page.page_size
    return PresetList(
        items=[Preset(**preset) for preset in held[start:end]],
        next_page_token=page_token(str(end)) if end < len(held) else None,
    )


def _start(page: PageQuery) -> int:
    key = key_of(page.page_token) if page.page_token else "0"
    if not (key.isascii() and key.isdecimal() and len(key) < 4):
        raise Malformed("This page_token is not one of ours: take next_page_token as it is.")
    return int(key)


def delete_preset(suite: Suite, access: Access, preset_id: str) -> None:
    """Forget a preset of the caller. Raises NotFound for anything else."""

    def remove(held: _Held, _: int) -> _Held:
        left = [preset for preset in held if preset["id"] != preset_id]
        if len(left) == len(held):
            raise NotFound("You have no such preset.")
        return left

    _change(suite, access, remove)


def _change(suite: Suite, access: Access, change: Callable[[_Held, int], _Held]) -> None:
    path = _path(access)
    for _ in range(ATTEMPTS):
        found = suite.documents.get(path)
        data = data_of(found)
        number = data.get("changes", 0) + 1
        presets = change(data.get("presets", []), number)
        new = {"uid": access.caller.uid, "changes": number, "presets": presets}
        try:
            suite.documents.commit(
                Put(path, new, if_version=found.version) if found else Create(path, new)
            )
        except (AlreadyExists, Stale):
            continue
        return
    raise Conflict("Your presets are being changed from many places at once. Try again.")


def _path(access: Access) -> str:
    who = sha256(access.caller.uid.encode()).hexdigest()[:32]
    return f"projects/{access.project.id}/utm_presets/{who}"


def _id(access: Access, number: int) -> str:
    # The number of the change is never given twice, so neither is the id.
    return sha256(f"{access.caller.uid}\n{number}".encode()).hexdigest()[:16]
