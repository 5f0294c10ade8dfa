"""The promises of shared.ports.Documents."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from shared.errors import AlreadyExists, Invalid, Malformed, Stale, TooLarge
from shared.ports import Create, Delete, Listing, Put, every_document
from tests.families.google import GoogleFamily

PATH = "projects/shop"


def ids(page):
    return [document.id for document in page.items]


def nested(depth):
    data = {}
    for _ in range(depth):
        data = {"x": data}
    return data


def fill(documents, count, **extra):
    writes = [Create(f"projects/p/turns/t{n:02}", {"n": n, **extra}) for n in range(count)]
    documents.commit(*writes)


def test_a_created_document_is_read_back_as_it_was_written(documents):
    data = {
        "s": "ü → 日本 😀",
        "i": 2**53,
        "f": 1.5,
        "b": True,
        "n": None,
        "l": [1, {"x": []}],
        "": 1,
    }
    documents.commit(Create(PATH, data))
    document = documents.get(PATH)
    assert (document.path, document.id, document.data) == (PATH, "shop", data)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"": 1, " ": 2, "a.b": 3, "a`b": 4, "a/b": 5, "$": 6, "\n": 7, "ü": 8, "x" * 2000: 9},
        {"__x__": 1, "$__x__": 2, "y": {"__x__": {"": 3}}},
        {"d": 1, "rest": 2, "id": 3, "write": 4, "expires_at": 5, "expires_us": 6},
        {"matrix": [[1, [2, []]], [], [[]]], "in": {"it": [[{}]]}},
        {"min": -(2**63), "max": 2**63 - 1, "over": 2**63, "far": -(10**40), "in": [2**64]},
        {"one": 1.0, "tenth": 0.1, "huge": 1e308, "tiny": 5e-324, "minus": -0.0, "in": [2.0]},
        {"nul": "\x00", "private": "\ue000", "astral": "😀", "long": "ü" * 100_000},
        nested(100),
        {"many": list(range(50_000))},
        {f"f{n}": n for n in range(1000)},
    ],
    ids=["empty", "names", "reserved", "own", "lists", "integers", "floats", "texts", "deep",
         "many-values", "many-fields"],
)  # fmt: skip
def test_whatever_is_json_comes_back_as_it_was(documents, data):
    documents.commit(Put(PATH, data))
    assert repr(sorted(documents.get(PATH).data.items())) == repr(sorted(data.items()))
    changed = documents.update(PATH, lambda found: {"was": found})
    assert repr(changed.data) == repr(documents.get(PATH).data)
    assert changed.data == {"was": data}


def test_keys_that_are_no_text_become_text_and_tuples_lists(documents):
    documents.commit(Put(PATH, {1: (1, 2), "x": {None: ()}}))
    assert documents.get(PATH).data == {"1": [1, 2], "x": {"null": []}}


def test_a_missing_document_is_none(documents):
    assert documents.get(PATH) is None
    assert documents.update(PATH, dict) is None


def test_many_come_in_the_order_asked_for(documents):
    documents.commit(Create("a/1", {"n": 1}), Create("a/2", {"n": 2}))
    found = documents.get_many(["a/2", "a/missing", "a/1", "a/2"])
    assert [d and d.data["n"] for d in found] == [2, None, 1, 2]


def test_what_the_reader_does_to_the_data_stays_with_the_reader(documents):
    documents.commit(Create(PATH, {"tags": []}))
    documents.get(PATH).data["tags"].append("mine")
    assert documents.get(PATH).data == {"tags": []}


def test_creating_what_is_there_is_refused_and_changes_nothing(documents):
    documents.commit(Create(PATH, {"n": 1}))
    with pytest.raises(AlreadyExists):
        documents.commit(Create(PATH, {"n": 2}))
    assert documents.get(PATH).data == {"n": 1}


def test_put_replaces_the_whole_document(documents):
    documents.commit(Put(PATH, {"a": 1, "b": 2}))
    documents.commit(Put(PATH, {"b": 3}))
    assert documents.get(PATH).data == {"b": 3}


def test_delete_removes_and_deleting_what_is_gone_is_no_error(documents):
    documents.commit(Create(PATH, {}))
    documents.commit(Delete(PATH))
    documents.commit(Delete(PATH))
    assert documents.get(PATH) is None


def test_deleting_a_document_leaves_what_lies_below_it(documents):
    documents.commit(Create(PATH, {}), Create(f"{PATH}/turns/1", {"n": 1}))
    documents.commit(Delete(PATH))
    assert documents.get(f"{PATH}/turns/1").data == {"n": 1}


@pytest.mark.parametrize(
    "write",
    [lambda v: Put(PATH, {"n": 9}, if_version=v), lambda v: Delete(PATH, if_version=v)],
    ids=["put", "delete"],
)
def test_a_write_over_an_old_version_is_stale(documents, write):
    documents.commit(Create(PATH, {"n": 1}))
    old = documents.get(PATH).version
    documents.commit(Put(PATH, {"n": 2}))
    with pytest.raises(Stale):
        documents.commit(write(old))
    assert documents.get(PATH).data == {"n": 2}


@pytest.mark.parametrize(
    "write",
    [lambda v: Put(PATH, {"n": 9}, if_version=v), lambda v: Delete(PATH, if_version=v)],
    ids=["put", "delete"],
)
def test_a_write_over_a_version_that_is_gone_is_stale(documents, write):
    documents.commit(Create(PATH, {"n": 1}))
    old = documents.get(PATH).version
    documents.commit(Delete(PATH))
    with pytest.raises(Stale):
        documents.commit(write(old))
    assert documents.get(PATH) is None


def test_a_write_over_the_newest_version_succeeds(documents):
    documents.commit(Create(PATH, {"n": 1}))
    documents.commit(Put(PATH, {"n": 2}, if_version=documents.get(PATH).version))
    documents.commit(Delete(PATH, if_version=documents.get(PATH).version))
    assert documents.get(PATH) is None


def test_every_write_makes_a_version_never_seen_before(documents, clock):
    seen = set()
    for write in (
        lambda: documents.commit(Create(PATH, {"n": 1})),
        lambda: documents.commit(Put(PATH, {"n": 1})),
        lambda: documents.update(PATH, lambda data: data),
        lambda: documents.increment(PATH, "n", 1, clock.after(hours=1)),
        lambda: documents.commit(Delete(PATH), Create(PATH, {"n": 1})),
    ):
        write()
        seen.add(documents.get(PATH).version)
    assert len(seen) == 5


@pytest.mark.parametrize(
    "failing",
    [
        Create("a/there", {}),
        Put("a/there", {}, if_version="other"),
        Put("a/x", {"n": float("nan")}),
    ],
    ids=["create", "version", "not-json"],
)
def test_a_commit_that_fails_writes_nothing(documents, failing):
    documents.commit(Create("a/there", {"n": 1}), Create("a/doomed", {"n": 1}))
    with pytest.raises((AlreadyExists, Stale, Invalid)):
        documents.commit(Create("a/new", {}), Delete("a/doomed"), failing)
    assert documents.get("a/new") is None
    assert documents.get("a/doomed").data == {"n": 1}


def test_nothing_asked_for_is_nothing_done(documents):
    documents.commit()
    assert documents.get_many([]) == []


@pytest.mark.parametrize(
    ("writes", "left"),
    [
        ([Create(PATH, {"n": 1}), Put(PATH, {"n": 2})], {"n": 2}),
        ([Put(PATH, {"n": 1}), Delete(PATH)], None),
        ([Put(PATH, {"n": 1}), Delete(PATH), Create(PATH, {"n": 2})], {"n": 2}),
        (
            [Create(PATH, {"n": 1}), Delete(PATH), Put(PATH, {"n": 2}), Put(PATH, {"m": 3})],
            {"m": 3},
        ),
    ],
    ids=["create-put", "put-delete", "delete-create", "four"],
)
def test_writes_to_one_document_happen_in_their_order(documents, writes, left):
    documents.commit(*writes)
    found = documents.get(PATH)
    assert (found and found.data) == left


@pytest.mark.parametrize("there", [False, True], ids=["missing", "there"])
@pytest.mark.parametrize(
    ("writes", "error"),
    [
        (lambda _: [Delete(PATH), Create(PATH, {}), Create(PATH, {})], AlreadyExists),
        (lambda _: [Put(PATH, {}), Create(PATH, {})], AlreadyExists),
        (lambda v: [Put(PATH, {}), Put(PATH, {}, if_version=v)], Stale),
        (lambda v: [Delete(PATH), Delete(PATH, if_version=v)], Stale),
    ],
    ids=["twice", "after-put", "changed", "deleted"],
)
def test_a_write_meets_what_those_before_it_left(documents, there, writes, error):
    documents.commit(Create(PATH, {"n": 1}), Create("a/other", {}))
    version = documents.get(PATH).version
    if not there:
        documents.commit(Delete(PATH))
    with pytest.raises(error):
        documents.commit(Put("a/new", {}), *writes(version))
    assert documents.get("a/new") is None
    assert (documents.get(PATH) is not None) == there


def test_a_version_that_nobody_gave_out_is_stale(documents):
    documents.commit(Create(PATH, {}))
    for version in ("", "x", "1", "1 2", "9" * 40, "-", "ü"):
        with pytest.raises(Stale):
            documents.commit(Put(PATH, {"n": 1}, if_version=version))
    assert documents.get(PATH).data == {}


def test_a_commit_may_write_many_documents(documents):
    documents.commit(*(Create(f"a/{n}", {"n": n}) for n in range(700)))
    assert len(list(every_document(documents, Listing("a", limit=100)))) == 700


def test_of_many_who_create_one_document_exactly_one_wins(documents):
    def create(worker):
        try:
            documents.commit(Create(PATH, {"worker": worker}))
        except AlreadyExists:
            return None
        return worker

    with ThreadPoolExecutor(20) as pool:
        winners = [worker for worker in pool.map(create, range(20)) if worker is not None]
    assert [documents.get(PATH).data["worker"]] == winners


def test_readers_never_see_half_a_commit(documents, family):
    if isinstance(family, GoogleFamily):
        pytest.skip("the emulator reads one document after another; a project, one snapshot")
    documents.commit(Create("a/left", {"n": 0}), Create("a/right", {"n": 0}))

    def write():
        for n in range(1, 100):
            documents.commit(Put("a/left", {"n": n}), Put("a/right", {"n": n}))

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        while not writing.done():
            page = documents.list(Listing("a"))
            assert len({document.data["n"] for document in page.items}) == 1
        writing.result()


def test_update_gives_the_changed_document(documents):
    documents.commit(Create(PATH, {"n": 1, "kept": True}))
    changed = documents.update(PATH, lambda data: {**data, "n": data["n"] + 1})
    assert changed == documents.get(PATH)
    assert changed.data == {"n": 2, "kept": True}


def test_updates_of_many_lose_nothing(documents):
    documents.commit(Create(PATH, {"seen": []}))
    with ThreadPoolExecutor(8) as pool:
        list(
            pool.map(
                lambda n: documents.update(PATH, lambda data: {"seen": [*data["seen"], n]}),
                range(80),
            )
        )
    assert sorted(documents.get(PATH).data["seen"]) == list(range(80))


def test_a_change_that_raises_changes_nothing(documents):
    documents.commit(Create(PATH, {"n": 1}))

    def change(data):
        data["n"] = 2
        raise KeyError("no")

    with pytest.raises(KeyError):
        documents.update(PATH, change)
    assert documents.get(PATH).data == {"n": 1}


def test_a_change_may_read_and_write_other_documents(documents):
    documents.commit(Create(PATH, {"n": 1}), Create("a/other", {"n": 5}))

    def change(data):
        documents.commit(Put("a/seen", data))
        return {"n": documents.get("a/other").data["n"]}

    assert documents.update(PATH, change).data == {"n": 5}
    assert documents.get("a/seen").data == {"n": 1}


def test_update_keeps_the_expiry(documents, clock):
    documents.commit(Create(PATH, {}, expires_at=clock.after(hours=1)))
    documents.update(PATH, lambda _: {"n": 1})
    clock.step(hours=1)
    assert documents.get(PATH) is None


def test_a_counter_begins_at_zero_and_keeps_the_other_fields(documents, clock):
    later = clock.after(hours=1)
    assert documents.increment("limits/a", "n", 3, later) == 3
    documents.commit(Put("limits/b", {"n": 5, "who": "ana"}))
    assert documents.increment("limits/b", "n", -1, later) == 4
    assert documents.increment("limits/b", "m", 1, later) == 1
    assert documents.get("limits/b").data == {"n": 4, "who": "ana", "m": 1}


def test_counts_of_many_threads_are_exact_and_each_value_is_given_once(documents, clock):
    later = clock.after(hours=1)
    with ThreadPoolExecutor(16) as pool:
        values = list(
            pool.map(lambda _: documents.increment("limits/a", "n", 1, later), range(400))
        )
    assert sorted(values) == list(range(1, 401))


def test_an_expired_counter_begins_again(documents, clock):
    documents.increment("limits/a", "n", 7, clock.after(minutes=1))
    clock.step(minutes=1)
    assert documents.increment("limits/a", "n", 1, clock.after(minutes=1)) == 1


def test_of_many_who_count_on_after_the_expiry_one_begins_at_zero(documents, clock):
    documents.commit(Put("limits/a", {"n": 7, "old": [1]}, expires_at=clock.after(minutes=1)))
    clock.step(minutes=1)
    later = clock.after(hours=1)
    with ThreadPoolExecutor(8) as pool:
        values = list(pool.map(lambda _: documents.increment("limits/a", "n", 1, later), range(40)))
    assert sorted(values) == list(range(1, 41))
    assert documents.get("limits/a").data == {"n": 40}


def test_of_many_who_move_the_expiry_each_has_a_value_and_the_expiry_is_one_of_theirs(
    documents, clock
):
    def count(minutes):
        return documents.increment("limits/a", "n", 1, clock.after(minutes=minutes))

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(count, range(1, 41))) == list(range(1, 41))
    assert count(50) == 41
    clock.step(minutes=50, microseconds=-1)
    assert documents.get("limits/a").data == {"n": 41}
    clock.step(microseconds=1)
    assert documents.get("limits/a") is None


def test_an_increment_may_bring_the_expiry_forward_or_give_one(documents, clock):
    documents.commit(Put("limits/b", {"n": 1}))
    documents.increment("limits/a", "n", 1, clock.after(minutes=5))
    for path in ("limits/a", "limits/b"):
        documents.increment(path, "n", 1, clock.after(minutes=1))
    clock.step(minutes=1)
    assert documents.get_many(["limits/a", "limits/b"]) == [None, None]


def test_what_replaces_a_counter_and_what_changes_it_leave_it_exact(documents, clock):
    documents.increment("limits/a", "n", 5, clock.after(minutes=1))
    documents.update("limits/a", lambda data: {"n": data["n"] * 2, "list": []})
    assert documents.increment("limits/a", "n", 1, clock.after(minutes=2)) == 11
    documents.commit(Put("limits/a", {"n": 1}))
    assert documents.increment("limits/a", "n", 1, clock.after(minutes=2)) == 2
    documents.commit(Delete("limits/a"))
    assert documents.increment("limits/a", "n", 1, clock.after(minutes=2)) == 1


def test_an_increment_moves_the_expiry(documents, clock):
    documents.increment("limits/a", "n", 1, clock.after(minutes=1))
    documents.increment("limits/a", "n", 1, clock.after(minutes=5))
    clock.step(minutes=4)
    assert documents.get("limits/a").data == {"n": 2}


def test_a_document_is_there_until_it_expires_and_never_after(documents, clock):
    documents.commit(Create("a/1", {"n": 1}, expires_at=clock.after(hours=24)))
    clock.step(hours=24, microseconds=-1)
    assert documents.get("a/1").data == {"n": 1}
    clock.step(microseconds=1)
    assert documents.get("a/1") is None
    assert documents.get_many(["a/1"]) == [None]
    assert documents.update("a/1", dict) is None
    assert ids(documents.list(Listing("a"))) == []


def test_an_expired_document_is_in_nobodys_way(documents, clock):
    documents.commit(Create(PATH, {"n": 1}, expires_at=clock.after(hours=1)))
    version = documents.get(PATH).version
    clock.step(hours=1)
    with pytest.raises(Stale):
        documents.commit(Put(PATH, {"n": 2}, if_version=version))
    documents.commit(Create(PATH, {"n": 3}))
    assert documents.get(PATH).data == {"n": 3}


def test_of_many_who_create_over_an_expired_document_exactly_one_wins(documents, clock):
    documents.commit(Create(PATH, {"old": [1]}, expires_at=clock.after(hours=1)))
    clock.step(hours=1)

    def create(worker):
        try:
            documents.commit(Create(PATH, {"worker": worker}), Put(f"a/{worker}", {}))
        except AlreadyExists:
            return None
        return worker

    with ThreadPoolExecutor(8) as pool:
        winners = [worker for worker in pool.map(create, range(16)) if worker is not None]
    assert [documents.get(PATH).data] == [{"worker": worker} for worker in winners]
    assert ids(documents.list(Listing("a"))) == [str(worker) for worker in winners]


def test_put_sets_the_expiry_anew(documents, clock):
    documents.commit(Create(PATH, {}, expires_at=clock.after(hours=1)))
    documents.commit(Put(PATH, {"n": 1}))
    clock.step(days=365)
    assert documents.get(PATH).data == {"n": 1}


def test_expired_documents_leave_no_gap_in_a_page(documents, clock):
    fill(documents, 10)
    for n in (0, 3, 4, 9):
        path = f"projects/p/turns/t{n:02}"
        documents.commit(Put(path, {"n": n}, expires_at=clock.after(minutes=1)))
    clock.step(minutes=1)
    assert ids(documents.list(Listing("projects/p/turns", limit=3))) == ["t01", "t02", "t05"]


def test_however_many_have_expired_the_rest_is_found(documents, clock):
    soon = clock.after(minutes=1)
    documents.commit(*(Create(f"a/{n:04}", {"n": n}, soon) for n in range(600)))
    documents.commit(*(Create(f"a/x{n}", {"n": n}) for n in range(3)))
    clock.step(minutes=1)
    for order_by in (None, "n"):
        page = documents.list(Listing("a", order_by=order_by, limit=2))
        assert ids(page) == ["x0", "x1"]
        assert ids(documents.list(Listing("a", {}, order_by, after=page.next_cursor))) == ["x2"]


def test_a_collection_holds_its_own_documents_only(documents):
    paths = ["a/1", "a/2", "a/1/b/3", "ab/4", "b/5", "x/1/a/6"]
    documents.commit(*(Create(path, {}) for path in paths))
    assert [d.path for d in documents.list(Listing("a")).items] == ["a/1", "a/2"]
    assert [d.path for d in documents.list(Listing("x/1/a")).items] == ["x/1/a/6"]
    assert ids(documents.list(Listing("nothing"))) == []


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"s": "1"}, ["text"]),
        ({"s": 1}, ["float", "int"]),
        ({"s": True}, ["true"]),
        ({"s": False}, ["false"]),
        ({"s": "' OR 1=1 --"}, ["quote"]),
        ({"s": "1", "also": "x"}, []),
        ({"s": "1", "also": "y"}, ["text"]),
        ({"missing": "1"}, []),
    ],
    ids=["text", "number", "true", "false", "quote", "and-not", "and", "missing-field"],
)
def test_where_compares_value_and_type(documents, where, expected):
    values = {
        "text": "1", "int": 1, "float": 1.0, "true": True, "false": False,
        "null": None, "zero": 0, "list": ["1"], "quote": "' OR 1=1 --",
    }  # fmt: skip
    documents.commit(*(Create(f"a/{k}", {"s": v, "also": "y"}) for k, v in values.items()))
    assert ids(documents.list(Listing("a", where=where))) == expected


@pytest.mark.parametrize(
    ("order_by", "descending", "expected"),
    [
        (None, False, ["a", "b", "c", "d", "e"]),
        (None, True, ["e", "d", "c", "b", "a"]),
        ("n", False, ["d", "c", "a", "b"]),
        ("n", True, ["b", "a", "c", "d"]),
        ("s", False, ["b", "a", "c"]),
    ],
    ids=["id", "id-descending", "number-ties-by-id", "descending-ties-too", "text-by-bytes"],
)
def test_the_order_is_by_field_then_id_and_without_those_that_lack_it(
    documents, order_by, descending, expected
):
    documents.commit(
        Create("x/b", {"n": 2, "s": "Z"}),
        Create("x/a", {"n": 2, "s": "a"}),
        Create("x/e", {}),
        Create("x/d", {"n": -1}),
        Create("x/c", {"n": 0.5, "s": "ä"}),
    )
    listing = Listing("x", order_by=order_by, descending=descending)
    assert ids(documents.list(listing)) == expected


@pytest.mark.parametrize("descending", [False, True], ids=["ascending", "descending"])
@pytest.mark.parametrize("order_by", [None, "n", "same"], ids=["id", "field", "ties"])
@pytest.mark.parametrize("limit", [1, 3, 7, 10, 11])
def test_pages_together_are_the_whole_list_once(documents, order_by, descending, limit):
    fill(documents, 10, same="x")
    whole = Listing("projects/p/turns", order_by=order_by, descending=descending)
    paged = Listing("projects/p/turns", None or {}, order_by, descending, limit)
    expected = ids(documents.list(whole))
    assert [d.id for d in every_document(documents, paged)] == expected
    assert len(expected) == 10


def test_text_is_ordered_by_its_bytes_in_utf_8(documents):
    texts = ["", "A", "a", "aa", "ä", "\u07ff", "\u0800", "\ue000", "\uffff", "😀"]
    documents.commit(*(Create(f"a/{n}", {"s": s}) for n, s in enumerate(texts)))
    documents.commit(*(Create(f"b/x{s}", {}) for s in texts))
    found = every_document(documents, Listing("a", order_by="s", limit=3))
    assert [d.data["s"] for d in found] == texts
    for descending in (False, True):
        found = every_document(documents, Listing("b", descending=descending, limit=3))
        assert [d.id[1:] for d in found] == (texts[::-1] if descending else texts)


def test_a_name_with_underscores_is_a_name_like_others(documents, clock):
    assert documents.increment("a/1", "__n__", 2, clock.after(hours=1)) == 2
    assert documents.increment("a/2", "__n__", 1, clock.after(hours=1)) == 1
    documents.commit(Put("a/3", {"__n__": 1, "_": 1}))
    assert documents.get("a/1").data == {"__n__": 2}
    assert ids(documents.list(Listing("a", order_by="__n__"))) == ["2", "3", "1"]
    assert ids(documents.list(Listing("a", where={"__n__": 1, "_": 1}))) == ["3"]


def test_a_full_last_page_has_no_cursor(documents):
    fill(documents, 4)
    assert documents.list(Listing("projects/p/turns", limit=4)).next_cursor is None


def test_a_null_is_a_value_that_sorts_first(documents):
    documents.commit(
        *(Create(f"a/{n}", {"v": v}) for n, v in enumerate([0, None, -1, None])), Create("a/x", {})
    )
    found = every_document(documents, Listing("a", order_by="v", limit=1))
    assert [d.id for d in found] == ["1", "3", "2", "0"]


@pytest.mark.parametrize("order_by", [None, "n"], ids=["id", "field"])
def test_a_cursor_holds_its_place_while_others_write(documents, order_by):
    fill(documents, 6)
    listing = Listing("projects/p/turns", order_by=order_by, limit=3)
    first = documents.list(listing)
    documents.commit(
        Create("projects/p/turns/t00a", {"n": -1}),
        Delete("projects/p/turns/t02"),
        Delete("projects/p/turns/t04"),
        Create("projects/p/turns/t09", {"n": 9}),
    )
    rest = documents.list(Listing("projects/p/turns", {}, order_by, after=first.next_cursor))
    assert ids(first) + ids(rest) == ["t00", "t01", "t02", "t03", "t05", "t09"]


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "!!!!", "bm90IGpzb24", "W10", "W1tdXQ", "e30", "A" * 20_000, "ä", "bnVsbA=="],
    ids=[
        "empty",
        "short",
        "signs",
        "not-json",
        "list",
        "nested",
        "object",
        "long",
        "umlaut",
        "null",
    ],
)
def test_a_cursor_that_is_not_ours_is_malformed(documents, cursor):
    fill(documents, 2)
    with pytest.raises(Malformed):
        documents.list(Listing("projects/p/turns", after=cursor))


@pytest.mark.parametrize(
    "other",
    [
        Listing("projects/q/turns"),
        Listing("projects/p/turns", descending=True),
        Listing("projects/p/turns", order_by="n"),
        Listing("projects/p/turns", where={"n": 1}),
    ],
    ids=["collection", "direction", "order", "filter"],
)
def test_a_cursor_of_another_list_is_malformed(documents, other):
    fill(documents, 3)
    cursor = documents.list(Listing("projects/p/turns", limit=1)).next_cursor
    with pytest.raises(Malformed):
        documents.list(
            Listing(other.collection, other.where, other.order_by, other.descending, 1, cursor)
        )


@pytest.mark.parametrize(
    "path",
    ["", "a", "a/", "/a", "a//b/c", "a/b/c", "a/b\nc", "a/\x00", "a/..", "./b", "a/" + "x" * 1501,
     "a/\ud800", "a/__x__", "__x__/a", "a/" + "😀" * 400, "/".join(["x" * 400] * 20)],
    ids=["empty", "odd", "open", "rooted", "gap", "three", "newline", "nul", "dots", "dot", "long",
         "surrogate", "reserved", "reserved-collection", "long-in-bytes", "long-in-all"],
)  # fmt: skip
def test_a_path_that_names_no_document_is_malformed(documents, path):
    for call in (
        lambda: documents.get(path),
        lambda: documents.get_many([path]),
        lambda: documents.commit(Create(path, {})),
        lambda: documents.commit(Delete(path)),
    ):
        with pytest.raises(Malformed):
            call()


@pytest.mark.parametrize("collection", ["", "a/b", "/a", "a//c"], ids=repr)
def test_a_path_that_names_no_collection_is_malformed(documents, collection):
    with pytest.raises(Malformed):
        documents.list(Listing(collection))


@pytest.mark.parametrize("name", ["", "a b", "a'b", 'a"]', "a.b", "$", "a" * 200], ids=repr)
def test_a_field_is_a_plain_name(documents, clock, name):
    for call in (
        lambda: documents.list(Listing("a", where={name: 1})),
        lambda: documents.list(Listing("a", order_by=name)),
        lambda: documents.increment("a/b", name, 1, clock.after(hours=1)),
    ):
        with pytest.raises(Invalid):
            call()


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1], ids=["high", "low"])
def test_a_number_to_compare_with_has_63_bits(documents, number):
    with pytest.raises(Invalid):
        documents.list(Listing("a", where={"n": number}))


@pytest.mark.parametrize("limit", [0, -1, 10_001], ids=str)
def test_a_page_has_a_sensible_size(documents, limit):
    with pytest.raises(Invalid):
        documents.list(Listing("a", limit=limit))


def test_a_document_over_one_mebibyte_is_too_large(documents):
    documents.commit(Create("a/1", {"s": "x" * 1_000_000}))
    with pytest.raises(TooLarge):
        documents.commit(Create("a/2", {"s": "ü" * 600_000}))
    with pytest.raises(TooLarge):
        documents.update("a/1", lambda data: {"s": data["s"] * 2})
    assert len(documents.get("a/1").data["s"]) == 1_000_000


def test_a_commit_over_ten_mebibytes_is_too_large(documents):
    with pytest.raises(TooLarge):
        documents.commit(*(Create(f"a/{n}", {"s": "x" * 1_000_000}) for n in range(11)))
    assert documents.list(Listing("a")).items == []


@pytest.mark.parametrize(
    "data",
    [
        {"x": float("nan")},
        {"x": float("inf")},
        {"x": timedelta(1)},
        {"x": "\ud800"},
        nested(100_000),
    ],
    ids=["nan", "infinity", "object", "surrogate", "deep"],
)
def test_what_json_cannot_say_is_invalid(documents, data):
    with pytest.raises(Invalid):
        documents.commit(Create(PATH, data))
    assert documents.get(PATH) is None


def test_the_store_answers(documents):
    assert documents.ping() is None
