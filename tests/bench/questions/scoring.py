"""Asks every question and says how often the suite was right, wrong, or would not answer.

    python -m tests.bench.questions.scoring [--set dev|holdout|both] [--misses] [--show-holdout]

The questions of `dev` are there to learn from. Those of `holdout` were drawn from the same
authoring, every third of each category by a hash of its id, and are looked at one by one by nobody
who works on the reading: their misses are printed only with --show-holdout.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Literal

from rich.console import Console
from rich.table import Table

from shared.domain.query.models import QueryAnswer
from tests.bench.questions.matching import nothing, right
from tests.bench.questions.world import Asker, open_project

SETS = ("dev", "holdout")
REFUSALS = ("clarification", "unanswerable")
Outcome = Literal[
    "right", "right refusal", "wrong", "missed refusal", "false refusal", "unfit refusal"
]
RIGHT = ("right", "right refusal")
CONFIDENT = ("wrong", "missed refusal")


@dataclass(frozen=True, slots=True)
class Case:
    """A conversation, the last turn of which is scored; `want` lists all that is right."""

    id: str
    category: str
    ask: tuple[str, ...]
    want: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """What became of a case; `seconds` of each of its turns."""

    case: Case
    outcome: Outcome
    answer: QueryAnswer
    seconds: tuple[float, ...]


@cache
def cases(name: str) -> tuple[Case, ...]:
    """The questions of a set."""
    lines = (Path(__file__).parent / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(
        Case(c["id"], c["category"], tuple(c["ask"]), tuple(c["want"]))
        for c in map(json.loads, lines)
    )


def judge(answer: QueryAnswer, want: Sequence[dict[str, Any]]) -> Outcome:
    """How an answer does beside all that would be right."""
    results = [w for w in want if "refuse" not in w]
    refusals = [w for w in want if "refuse" in w]
    empty = any(w["refuse"] == "no_data" for w in refusals)
    if answer.type in REFUSALS:
        if any(_refused_rightly(answer, w) for w in refusals):
            return "right refusal"
        return "false refusal" if results or empty else "unfit refusal"
    if (empty and nothing(answer)) or any(right(answer, w) for w in results):
        return "right"
    return "wrong" if results or empty else "missed refusal"


def _refused_rightly(answer: QueryAnswer, want: dict[str, Any]) -> bool:
    if want["refuse"] == "no_data":
        return answer.type == "unanswerable"
    said = "\n".join((answer.answer, *answer.suggestions)).casefold()
    return answer.type == want["refuse"] and all(
        choice.casefold() in said for choice in want.get("choices", ())
    )


@cache
def scored(name: str) -> tuple[Scored, ...]:
    """Every case of a set, asked in a fresh project."""
    with tempfile.TemporaryDirectory() as folder:
        asker = open_project(Path(folder))
        asker.ask("spend yesterday")  # loads what every process loads once
        found = tuple(_score(asker, case) for case in cases(name))
        asker.app.close()
    return found


def _score(asker: Asker, case: Case) -> Scored:
    session, seconds, answer = None, [], None
    for question in case.ask:
        began = time.perf_counter()
        answer = asker.ask(question, session)
        seconds.append(time.perf_counter() - began)
        session = answer.session_id
    assert answer is not None
    return Scored(case, judge(answer, case.want), answer, tuple(seconds))


def part(found: Iterable[Scored], outcomes: Sequence[Outcome]) -> str:
    """How many of them came out so, of how many, in percent."""
    all_of = list(found)
    some = sum(s.outcome in outcomes for s in all_of)
    return f"{some}/{len(all_of)} {some / max(1, len(all_of)):.1%}"


def times(found: Iterable[Scored]) -> tuple[float, float]:
    """Seconds from a question to its answer: p50 and p95."""
    seconds = [one for s in found for one in s.seconds]
    return median(seconds), quantiles(seconds, n=20)[-1]


def _table(name: str, found: Sequence[Scored]) -> Table:
    columns = {
        "right": RIGHT,
        "wrong but confident": CONFIDENT,
        "false refusal": ("false refusal",),
        "unfit refusal": ("unfit refusal",),
    }
    p50, p95 = (seconds * 1e3 for seconds in times(found))
    title = f"{name}: {len(found)} questions, {p50:.0f} ms each (p50), {p95:.0f} ms (p95)"
    table = Table("category", *columns, title=title, title_justify="left")
    groups: dict[str, list[Scored]] = {}
    for one in found:
        groups.setdefault(one.case.category, []).append(one)
    for category, of_it in {**groups, "all": found}.items():
        table.add_row(category, *(part(of_it, outcomes) for outcomes in columns.values()))
    return table


def _miss(one: Scored) -> str:
    read = one.answer.interpretation
    return "\n".join(
        (
            f"{one.case.id}  {one.outcome}: {' → '.join(one.case.ask)}",
            f"  want  {json.dumps(one.case.want, ensure_ascii=False)}",
            f"  {one.answer.type}  {one.answer.answer[:300]}",
            f"  read  {read.model_dump_json(exclude_none=True) if read else '–'}",
        )
    )


def main(arguments: Sequence[str]) -> int:
    """Score and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--set", choices=(*SETS, "both"), default="both")
    parser.add_argument("--misses", action="store_true", help="print the misses of dev")
    parser.add_argument("--show-holdout", action="store_true", help="and those of holdout")
    chosen = parser.parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else 120)
    for name in SETS if chosen.set == "both" else (chosen.set,):
        console.print(_table(name, scored(name)))
        if (chosen.misses and name == "dev") or (chosen.show_holdout and name == "holdout"):
            missed = (s for s in scored(name) if s.outcome not in RIGHT)
            print("\n".join(map(_miss, missed)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
