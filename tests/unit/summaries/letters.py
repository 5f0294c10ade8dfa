"""Letters about made weeks, with what is drawn of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from shared.domain.summaries.chart import chart_of
from shared.domain.summaries.facts import Day, Facts
from shared.domain.summaries.letter import Letter
from shared.domain.summaries.models import Digest, Summary
from shared.domain.summaries.rendering import png_of
from shared.domain.summaries.writing import write
from tests.unit.summaries import making

AT = datetime(2025, 3, 10, 8, tzinfo=UTC)
LEAVE = "https://suite.example/v1/unsubscribe?token=abc.def"
LONG = "Frühjahrskampagne Gartenmöbel Deutschland, Österreich, Schweiz Donaudampfschifffahrt II"
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}{% include 'x' %}",
    '"><style>*{display:none}</style>',
    "x" * 500,
    "قناة \u202egnp.exe \u2066\u200f",
    "🚀\x00\x1b[31m\r\nBcc: eve@example.com",
    "https://evil.example/login www.evil.example",
)


def days(values: Sequence[float | None], usual: Sequence[float | None]) -> tuple[Day, ...]:
    return tuple(
        Day(day=making.MONDAY + timedelta(days=n), value=value, usual=known, spend=1.0)
        for n, (value, known) in enumerate(zip(values, usual, strict=True))
    )


WEEK = days(
    [1800.5, 2100, 1650, None, 1900.25, 1400, 1200], [1900, 2000, 2100, 2050, 2000, 1500, 1450]
)
FALLING = making.FALLING.model_copy(update={"days": WEEK})
REFUNDED = making.REFUNDED.model_copy(
    update={"days": days([-420, 30, 20, 10, 5, None, 0], [100, 120, 90, None, 80, 70, 60])}
)
MILLIONS = FALLING.model_copy(
    update={
        "currency": "JPY",
        "locale": "ja-JP",
        "days": days([1.2e8, 9e7, 3e7, 2e8, 1.1e8, 1e8, 9e7], [1e8] * 7),
    }
)
CROWDED = making.MANY.model_copy(
    update={
        "locale": "de-DE",
        "days": WEEK,
        "channels": tuple(
            making.line(name, (1.18e6, 9e7, 2.8e6, 9.2e4, 5.15e6), (1.2e6, 1e8, 4e6, 1e5, 7e6))
            for name in (LONG, *HOSTILE)
        ),
        "more_channels": 4,
        "anomalies": tuple(
            making.SPIKE.model_copy(update={"headline": f"Spend of {name} rose"})
            for name in (LONG, *HOSTILE)
        ),
        "pacing": tuple(making.FAST.model_copy(update={"name": name}) for name in (LONG, *HOSTILE)),
        "project": HOSTILE[0],
    }
)
ALL = making.ALL | {
    "days": FALLING,
    "refunds": REFUNDED,
    "millions": MILLIONS,
    "crowded": CROWDED,
}


def letter(facts: Facts, **more: object) -> Letter:
    """As it would be sent; `more` replaces its parts."""
    words, spec = write(facts, facts.locale), chart_of(facts, facts.locale)
    summary = Summary(
        id="weekly",
        project_id=facts.project_id,
        week=facts.week,
        start=facts.start,
        end=facts.end,
        status="no_data" if facts.empty else "ready",
        digest=Digest(title=words.subject, text=words.opening),
        created_at=AT,
        updated_at=AT,
        facts=facts,
        narrative=words,
        vega_lite=spec,
    )
    parts = {
        "narrative": words,
        "locale": facts.locale,
        "chart": png_of(spec) if spec else None,
        "unsubscribe": LEAVE,
    }
    return Letter(summary, **(parts | more))
