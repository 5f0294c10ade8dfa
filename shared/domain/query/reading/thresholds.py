"""Limits on a metric: "CPA above 50", "more than 100 conversions", "between 10 and 20"."""

from __future__ import annotations

from shared.domain.query.plan import MetricId, Operator, Threshold
from shared.domain.query.reading import kinds as k
from shared.domain.query.reading.asked import Asked, Limit
from shared.domain.query.reading.kinds import Item, Number
from shared.domain.query.reading.refusals import refused, unclear
from shared.domain.query.reading.sentence import Sentence
from shared.domain.semantics import METRICS, STORED_METRICS

# Between a metric and "above 50" these begin a new clause: "spend of campaigns with …".
_PARTS = frozenset({"with", "having", "where", "that", "which", "who", "whose"})


def read_limits(sentence: Sentence, asked: Asked) -> None:
    """Take every limit. Raises NoPlan for one on a change or a share, which no plan can say."""
    _refuse_changes(sentence)
    for match in sentence.take(f"{k.BETWEEN}#{k.JOIN}#"):
        metric = _metric(sentence, match[0], match[-1])
        asked.limits += [_limit(">=", match[1], metric), _limit("<=", match[3], metric)]
    for operator, number in sentence.take(f"{k.OPERATOR}#"):
        metric = _metric(sentence, operator, number)
        asked.limits.append(_limit(operator.value, number, metric))
    _read_none(sentence, asked)


def _refuse_changes(sentence: Sentence) -> None:
    if sentence.has(f"{k.CHANGE}[{k.BY}{k.OPERATOR}]*#"):
        raise refused(
            "A limit on a change is not possible; ask for the change and see the table.",
            ("How did spend change by campaign last month?",),
        )


def _limit(operator: Operator, number: Item, metric: Item | None) -> Limit:
    return Limit(operator, number, metric.value if metric else None)


def _metric(sentence: Sentence, first: Item, last: Item) -> Item | None:
    """The metric that a limit belongs to, taken; None if it stands elsewhere."""
    before, after = sentence.before(first), sentence.after(last)
    beside: Item | None = None
    if before and before.kind == k.METRIC and not _parted(sentence, before, first):
        beside = before
    elif after and after.kind == k.METRIC:
        beside = after
        _refuse_share(last.value, after.value)
    if beside:
        sentence.drop(beside)
    return beside


def _parted(sentence: Sentence, metric: Item, operator: Item) -> bool:
    words = {token.word for token in sentence.tokens[metric.stop : operator.first]}
    return not words.isdisjoint(_PARTS)


def _refuse_share(number: object, metric: object) -> None:
    if isinstance(number, Number) and number.percent and metric in STORED_METRICS:
        raise refused(
            "A limit on a share is not possible; ask for the shares and see the table.",
            (f"Share of {metric} by channel last month", f"Share of {metric} by campaign"),
        )


def _read_none(sentence: Sentence, asked: Asked) -> None:
    """`no clicks`, `zero conversions`, `did not convert`."""
    for none, metric in [*sentence.take(f"{k.EXCEPT}{k.METRIC}"), *_zeros(sentence)]:
        if metric.value not in STORED_METRICS or none.value == "but":
            raise refused(f"“{sentence.said(none, metric)}” cannot be read as a limit.")
        asked.limits.append(Limit("=", none, metric.value, zero=True))


def _zeros(sentence: Sentence) -> list[list[Item]]:
    zero = [n for n in sentence.left("#") if isinstance(n.value, Number) and not n.value.amount]
    pairs = [[n, after] for n in zero if (after := sentence.after(n)) and after.kind == k.METRIC]
    for pair in pairs:
        for item in pair:
            sentence.drop(item)
    return pairs


def threshold_of(limit: Limit, metric: MetricId, sentence: Sentence) -> Threshold:
    """The limit in the metric's own unit. Raises NoPlan if the number may mean two things."""
    number = limit.item.value
    if limit.zero or not isinstance(number, Number):
        return Threshold(metric=metric, operator=limit.operator, value=0)
    unit = METRICS[metric].unit
    if unit not in ("percent", "ratio") and number.percent:
        raise refused(f"{METRICS[metric].label} is no percentage, so it has no such limit.")
    if unit == "percent" and not number.percent and 0 < number.amount < 1:
        raise _percent_or_fraction(limit, number, sentence)
    scale = 100 if number.percent or unit == "percent" else 1
    value = round(number.amount / scale, 10)
    return Threshold(metric=metric, operator=limit.operator, value=value)


def _percent_or_fraction(limit: Limit, number: Number, sentence: Sentence) -> Exception:
    readings = (f"{number.amount:g} %", f"{number.amount * 100:g} %")
    choices = [sentence.with_words_for([limit.item], reading) for reading in readings]
    return unclear(f"Does “{sentence.said(limit.item)}” mean {' or '.join(readings)}?", choices)
