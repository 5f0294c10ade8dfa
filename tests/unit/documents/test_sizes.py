"""How much a commit carries is counted in bytes, as stores do, not in characters."""

from __future__ import annotations

import pytest

from shared.errors import TooLarge
from shared.ports import Create

KIB = 1 << 10


def writes(sign: str, size: int) -> list[Create]:
    """So many KiB of JSON, in documents of half a MiB."""
    text = sign * ((512 * KIB - len('{"t":""}')) // len(sign.encode()))
    return [Create(f"sizes/{n}", {"t": text}) for n in range(size // 512)]


@pytest.mark.parametrize("sign", ["x", "ü", "日", "😀"])
def test_a_commit_of_more_bytes_than_it_carries_is_refused_whole(world, sign):
    documents = world.app.suite.documents
    with pytest.raises(TooLarge, match="10 MiB"):
        documents.commit(*writes(sign, 11 << 10))
    assert documents.get("sizes/0") is None
    documents.commit(*writes(sign, 10 << 10))
    assert documents.get("sizes/19") is not None
