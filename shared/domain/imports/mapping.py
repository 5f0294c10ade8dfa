"""Which source column fills which target."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from shared.domain.imports.aliases import (
    CAMPAIGNS_ALIASES,
    CURRENCY_CODES,
    CURRENCY_SIGNS,
    METRICS_ALIASES,
    PLATFORM_MARKS,
    Tiers,
)
from shared.domain.imports.layout import Layout
from shared.domain.semantics import STORED_METRICS
from shared.errors import FieldError, Invalid

MAX_COLUMNS = 200
_MAPPED, _EXACT = -2, -1
_ALIASES = {"channel_daily": METRICS_ALIASES, "campaigns": CAMPAIGNS_ALIASES}
_CODES = "|".join(CURRENCY_CODES.split()).casefold()
_SIGNS = "|".join(re.escape(sign.casefold()) for sign in CURRENCY_SIGNS)
_MONEY_TAIL = re.compile(rf"(?:[(\[] ?(?:{_CODES}|{_SIGNS}) ?[)\]]| (?:{_CODES}))$")
_MAX_NAME = 100


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """`source` gives each target its column number; `channel` is set when the columns imply it."""

    headers: tuple[str, ...]
    source: Mapping[str, int]
    channel: str | None = None
    warnings: tuple[str, ...] = field(default=())

    def header(self, target: str) -> str | None:
        """The source column's own name."""
        return self.headers[self.source[target]] if target in self.source else None


def plain(header: str) -> str:
    """A header without what does not count: `Amount spent (EUR)` is `amount_spent`."""
    decomposed = unicodedata.normalize("NFKD", shown(header).casefold().replace("_", " "))
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "", _MONEY_TAIL.sub("", letters.strip()))


def shown(header: str) -> str:
    """A header on one line and of a bounded length."""
    return " ".join(header[: 2 * _MAX_NAME].split())[:_MAX_NAME]


@cache
def _ranks(table: str) -> dict[str, tuple[str, int]]:
    """Plain header → target and rank; the smaller rank is preferred."""
    aliases: dict[str, Tiers] = _ALIASES[table]
    found = {
        plain(name): (target, rank)
        for target, tiers in aliases.items()
        for rank, names in enumerate(tiers)
        for name in names.split("|")
    }
    return found | {plain(target): (target, _EXACT) for target in aliases}


def recognised(headers: Sequence[str], layout: Layout, chosen: Mapping[str, str]) -> set[str]:
    """The targets that some header names."""
    ranks, mapped = _ranks(layout.table.name), {plain(s): t for s, t in chosen.items()}
    names = [plain(header) for header in headers[:MAX_COLUMNS]]
    return {mapped.get(name) or ranks[name][0] for name in names if name in mapped or name in ranks}


def complete(targets: set[str], layout: Layout) -> bool:
    """Whether every required group has a column."""
    return all(targets.intersection(group) for group in layout.required)


def match(headers: Sequence[str], layout: Layout, chosen: Mapping[str, str]) -> ColumnMap:
    """Map columns to targets by `chosen`, then by name. Raises Invalid when that cannot be told."""
    if len(headers) > MAX_COLUMNS:
        raise Invalid(f"The file has {len(headers)} columns; at most {MAX_COLUMNS} are read.")
    headers = tuple(shown(header) for header in headers)
    candidates = _candidates(headers, layout, chosen)
    for group in layout.required:
        if not candidates.keys() & set(group):
            raise _missing(" or ".join(group), headers)
    source = {target: _best(target, found, headers, layout) for target, found in candidates.items()}
    columns = ColumnMap(headers, source, None, tuple(_notes(headers, candidates, source, layout)))
    return columns if "channel" not in layout.by_name else _with_channel(_with_day(columns))


def _best(target: str, found: list[tuple[int, int]], headers: Sequence[str], layout: Layout) -> int:
    """The column of the best rank; two of that rank are a question, if the target is stored."""
    best = [column for rank, column in found if rank == min(found)[0]]
    if len(best) > 1 and any(target == column.name for column in layout.table.columns):
        raise _ambiguous(target, [headers[column] for column in best])
    return best[0]


