"""Files that are no tables, or mean harm: refused with what to do, never a crash, never long."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.errors import Invalid, Malformed, TooLarge

HEAD = b"date,channel,campaign,spend\n"
ROW = b"2025-03-01,meta,A,1\n"


def workbook() -> bytes:
    raw = BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return raw.getvalue()


NO_TABLE = {
    "nothing": (b"", "is empty"),
    "blank lines": (b"\r\n \n\t\n", "is empty"),
    "only a mark": (b"\xef\xbb\xbf", "is empty"),
    "a workbook": (workbook(), "Excel workbook"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel workbook"),
    "gzip": (b"\x1f\x8b\x08\x00", "gzip"),
    "a PDF": (b"%PDF-1.7", "PDF"),
    "zeros": (HEAD + b"\x00\x00", "binary zeros"),
    "UTF-16 without a mark": ("date,channel".encode("utf-16-le"), "binary zeros"),
    "broken UTF-16": (b"\xff\xfe" + b"\x00\xd8" * 3, "not valid UTF-16"),
    "no text at all": (b"date,channel,spend\n\x81\x8d\x8f\n", "not valid"),
    "a mark, then other bytes": (b"\xef\xbb\xbf" + HEAD + b"\xff\xff", "not valid UTF-8"),
    "a line of 1 MiB": (HEAD + b"x" * ((1 << 20) + 1) + b"\n", "longer than 1 MiB"),
    "broken lines throughout": (HEAD + b"x\n" * 100_001, "do not have the 4 cells"),
    "a quote without its pair": (HEAD + b'"' + b"a,b\n" * 600_000, "missing its pair"),
}


@pytest.mark.parametrize(("raw", "why"), NO_TABLE.values(), ids=NO_TABLE)
def test_what_is_no_table_is_refused_with_what_to_do(project, raw, why) -> None:
    with pytest.raises(Malformed) as refused:
        project.load(raw)
    assert why in refused.value.detail


def test_a_column_of_endless_dates_is_refused(project) -> None:
    rows = b"".join(b"x%d,meta,A,1\n" % number for number in range(100_001))
    with pytest.raises(Invalid, match="'date' should hold days"):
        project.load(HEAD + rows)


TOO_LARGE = {
    "lines": HEAD + b"\n" * 2_000_001,
    "bytes": HEAD + (b"x" * 999 + b"\n") * 67_200,
}


@pytest.mark.parametrize("raw", TOO_LARGE.values(), ids=TOO_LARGE)
def test_a_file_over_its_bound_is_refused(project, raw) -> None:
    with pytest.raises(TooLarge, match="Split it"):
        project.load(raw)


PATIENCE = {
    "spaces in a header": b"date,channel,spend," + b" " * 200_000 + b"x\n",
    "underscores in a header": b"date,channel,spend," + b"_" * 200_000 + b"(\n",
    "combining marks in a header": b"date,channel,spend," + ("\u0301\u0323" * 50_000).encode(),
    "combining marks in a cell": HEAD + b"2025-03-01,meta," + ("\u0301\u0323" * 200_000).encode(),
    "spaces in a cell": HEAD + b"," + b" " * 900_000 + b"x,A,1\n",
    "spaces in a date": HEAD + b"2025-03-01" + b" " * 900_000 + b"x,meta,A,1\n",
    "digits in a number": HEAD + b"2025-03-01,meta,A," + b"1," * 400_000 + b"\n",
    "a quoted number": HEAD + b'2025-03-01,meta,A,"' + b"1,234" * 200_000 + b'"\n',
    "quotes": HEAD + b'"' * 900_001 + b"\n",
    "many cells": b"a," * 100_000 + b"\n" + HEAD,
    "half empty lines": HEAD + b",\n" * 50_000,
}


@pytest.mark.parametrize("raw", PATIENCE.values(), ids=PATIENCE)
def test_no_file_makes_us_wait(project, raw) -> None:
    """Each of these takes minutes where some step is quadratic."""
    try:
        project.load(raw + b"\n" + ROW)
    except (Malformed, Invalid) as refused:
        assert refused.detail


PIECES = (
    b'date|channel|spend|,|;|\t|\n|\r|"| |1.234|-|{|}|[|:|2025-03-01|01/02/25|meta|Total|1e9|%|nan'
    b"|\xff\xfe|\xef\xbb\xbf|\xe4|\x00|\xe2\x82\xac|'|date,channel,spend\n"
).split(b"|")
BYTES = st.binary(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join)


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=BYTES)
def test_no_bytes_raise_anything_but_our_errors(tray, raw) -> None:
    for load in (tray.load, tray.load_campaigns):
        for media_type in ("text/csv", "application/x-ndjson"):
            try:
                report = load(raw, media_type, dry_run=True)
            except (Malformed, Invalid) as refused:
                assert refused.detail
            else:
                assert len(report.errors) <= 100
                assert bool(report.errors) == bool(report.rejected)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.lists(st.lists(st.text(max_size=12), min_size=4, max_size=4), max_size=6))
def test_no_cell_raises_or_loses_a_row(tray, cells) -> None:
    """Any text in any cell: each row is written, rejected with its line, or left out as a total."""
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in cells]
    raw = (HEAD.decode() + "\n".join(quoted)).replace("\0", "").encode("utf-8", "replace")
    report = tray.load(raw, on_error="skip_rows", dry_run=True)
    assert report.rejected <= len(cells)
    assert all(error.column for error in report.errors)
