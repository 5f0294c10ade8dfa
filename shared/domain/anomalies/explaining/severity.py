"""How bad a deviation is: from 20 % on a warning, above 40 % critical, either direction.

A project may set other bands, per channel and metric.
"""

from __future__ import annotations

from collections.abc import Iterable

from shared.domain.anomalies.finding import CERTAIN, Bands, BandsBy, Finding, Severity, closest

_ROUNDING = 1e-9  # 0.6 / 1.0 - 1 is a little more than 40 %


def bands_for(bands: BandsBy, channel: str, metric: str) -> Bands:
    """The project's closest bands, or the usual ones."""
    return closest(bands, channel, metric) or Bands()


def level(deviation: float | None, bands: Bands) -> Severity | None:
    """The severity of one deviation (0.25 is +25 %); both bounds of the bands are warnings."""
    size = abs(deviation or 0.0)
    if size > bands.critical + _ROUNDING:
        return "critical"
    return "warning" if size >= bands.warning - _ROUNDING else None


def severity_of(
    finding: Finding, effects: Iterable[tuple[str, float | None]], bands: BandsBy
) -> Severity:
    """The highest of a finding's own deviation and of those of the metrics that it moves.

    `effects` are (metric, deviation). What was found is worth a warning, however small.
    """
    if finding.kind == "zero_spend":
        return "critical" if finding.score >= CERTAIN else "warning"
    if finding.kind == "missing_data":
        return "warning"
    channel = finding.key.channel
    moved = [(finding.key.metric, finding.deviation), *effects]
    levels = {level(change, bands_for(bands, channel, metric)) for metric, change in moved}
    return "critical" if "critical" in levels else "warning"
