"""What Google asks for what, and what a project of ordinary size does in a day. All numbers of
the estimate are here; infra/costs.py only multiplies.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from shared.adapters.google.prices import PRICES as MODEL_PRICES

MODEL = "gemini-3.8-flash"  # what terraform/variables.tf takes if nothing else is said
LOOKED_UP = "November 2026"


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for one unit, the units that are free in a month, and where that stands."""

    item: str
    usd: Decimal
    unit: str
    free: Decimal
    source: str
    verified: bool = True


def _price(item: str, usd: str, unit: str, free: str, page: str) -> Price:
    return Price(item, Decimal(usd), unit, Decimal(free), f"https://cloud.google.com/{page}")


def _second_hand(item: str, usd: str, unit: str, free: str, page: str) -> Price:
    """A price that others report; the page itself could not be read."""
    return replace(_price(item, usd, unit, free, page), verified=False)


def _model(item: str, usd: Decimal) -> Price:
    page = "https://ai.google.dev/gemini-api/docs/pricing"
    return Price(item, usd, "1 M tokens", Decimal(0), page)


# europe-west1, Firestore in eur3, BigQuery in EU: the defaults of terraform/variables.tf.
PRICES: dict[str, Price] = {
    "requests": _second_hand("Cloud Run requests", "0.40", "1 M", "2", "run/pricing"),
    "cpu": _price(
        "Cloud Run CPU while it serves", "0.000024", "vCPU-second", "180000", "run/pricing"
    ),
    "memory": _second_hand(
        "Cloud Run memory while it serves", "0.0000025", "GiB-second", "360000", "run/pricing"
    ),
    "reads": _price("Firestore reads", "0.06", "100,000", "15", "firestore/pricing"),
    "writes": _price("Firestore writes", "0.18", "100,000", "6", "firestore/pricing"),
    "deletes": _price("Firestore deletes by expiry", "0.02", "100,000", "0", "firestore/pricing"),
    "documents": _second_hand("Firestore storage", "0.18", "GiB", "1", "firestore/pricing"),
    "backups": _second_hand(
        "Firestore backups and recovery", "0.18", "GiB", "0", "firestore/pricing"
    ),
    "scanned": _second_hand("BigQuery queries", "6.25", "TiB", "1", "bigquery/pricing"),
    "rows": _second_hand("BigQuery storage", "0.02", "GiB", "10", "bigquery/pricing"),
    "messages": _price("Pub/Sub throughput", "40", "TiB", "0.009765625", "pubsub/pricing"),
    "input": _model(f"{MODEL}, input", MODEL_PRICES[MODEL].input),
    "output": _model(f"{MODEL}, output", MODEL_PRICES[MODEL].output),
    "logs": _price("Cloud Logging", "0.50", "GiB", "50", "stackdriver/pricing"),
    "egress": _price("Data out to the internet", "0.12", "GiB", "1", "vpc/network-pricing"),
    "people": _second_hand(
        "Identity Platform", "0.0055", "active user", "50000", "identity-platform/pricing"
    ),
    "jobs": _price("Cloud Scheduler", "0.10", "job", "3", "scheduler/pricing"),
    "secrets": _price("Secret Manager", "0.06", "version", "6", "secret-manager/pricing"),
    "images": _second_hand("Artifact Registry", "0.10", "GiB", "0.5", "artifact-registry/pricing"),
    "builds": _second_hand("Cloud Build", "0.006", "minute", "2500", "build/pricing"),
    "alerts": _second_hand("Alert conditions", "0.10", "condition", "0", "stackdriver/pricing"),
    "rules": _price("Front door: forwarding", "0.025", "hour", "0", "load-balancing/pricing"),
    "carried": _price("Front door: data", "0.008", "GiB", "0", "load-balancing/pricing"),
    "armor": _second_hand("Front door: rate limit", "7", "policy", "0", "armor/pricing"),
    "judged": _second_hand(
        "Front door: rate-limited requests", "0.75", "1 M", "0", "armor/pricing"
    ),
}


@dataclass(frozen=True, slots=True)
class Work:
    """One kind of call: how often, and what one of them takes."""

    function: str
    call: str
    a_day: Decimal  # for each project; a timed function's come from its schedule
    seconds: Decimal
    reads: int = 0
    writes: int = 0
    expiring: int = 0  # documents that it leaves to be deleted
    queries: int = 0
    merges: int = 0
    asks: str = ""  # the assumption that says which part of them a model is asked about
    answer_kib: int = 2


