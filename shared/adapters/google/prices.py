"""What Gemini costs: one table.

List prices of the global endpoint for text, standard tier, prompts up to 200,000 tokens:
https://ai.google.dev/gemini-api/docs/pricing, as of October 2026. Left out: discounts for a time
(3.8 Flash costs half until the end of 2026), cheaper cached tokens, and what other locations add.
So a sum may overstate a bill, and understate only one from another location.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple


class Price(NamedTuple):
    """US dollars for a million tokens, which is micro-dollars for one. Thoughts are output."""

    input: Decimal
    output: Decimal


PRICES = {
    "gemini-3.8-flash": Price(Decimal("1.50"), Decimal("7.50")),
    "gemini-3.7-flash": Price(Decimal("1.50"), Decimal("7.50")),
    "gemini-3.6-flash": Price(Decimal("1.50"), Decimal("7.50")),
    "gemini-3.5-flash": Price(Decimal("1.50"), Decimal("9.00")),
    "gemini-3.5-flash-lite": Price(Decimal("0.30"), Decimal("2.50")),
    "gemini-3.1-flash-lite": Price(Decimal("0.25"), Decimal("1.50")),
    "gemini-3.1-pro-preview": Price(Decimal("2.00"), Decimal("12.00")),
    "gemini-2.5-pro": Price(Decimal("1.25"), Decimal("10.00")),
    "gemini-2.5-flash": Price(Decimal("0.30"), Decimal("2.50")),
    "gemini-2.5-flash-lite": Price(Decimal("0.10"), Decimal("0.40")),
}
UNKNOWN = Price(Decimal(0), Decimal(0))


def cost_micros(model: str, input_tokens: int, output_tokens: int) -> int:
    """Millionths of a US dollar, rounded up; 0 for a model that is not in the table."""
    price = PRICES.get(model, UNKNOWN)
    cost = input_tokens * price.input + output_tokens * price.output
    return int(cost.to_integral_value(ROUND_CEILING))
