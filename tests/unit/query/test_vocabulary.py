"""The names of a tenant: all of them, of its newest data, and of nobody else."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shared.domain.suite import Suite
from shared.domain.vocabulary import CampaignName, load_vocabulary, record_import, refreshed
from shared.ports import Listing, Put, every_document

from .conftest import Daily, Shop


def day(n: int) -> date:
    return date(2025, 1, n)


class Counting:
    """A warehouse that counts its queries."""

    def __init__(self, warehouse: Any) -> None:
        self.warehouse, self.queries = warehouse, 0

    def run(self, query: Any) -> Any:
        self.queries += 1
        return self.warehouse.run(query)


@pytest.fixture
def counted(shop: Shop) -> tuple[Suite, Counting]:
    warehouse = Counting(shop.suite.warehouse)
    return replace(shop.suite, warehouse=warehouse), warehouse


def fresh(suite: Suite) -> Suite:
    """The suite as another process sees it, with nothing kept from before."""

    class Documents:
        def __getattr__(self, name: str) -> Any:
            return getattr(suite.documents, name)

    return replace(suite, documents=Documents())


def test_before_the_first_import_there_are_no_names(shop: Shop) -> None:
    known = load_vocabulary(shop.suite, "shop")
    assert (known.data_version, known.first_day, known.last_day) == (0, None, None)
    assert (known.channels, known.campaigns) == ((), ())


def test_all_names_with_their_channels_and_days(shop: Shop) -> None:
    shop.imports(
        [
            Daily(day(3), "meta", "Brand", "b"),
            Daily(day(1), "google_ads", "Brand", "b"),
            Daily(day(9), "meta", None, "7"),
        ]
    )
    known = load_vocabulary(shop.suite, "shop")
    assert known.channels == ("google_ads", "meta")
    assert (known.first_day, known.last_day) == (day(1), day(9))
    assert known.campaigns == (
        CampaignName("7", "7", ("meta",), day(9), day(9)),
        CampaignName("b", "Brand", ("google_ads", "meta"), day(1), day(3)),
    )


def test_one_name_under_two_ids_and_one_id_under_two_names_are_all_known(shop: Shop) -> None:
    names = [(1, "A", "1"), (1, "A", "2"), (2, "B", "2")]
    shop.imports([Daily(day(n), campaign=name, campaign_id=id_) for n, name, id_ in names])
    known = load_vocabulary(shop.suite, "shop")
    assert [(c.name, c.id) for c in known.campaigns] == [("A", "1"), ("A", "2"), ("B", "2")]


def test_campaigns_that_have_not_begun_are_known_by_their_plan(shop: Shop) -> None:
    shop.store.plan_campaigns(
        [
            {"campaign_id": "1", "name": "Later", "start_date": day(20), "end_date": day(30)},
            {"campaign_id": "2", "name": "Undated"},
            {"campaign_id": "3", "name": "Running", "start_date": day(1)},
        ]
    )
    shop.imports([Daily(day(5), campaign="Running", campaign_id="3")])
    later, running, undated = load_vocabulary(shop.suite, "shop").campaigns
    assert later == CampaignName("1", "Later", (), day(20), day(30))
    assert running == CampaignName("3", "Running", ("meta",), day(5), day(5))
    assert (undated.channels, undated.first_day) == ((), date(2025, 4, 1))
    assert load_vocabulary(shop.suite, "shop").last_day == day(5)


def test_another_tenants_names_stay_its_own(shop: Shop) -> None:
    shop.imports([Daily(day(1), campaign="Ours")])
    shop.imports([Daily(day(1), campaign="Theirs")], project="rival")
    assert [c.name for c in load_vocabulary(shop.suite, "shop").campaigns] == ["Ours"]
    assert [c.name for c in load_vocabulary(shop.suite, "rival").campaigns] == ["Theirs"]


def test_an_import_makes_the_names_new(shop: Shop) -> None:
    shop.imports([Daily(day(1), campaign="First")])
    load_vocabulary(shop.suite, "shop")
    shop.imports([Daily(day(2), campaign="Second")])
    known = load_vocabulary(shop.suite, "shop")
    assert known.data_version == 2
    assert [c.name for c in known.campaigns] == ["First", "Second"]


def test_names_are_learned_once_a_data_version(shop: Shop, counted: Any) -> None:
    suite, warehouse = counted
    shop.imports([Daily(day(1))])
    first = load_vocabulary(suite, "shop")
    assert load_vocabulary(suite, "shop") == first
    assert load_vocabulary(fresh(suite), "shop") == first
    assert warehouse.queries == 1


def test_more_names_than_a_document_holds_come_back_whole(
    shop: Shop, counted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.domain.vocabulary.NAMES_A_DOCUMENT", 2)
    suite, warehouse = counted
    shop.imports([Daily(day(1), campaign=f"Campaign {n}") for n in range(5)])
    known = load_vocabulary(suite, "shop")
    assert len(known.campaigns) == 5
    assert load_vocabulary(fresh(suite), "shop") == known
    assert warehouse.queries == 1
    assert len(stored(suite)) == 3


def test_parts_of_another_version_are_never_mixed_in(
    shop: Shop, counted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.domain.vocabulary.NAMES_A_DOCUMENT", 2)
    suite, warehouse = counted
    shop.imports([Daily(day(1), campaign=f"Campaign {n}") for n in range(4)])
    known = load_vocabulary(suite, "shop")
    old = {"data_version": 0, "parts": 2, "names": json.dumps([["x", "Old", [], "2020-01-01"] * 2])}
    suite.documents.commit(Put("projects/shop/vocabulary/1", old))
    assert load_vocabulary(fresh(suite), "shop") == known
    assert warehouse.queries == 2


def test_an_event_stores_the_names_before_anybody_asks(shop: Shop, counted: Any) -> None:
    suite, warehouse = counted
    version = shop.imports([Daily(day(1))])
    suite.documents.commit(*refreshed(suite, "shop", version))
    assert warehouse.queries == 1
    assert [c.name for c in load_vocabulary(suite, "shop").campaigns] == ["Spring"]
    assert warehouse.queries == 1


@pytest.mark.parametrize("which", ["stored already", "outdated", "of no project"])
def test_an_event_that_is_late_or_repeated_writes_nothing(shop: Shop, which: str) -> None:
    version = shop.imports([Daily(day(1))])
    load_vocabulary(shop.suite, "shop")
    if which == "outdated":
        shop.imports([Daily(day(2))])
    project = "nowhere" if which == "of no project" else "shop"
    assert list(refreshed(shop.suite, project, version)) == []


def test_an_import_is_audited_and_announced_with_a_name_of_its_own(shop: Shop) -> None:
    announced: list[Any] = []

    class Bus:
        def publish(self, topic: str, messages: Any) -> None:
            announced.extend((topic, m.type, m.event_id, dict(m.body)) for m in messages)

    suite = replace(shop.suite, bus=Bus())
    assert [record_import(suite, "shop", "ana", {"inserted": n}) for n in (3, 0)] == [1, 2]
    assert announced == [
        ("data-imported", "DataImported", f"data-imported:shop:{n}", {"data_version": n})
        for n in (1, 2)
    ]
    audit = [d.data for d in every_document(suite.documents, Listing("projects/shop/audit"))]
    assert [(a["uid"], a["action"], a["what"]) for a in audit] == [
        ("ana", "data.imported", {"inserted": 3, "data_version": 1}),
        ("ana", "data.imported", {"inserted": 0, "data_version": 2}),
    ]


def test_imports_at_the_same_moment_get_versions_of_their_own(shop: Shop) -> None:
    class Racing:
        """Another import comes between the read and the write, once."""

        raced = False

        def __getattr__(self, name: str) -> Any:
            return getattr(shop.suite.documents, name)

        def commit(self, *writes: Any) -> None:
            if not self.raced:
                self.raced = True
                record_import(shop.suite, "shop", "ben", {})
            shop.suite.documents.commit(*writes)

    assert record_import(replace(shop.suite, documents=Racing()), "shop", "ana", {}) == 2


def test_names_too_large_for_documents_are_known_all_the_same(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.domain.vocabulary.LARGEST_DOCUMENT", 10)
    shop.imports([Daily(day(1), spend=Decimal(1))])
    assert [c.name for c in load_vocabulary(shop.suite, "shop").campaigns] == ["Spring"]
    assert stored(shop.suite) == []


def stored(suite: Suite) -> list[str]:
    found = every_document(suite.documents, Listing("projects/shop/vocabulary"))
    return [document.id for document in found]