def _work(function: str, call: str, a_day: str, seconds: str, **takes: Any) -> Work:
    return Work(function, call, Decimal(a_day), Decimal(seconds), **takes)


WORK: tuple[Work, ...] = (
    _work("platform", "the API's description", "0.2", "0.1", answer_kib=64),
    _work("projects", "projects and members", "10", "0.1", reads=3),
    _work("metrics", "numbers for a dashboard", "20", "1", reads=3, queries=1, answer_kib=20),
    _work("metrics", "a file imported", "1", "6", reads=4, writes=4, expiring=1, merges=1),
    _work(
        "nl_query",
        "a question",
        "5",
        "3",
        reads=6,
        writes=7,
        expiring=5,
        queries=1,
        asks="model_share",
        answer_kib=8,
    ),
    _work("vocabulary", "names learned after an import", "1", "2", reads=3, writes=2, queries=1),
    _work("utm", "a link built or read back", "3", "0.1", reads=5, writes=1),
    _work("anomaly_scan", "a morning's order for a project", "1", "0.01", reads=1),
    _work(
        "anomaly_detect",
        "a project looked at",
        "1",
        "3",
        reads=20,
        writes=6,
        expiring=1,
        queries=2,  # of twice the days that a question reads, without the small one for the plans
    ),
    _work("anomalies", "anomalies read or acted on", "6", "0.2", reads=6, writes=1, answer_kib=8),
    _work("summary_scan", "a Monday's order for a project", "0.14", "0.01", reads=1),
    _work(
        "summary_write",
        "a week summed up",
        "0.14",
        "8",
        reads=10,
        writes=5,
        expiring=3,
        queries=4,
        asks="summary_share",
    ),
    _work("summaries", "a summary read", "3", "0.2", reads=4, answer_kib=40),
    _work("people", "an inbox or preferences", "10", "0.1", reads=4, answer_kib=4),
    _work("notify", "what was found, routed", "0.3", "0.3", reads=12, writes=10, expiring=4),
    _work("notify", "a summary, routed", "0.14", "0.3", reads=12, writes=7, expiring=1),
    _work("deliver", "an e-mail or webhook", "0.6", "1", reads=6, writes=3, expiring=2),
    _work("deliver", "a summary mailed", "0.42", "1", reads=8, writes=4, expiring=3),
    _work("relay", "a look at the outbox", "0", "0.5", reads=2),
)


@dataclass(frozen=True, slots=True)
class Assumption:
    """One number that was chosen, and why."""

    value: Decimal
    text: str


def _assume(value: str, text: str) -> Assumption:
    return Assumption(Decimal(value), text)


ASSUMED: dict[str, Assumption] = {
    "days": _assume("30", "days in a month"),
    "people": _assume("3", "active users of a project"),
    "rows": _assume("20", "rows of a project's day: channels × campaigns"),
    "row_bytes": _assume("120", "logical bytes of a row"),
    "history_days": _assume("730", "days of metrics kept"),
    "query_days": _assume("90", "days that a question or dashboard spans"),
    "query_share": _assume("0.45", "of a row's bytes that it reads: 5 of 11 columns"),
    "import_days": _assume("7", "days that an import restates"),
    "block_mb": _assume(
        "64",
        "MB of a day's partition that clustering cannot leave out"
        " (documented: it helps partitions over 64 MB)",
    ),
    "least_mb": _assume("10", "MB that BigQuery bills at least for a table in a query"),
    "model_share": _assume(
        "0.3", "of questions that a model will be asked about; today code reads all of them"
    ),
    "summary_share": _assume("1", "of summaries that a model is asked to word"),
    "input_tokens": _assume("6000", "tokens in such a request"),
    "output_tokens": _assume("800", "tokens in its answer, thoughts included"),
    "documents_mib": _assume("2", "MiB of documents and indexes of a project"),
    "backup_times": _assume("3", "times that size in backups and versions"),
    "log_kib": _assume("2", "KiB of log for a call: the function's line and Cloud Run's"),
    "message_kib": _assume("1", "KiB billed at least for a message, published and delivered"),
    "image_gib": _assume("0.35", "GiB of an image; layers that are the same are kept once"),
    "images": _assume("20", "images kept"),
    "builds": _assume("20", "builds, of five minutes each"),
    "alerts": _assume("11", "alert conditions (terraform/alerts.tf)"),
}
SIZES = (10, 1_000, 100_000)
