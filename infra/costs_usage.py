"""What so many projects use in a month, and what that comes to. The numbers: costs_tables.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from infra.costs_tables import ASSUMED, PRICES, WORK, Work
from shared.runtime.catalog import Function

GIB, TIB, KIB, MB = Decimal(1 << 30), Decimal(1 << 40), Decimal(1 << 10), Decimal(1_000_000)
HOURS = Decimal(730)

Usage = dict[str, Decimal]
Calls = list[tuple[Work, Decimal]]


def number(name: str) -> Decimal:
    """An assumption's value."""
    return ASSUMED[name].value


def firings_per_day(schedule: str) -> Decimal:
    """How often a cron line with minutes, hours and weekdays fires on an average day."""
    minute, hour, _, _, weekday = schedule.split()
    a_week = _count(minute, 60) * _count(hour, 24) * _count(weekday, 7)
    return Decimal(a_week) / 7


def _count(field: str, size: int) -> int:
    if field == "*":
        return size
    if field.startswith("*/"):
        return -(-size // int(field[2:]))
    return len(field.split(","))


def day_bytes(projects: int) -> Decimal:
    """Logical bytes of one day of all projects: one partition."""
    return projects * number("rows") * number("row_bytes")


def scanned_bytes(partition: Decimal, partitions: Decimal, share: Decimal) -> Decimal:
    """Bytes that one query bills for a share of these partitions, clustered by project."""
    least = number("least_mb") * MB
    return max(least, partitions * share * min(partition, number("block_mb") * MB))


def usage(projects: int, catalog: Mapping[str, Function]) -> Usage:
    """Units of every price that so many projects use in a month, together."""
    calls = [(work, _calls(work, projects, catalog)) for work in WORK]
    return {
        **_served(calls, catalog),
        **_written(calls, projects),
        **_analysed(calls, projects),
        **_asked(calls),
        "people": projects * number("people"),
        **_fixed(catalog),
        "rules": HOURS,
        "armor": Decimal(1),
        "judged": _sum(n for work, n in calls if not catalog[work.function].topic) / 1_000_000,
    }


def _served(calls: Calls, catalog: Mapping[str, Function]) -> Usage:
    """What Cloud Run, Pub/Sub, the network and the logs carry."""
    every = _sum(count for _, count in calls)
    seconds = [(catalog[work.function], count * work.seconds) for work, count in calls]
    events = _sum(count for work, count in calls if catalog[work.function].topic)
    out = _sum(count * work.answer_kib for work, count in calls) * KIB / GIB
    return {
        "requests": every / 1_000_000,
        "cpu": _sum(time for _, time in seconds),
        "memory": _sum(gib(function.memory) * time for function, time in seconds),
        "messages": 2 * events * number("message_kib") * KIB / TIB,
        "logs": every * number("log_kib") * KIB / GIB,
        "egress": out,
        "carried": out,
    }


def _written(calls: Calls, projects: int) -> Usage:
    """What Firestore does and keeps."""
    kept = projects * number("documents_mib") / 1024
    return {
        "reads": _sum(count * work.reads for work, count in calls) / 100_000,
        "writes": _sum(count * work.writes for work, count in calls) / 100_000,
        "deletes": _sum(count * work.expiring for work, count in calls) / 100_000,
        "documents": kept,
        "backups": kept * number("backup_times"),
    }


def _analysed(calls: Calls, projects: int) -> Usage:
    """What BigQuery bills for queries and for the merge of each import, and keeps."""
    day = day_bytes(projects)
    query = scanned_bytes(day, number("query_days"), number("query_share"))
    merge = scanned_bytes(day, number("import_days"), Decimal(1))
    queries = _sum(count * work.queries for work, count in calls)
    merges = _sum(count * work.merges for work, count in calls)
    return {
        "scanned": (queries * query + merges * merge) / TIB,
        "rows": day * number("history_days") / GIB,
    }


def _asked(calls: Calls) -> Usage:
    """What the model reads and writes."""
    asked = _sum(count * number(work.asks) for work, count in calls if work.asks)
    return {
        "input": asked * number("input_tokens") / 1_000_000,
        "output": asked * number("output_tokens") / 1_000_000,
    }


def _fixed(catalog: Mapping[str, Function]) -> Usage:
    return {
        "jobs": Decimal(sum(1 for f in catalog.values() if f.schedule)),
        "secrets": Decimal(2),
        "images": number("images") * number("image_gib"),
        "builds": number("builds") * 5,
        "alerts": number("alerts"),
    }


def _calls(work: Work, projects: int, catalog: Mapping[str, Function]) -> Decimal:
    schedule = catalog[work.function].schedule
    timed = firings_per_day(schedule) if schedule else Decimal(0)
    return number("days") * (work.a_day * projects + timed)


def _sum(numbers: Iterable[Decimal]) -> Decimal:
    return sum(numbers, Decimal(0))


def gib(memory: str) -> Decimal:
    """`512Mi` or `1Gi` in GiB."""
    return Decimal(memory[:-2]) / (1024 if memory.endswith("Mi") else 1)


def dollars(used: Usage, *, free: bool = True) -> Usage:
    """What each price comes to, with or without what is free."""
    return {
        name: max(Decimal(0), used[name] - (price.free if free else 0)) * price.usd
        for name, price in PRICES.items()
    }
