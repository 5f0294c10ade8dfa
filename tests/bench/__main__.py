"""`make bench`: every measurement against a named baseline in the same run, as tables of ratios.

A module bench_<what>.py here has `run()`, which returns rows; nothing else is needed to add one.
`python -m tests.bench functions` runs only bench_functions.py.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

COLUMNS = ("what", "ours", "baseline", "ratio", "target", "met")


def main() -> int:
    """Run the chosen measurements and print them."""
    names = sorted(p.stem for p in Path(__file__).parent.glob("bench_*.py"))
    chosen = [n for n in names if not sys.argv[1:] or n.removeprefix("bench_") in sys.argv[1:]]
    console = Console(width=None if sys.stdout.isatty() else 140)
    for name in chosen:
        module = importlib.import_module(f"tests.bench.{name}")
        title = (module.__doc__ or name).strip().splitlines()[0]
        table = Table(title=title, title_justify="left")
        for column in COLUMNS:
            table.add_column(column, justify="left" if column == "what" else "right")
        for row in module.run():
            table.add_row(*(str(row.get(column, "")) for column in COLUMNS))
        console.print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
