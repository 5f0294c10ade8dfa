"""Import of a million rows beside DuckDB reading the same file into a new database."""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

ROWS = 1_000_000
TURNS = 3
TIME_TARGET, MEMORY_TARGET = 3.3, 600  # times DuckDB's own, MiB
ROOT = Path(__file__).parents[2]
CHANNELS = ("google_ads", "meta", "tiktok", "linkedin", "email")
NOW, TODAY = datetime(2025, 4, 1, 12, tzinfo=UTC), date(2025, 4, 1)


def run() -> list[dict[str, Any]]:
    """Time and memory; ours and the baseline in turns, medians, each in a fresh process."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "metrics.csv"
        file.write_text("".join(lines()), encoding="utf-8")
        first, again, baseline, memory = zip(
            *(_turn(file, Path(folder) / str(turn)) for turn in range(TURNS)), strict=True
        )
        size = file.stat().st_size / 1e6
    read = median(baseline)
    return [
        _row(f"import {ROWS:,} rows, {size:.0f} MB", median(first), read),
        _row("import the same file again", median(again), read),
        {
            "what": "memory added by the import",
            "ours": f"{median(memory):.0f} MiB",
            "baseline": "",
            "ratio": "",
            "target": f"< {MEMORY_TARGET} MiB",
            "met": "yes" if median(memory) < MEMORY_TARGET else "NO",
        },
    ]


def _row(what: str, ours: float, baseline: float) -> dict[str, Any]:
    ratio = ours / baseline
    return {
        "what": what,
        "ours": f"{ours:.2f} s, {ROWS / ours / 1000:,.0f} k rows/s",
        "baseline": f"{baseline:.2f} s",
        "ratio": f"{ratio:.2f}",
        "target": f"≤ {TIME_TARGET}",
        "met": "yes" if ratio <= TIME_TARGET else "NO",
    }


def _turn(file: Path, folder: Path) -> tuple[float, float, float, float]:
    """First import, second import, the baseline (seconds) and the memory of the imports (MiB)."""
    folder.mkdir()
    first, again, memory = _process("ours", file, folder / "ours.db")
    (baseline,) = _process("duckdb", file, folder / "duckdb.db")
    return first, again, baseline, memory


def _process(who: str, file: Path, store: Path) -> list[float]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.bench_import", who, str(file), str(store)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [float(figure) for figure in done.stdout.split()]


def ours(file: Path, store: Path) -> list[float]:
    """Seconds of two imports into a new file, and MiB that they added to what was loaded."""
    from shared.adapters.local.warehouse import DuckDbWarehouse
    from shared.domain.imports import ImportOptions, Upload, import_metrics

    warehouse = DuckDbWarehouse(store)

    def load(path: Path) -> None:
        with path.open("rb") as raw:
            upload = Upload(raw, "text/csv")
            report = import_metrics(
                warehouse, "bench", upload, ImportOptions(), now=NOW, today=TODAY
            )
        assert report.rejected == 0

    small = store.with_suffix(".csv")
    small.write_text("".join(line for _, line in zip(range(100), lines(), strict=False)))
    load(small)  # loads Arrow and DuckDB and opens the store
    before = _peak()
    seconds = [_seconds(lambda: load(file)) for _ in range(2)]
    warehouse.close()
    return [*seconds, _peak() - before]


def duckdb(file: Path, store: Path) -> list[float]:
    """Seconds to read the file into a new database file."""
    import duckdb

    def load() -> None:
        with duckdb.connect(str(store)) as connection:
            connection.execute("CREATE TABLE t AS SELECT * FROM read_csv(?)", [str(file)])

    with duckdb.connect() as warm:
        warm.execute("SELECT 1")
    return [_seconds(load)]


def lines() -> Iterator[str]:
    """Rows of distinct days and campaigns, in plain CSV."""
    chance = random.Random(42)
    yield "date,channel,campaign,spend,impressions,clicks,conversions,revenue\n"
    for row in range(ROWS):
        day, campaign = TODAY - timedelta(days=1 + row // 700), row % 700
        impressions = chance.randint(100, 90_000)
        yield (
            f"{day},{CHANNELS[campaign % 5]},Campaign_{campaign:03},{chance.uniform(1, 900):.2f},"
            f"{impressions},{impressions // 40},{chance.uniform(0, 40):.1f},"
            f"{chance.uniform(0, 3000):.2f}\n"
        )


def _seconds(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    who, file, store = sys.argv[1:]
    print(*{"ours": ours, "duckdb": duckdb}[who](Path(file), Path(store)))
