"""UTM links: a batch beside a naive build of the same links, and how often the naive one is right.

The naive build is what a script does: urllib's parse, urlencode, unparse. Both sides read and write
the same CSV on one core; a batch also checks, warns, names the channel group and hashes.
"""

from __future__ import annotations

import csv
import io
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from shared.domain.utm.batch import tag_file
from shared.domain.utm.build import build
from shared.domain.utm.conventions import Rules
from shared.domain.utm.fields import FIELDS
from shared.domain.utm.refusal import Refused
from tests.unit.utm.cases import BUILT, PLAIN, REFUSED

LINES = 50_000
ROUNDS = 5
TARGET = 20_000
COLUMNS = ("url", "source", "medium", "campaign", "content")


def run() -> list[dict[str, Any]]:
    """The rows: links a second in memory and over HTTP, and the share of rules kept."""
    data = table()
    own, naive = [], []
    for _ in range(ROUNDS):
        own.append(_rate(lambda: tag_file(io.BytesIO(data), Rules(), lambda _: None)))
        naive.append(_rate(lambda: naive_file(data)))
    ours, base = median(own), median(naive)
    stored = _over_http(data)
    right, wrong, most = _share(_ours), _share(_naive), len(BUILT) + len(REFUSED)
    return [
        row("links a second, batch on one core", ours, base, TARGET),
        row("links a second over HTTP, stored", stored, base, None),
        {
            "what": "rules of the published table kept",
            "ours": f"{right} of {most}",
            "baseline": f"{wrong} of {most} naive build",
            "ratio": f"{right / wrong:.2f} ×",
            "target": "all",
            "met": "yes" if right == most else "NO",
        },
    ]


def row(what: str, ours: float, base: float, target: int | None) -> dict[str, Any]:
    return {
        "what": f"{what}, {LINES:,} lines",
        "ours": f"{ours:,.0f}/s",
        "baseline": f"{base:,.0f}/s naive build",
        "ratio": f"{ours / base:.2f} ×",
        "target": f"≥ {target:,}/s" if target else "–",
        "met": ("yes" if ours >= target else "NO") if target else "",
    }


def table() -> bytes:
    """Different links as a campaign plan has them: some with parameters, some with faults."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(COLUMNS)
    for n in range(LINES):
        url = f"https://shop.example.com/produkte/{n % 997}/artikel-{n}"
        query = ("", f"?ref={n}&size=XL", f"?q=rote+schuhe%20{n}&utm_source=alt", "?gclid=Cj0K")[
            n % 4
        ]
        source = ("Newsletter", "google", "facebook", "Partner Portal")[n % 7 % 4]
        medium = ("email", "cpc", "Paid Social", "referral")[n % 5 % 4]
        lines.writerow([url + query, source, medium, f"Frühjahr {n % 50}", f"Banner {n % 211}"])
    return out.getvalue().encode()


def naive_file(data: bytes) -> str:
    out = io.StringIO()
    lines = csv.writer(out)
    for cells in csv.DictReader(io.StringIO(data.decode())):
        tags = {name: cells[name] for name in COLUMNS[1:]}
        lines.writerow([*cells.values(), naive_build(cells["url"], tags)])
    return out.getvalue()


def naive_build(url: str, tags: dict[str, str]) -> str:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    query |= {f"utm_{name}": value for name, value in tags.items()}
    return urlunsplit(parts._replace(query=urlencode(query)))


def _rate(act: Callable[[], object]) -> float:
    began = time.process_time()
    act()
    return LINES / (time.process_time() - began)


def _over_http(data: bytes) -> float:
    from tests.conftest import make_world

    with tempfile.TemporaryDirectory() as name:
        world = make_world(Path(name))
        person = world.person("ann@example.com").opens("shop")
        began = time.perf_counter()
        answer = person.call(
            "POST",
            "/v1/projects/shop/utm/links:batch",
            data=data,
            headers={"Content-Type": "text/csv"},
        )
        took = time.perf_counter() - began
        assert answer.status_code == 200, answer.text
        world.app.close()
    return LINES / took


def _share(made: Callable[[str, dict[str, str]], str | None]) -> int:
    """Cases of the table in which the link is the published one, or is refused as it must be."""
    right = 0
    for url, differs, link, _ in BUILT:
        found = made(url, {**PLAIN, **differs}) or ""
        whole = link.lower().startswith("http")
        right += found == link if whole else f"_{link}&" in f"{found}&"
    return right + sum(made(url, {**PLAIN, **differs}) is None for url, differs, *_ in REFUSED)


def _ours(url: str, tags: dict[str, str]) -> str | None:
    try:
        return build(url, tags, Rules()).url
    except Refused:
        return None


def _naive(url: str, tags: dict[str, str]) -> str | None:
    try:
        return naive_build(url, {name: tags[name] for name in FIELDS if name in tags})
    except ValueError:
        return None
