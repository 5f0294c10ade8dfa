"""Drawing a chart: what comes out, and what is never done for it."""

from __future__ import annotations

import copy
import struct
import zlib

import pytest

from shared.domain.summaries.chart import chart_of
from shared.domain.summaries.rendering import MOST_BYTES, SCALE, WIDTH, png_of
from shared.errors import Invalid
from tests.unit.summaries.letters import ALL, FALLING, HOSTILE

SPEC = chart_of(FALLING, "de-DE")
NOWHERE = "http://127.0.0.1:9/x"
DRAWN = [name for name, facts in ALL.items() if chart_of(facts, None)]


def size(png):
    return struct.unpack_from(">II", png, 16)


@pytest.mark.parametrize("name", DRAWN)
def test_a_week_is_drawn_as_wide_as_a_mail_and_small(name):
    png = png_of(chart_of(ALL[name], "fr-FR"))
    assert size(png)[0] == WIDTH * SCALE
    assert 5_000 < len(png) <= MOST_BYTES


def test_the_same_chart_is_the_same_bytes():
    assert png_of(SPEC) == png_of(copy.deepcopy(SPEC))


def test_another_chart_is_other_bytes():
    other = copy.deepcopy(SPEC)
    other["data"]["values"][0]["value"] = 20.0
    assert png_of(SPEC) != png_of(other)


def test_the_ground_is_transparent_so_that_dark_pages_stay_dark():
    png = png_of(SPEC)
    depth, colours = png[24], png[25]
    assert (depth, colours) == (8, 6)  # red, green, blue and how opaque
    at = png.index(b"IDAT")
    (length,) = struct.unpack_from(">I", png, at - 4)
    dots = zlib.decompress(png[at + 4 : at + 4 + length])
    assert dots[1 : 1 + 4 * 8] == bytes(4 * 8)  # the first dots of the first line


@pytest.mark.parametrize("text", [*HOSTILE, "\x0b\ufffe\uffff", "\ud800"])
def test_whatever_a_name_holds_it_is_drawn_or_refused(text):
    spec = copy.deepcopy(SPEC)
    for row in spec["data"]["values"]:
        row["day"] = f"{text}{row['day']}"
    spec["encoding"]["x"]["scale"]["domain"] = [row["day"] for row in spec["data"]["values"]]
    spec["description"] = spec["layer"][1]["mark"]["text"] = text
    try:
        assert size(png_of(spec))[0] == WIDTH * SCALE
    except Invalid:
        assert "\ud800" in text


@pytest.mark.parametrize(
    "changed",
    [
        {"data": {"url": NOWHERE}},
        {"data": {"url": "file:///etc/hostname", "format": {"type": "csv"}}},
        {"data": {"url": "data:text/csv,a%0A1"}},
        {"layer": [{"mark": {"type": "image", "url": NOWHERE}}]},
        {"layer": [{"mark": "image", "encoding": {"url": {"value": NOWHERE}}}]},
        {"layer": [{"mark": "image", "encoding": {"url": {"field": "day"}}}]},
        {"transform": [{"lookup": "a", "from": {"data": {"url": NOWHERE}, "key": "a"}}]},
        {"config": {"image": {"url": NOWHERE}}},
        {"datasets": {"a": [{"url": NOWHERE}]}},
    ],
)
def test_nothing_is_fetched_or_read_for_a_chart(changed):
    with pytest.raises(Invalid, match="names nothing to be fetched"):
        png_of({**SPEC, **changed})


@pytest.mark.parametrize("spec", [{}, {"mark": "nothing"}, {"mark": 1}, {**SPEC, "layer": "x"}])
def test_what_is_no_chart_is_refused(spec):
    with pytest.raises(Invalid):
        png_of(spec)


def test_a_chart_beyond_reason_is_refused_before_it_is_drawn():
    rows = [{"day": "x" * 100, "value": 1.0}] * 5_000
    with pytest.raises(Invalid, match="too large"):
        png_of({**SPEC, "data": {"values": rows}})
