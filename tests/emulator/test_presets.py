"""The bound of presets on the store of production, whose conflicts are of another kind."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

from shared.adapters.local.clock import SystemClock
from shared.domain.access import Access, Caller
from shared.domain.projects import Project
from shared.domain.requests import PageQuery
from shared.domain.utm.models import NewPreset
from shared.domain.utm.presets import TooManyPresets, list_presets, save_preset
from tests.families.google import GoogleFamily


def test_of_twenty_presets_saved_at_once_exactly_ten_are_kept(tmp_path):
    family = GoogleFamily(tmp_path, SystemClock())
    suite = SimpleNamespace(documents=family.documents(), clock=SystemClock())
    shop = Project(id="shop", name="Shop", timezone="UTC", currency="EUR")
    ann = Access(Caller("ann@example.com"), shop, "editor", "1")

    def save(number):
        try:
            return save_preset(suite, ann, NewPreset(name=f"p{number}")).id
        except TooManyPresets:
            return None

    try:
        with ThreadPoolExecutor(20) as pool:
            saved = [i for i in pool.map(save, range(20)) if i]
        assert len(saved) == 10
        assert {p.id for p in list_presets(suite, ann, PageQuery()).items} == set(saved)
    finally:
        family.close()
