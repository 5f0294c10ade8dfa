"""Countries by their ISO 3166 codes, as the time zone database lists them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources


@cache
def known_countries() -> frozenset[str]:
    """Every country's code."""
    return frozenset(code for code, _ in _rows("iso3166.tab"))


@cache
def countries_of_zones() -> Mapping[str, str]:
    """The country of each zone that lies in one."""
    return {zone: code for code, _, zone in _rows("zone.tab")}


def _rows(table: str) -> Iterator[list[str]]:
    text = resources.files("tzdata").joinpath("zoneinfo", table).read_text("utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    columns = 2 if table == "iso3166.tab" else 3
    return (line.split("\t")[:columns] for line in lines)