def _notes(
    headers: Sequence[str],
    candidates: Mapping[str, list[tuple[int, int]]],
    source: Mapping[str, int],
    layout: Layout,
) -> Iterator[str]:
    """What a person should know of the columns that were passed over, ignored or not found."""
    for target, found in candidates.items():
        others = [headers[column] for _, column in found if column != source[target]]
        if others:
            yield f"'{headers[source[target]]}' is read as {target}, not {listed(others)}."
    known = {column for found in candidates.values() for _, column in found}
    ignored = [header for i, header in enumerate(headers) if header and i not in known]
    if ignored:
        yield f"Columns that are not used: {listed(ignored)}."
    empty = [t for t in STORED_METRICS if t in layout.by_name and t not in source]
    if empty:
        yield (
            f"No column for {', '.join(empty)}: what is stored stays as it is, and new rows are "
            "left empty, which is not zero."
        )


def _candidates(
    headers: Sequence[str], layout: Layout, chosen: Mapping[str, str]
) -> dict[str, list[tuple[int, int]]]:
    """Target → (rank, column number) of every column that could fill it."""
    ranks, mapped = _ranks(layout.table.name), _mapped(headers, layout, chosen)
    candidates: dict[str, list[tuple[int, int]]] = {}
    for column, header in enumerate(headers):
        known = ranks.get(plain(header))
        target, rank = (mapped[column], _MAPPED) if column in mapped else known or ("", 0)
        if target:
            candidates.setdefault(target, []).append((rank, column))
    return candidates


def _mapped(headers: Sequence[str], layout: Layout, chosen: Mapping[str, str]) -> dict[int, str]:
    """Column number → target, as the person chose."""
    found: dict[int, str] = {}
    for source, target in chosen.items():
        if target not in layout.by_name:
            raise _bad_choice(f"'{target}' is no target; there are {', '.join(layout.by_name)}")
        exact = [i for i, header in enumerate(headers) if header == shown(source)]
        columns = exact or [i for i, header in enumerate(headers) if plain(header) == plain(source)]
        if not columns:
            raise _bad_choice(f"the file has no column '{source}'; it has {listed(headers)}")
        found.update(dict.fromkeys(columns, target))
    return found


def _with_day(columns: ColumnMap) -> ColumnMap:
    """Where a row's period ends matters only if its date is where the period starts."""
    _, rank = _ranks("channel_daily").get(plain(columns.header("date") or ""), ("", 1))
    kept = {t: c for t, c in columns.source.items() if t != "period_end" or rank > 0}
    return replace(columns, source=kept)


def _with_channel(columns: ColumnMap) -> ColumnMap:
    """Columns that only one platform exports together stand in for a channel column."""
    if "channel" in columns.source:
        return columns
    names = {plain(header) for header in columns.headers}
    marks = [(c, m) for c, m in PLATFORM_MARKS if names.issuperset(plain(name) for name in m)]
    if len({channel for channel, _ in marks}) != 1:
        raise _missing("channel", columns.headers)
    channel, mark = marks[0]
    found = " and ".join(f"'{name}'" for name in mark)
    note = f"No channel column; read as {channel}, whose exports have {found}."
    return replace(columns, channel=channel, warnings=(*columns.warnings, note))


def listed(headers: Sequence[str]) -> str:
    """Header names for a message, bounded."""
    names = ", ".join(f"'{header}'" for header in map(shown, headers[:20]) if header)
    return f"{names} and {len(headers) - 20} more" if len(headers) > 20 else names


def _missing(what: str, headers: Sequence[str]) -> Invalid:
    return Invalid(
        f"No column for {what} was found. The file has {listed(headers)}. "
        f"Add the column, or name the one that holds it with ?map=Your column:{what.split()[0]}.",
        errors=[FieldError("file", f"no column for {what}")],
    )


def _ambiguous(target: str, names: Sequence[str]) -> Invalid:
    return Invalid(
        f"{listed(names)} could each be {target}. Choose one with ?map={names[0]}:{target}.",
        errors=[FieldError("map", f"{target} has {len(names)} candidate columns")],
    )


def _bad_choice(why: str) -> Invalid:
    return Invalid(f"The column map does not fit: {why}.", errors=[FieldError("map", why)])
