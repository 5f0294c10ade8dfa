"""Limits on a metric: "CPA above 50", "more than 100 conversions", "between 10 and 20"."""

from __future__ import annotations

from typing import cast

from shared.domain.query.plan import MetricId, Operator, Threshold
from shared.domain.query.reading import kinds as k
from shared.domain.query.reading.asked import Asked, Limit
from shared.domain.query.reading.change_limits import read_change_limit
from shared.domain.query.reading.kinds import Item, Number
from shared.domain.query.reading.ordering import COST_OF
from shared.domain.query.reading.refusals import refuse_unclear_amount, refused, unclear
from shared.domain.query.reading.sentence import Sentence
from shared.domain.semantics import METRICS, STORED_METRICS

# Between a metric and "above 50" these begin a new clause: "spend of campaigns with …".
_PARTS = frozenset({"with", "having", "where", "that", "which", "who", "whose"})
# "not spend" leaves spend out; "did not spend" says that there is none.
_NOT = frozenset({"not", "isn't", "aren't", "wasn't", "weren't"})
_VERBS = frozenset({"did", "do", "does", "has", "have", "had"})
_INCLUSIVE: dict[str, Operator] = {
    **dict.fromkeys(("more", "higher", "above", "over"), ">="),
    **dict.fromkeys(("less", "lower", "fewer", "below", "under"), "<="),
}
_SIGNS: dict[str, Operator] = {"high": ">", "low": "<"}
_NO_ROWS: tuple[MetricId, ...] = ("spend", "impressions")  # without these a day has no row


def read_limits(sentence: Sentence, asked: Asked) -> None:
    """Take every limit. Raises NoPlan for one on a share, which no plan can say."""
    read_change_limit(sentence, asked)
    _read_losses(sentence, asked)
    for match in sentence.take(f"{k.BETWEEN}#{k.JOIN}#"):
        metric = _metric(sentence, match[0], match[-1])
        low, high = sorted((match[1], match[3]), key=lambda item: item.value.amount)
        asked.limits += [_limit(">=", low, metric), _limit("<=", high, metric)]
    _read_inclusive(sentence, asked)
    _read_per(sentence, asked)
    for operator, number in sentence.take(f"{k.OPERATOR}#"):
        metric = _metric(sentence, operator, number)
        asked.limits.append(_limit(operator.value, number, metric))
    _read_none(sentence, asked)
    if asked.limits:
        _refuse_alternatives(sentence)


def _read_inclusive(sentence: Sentence, asked: Asked) -> None:
    """`100 or more conversions`, `a CPA of 20 or below`."""
    for number, join, end in sentence.find(f"#{k.JOIN}[{k.RANK}{k.OPERATOR}](?!#)"):
        operator = _INCLUSIVE.get(sentence.said(end).casefold())
        if operator is None or sentence.said(join).casefold() != "or":
            continue
        metric = _metric(sentence, number, end)
        asked.limits.append(_limit(operator, number, metric))
        for item in (number, join, end):
            sentence.drop(item)


def _read_per(sentence: Sentence, asked: Asked) -> None:
    """`costing more than 100 per conversion`, `more clicks than 500`."""
    for cost, operator, number, by, metric in sentence.find(
        f"{k.METRIC}{k.OPERATOR}#{k.BY}{k.METRIC}"
    ):
        ratio = COST_OF.get(metric.value)
        if by.value != "per" or cost.value != "spend" or ratio is None:
            continue
        asked.limits.append(Limit(operator.value, number, cast(MetricId, ratio)))
        for item in (cost, operator, number, by, metric):
            sentence.drop(item)
    for rank, metric, than, number in sentence.find(f"{k.RANK}{k.METRIC}{k.COMPARE}#"):
        if rank.value.comparative and than.value == "than" and rank.value.end in _SIGNS:
            asked.limits.append(Limit(_SIGNS[rank.value.end], number, metric.value))
            for item in (rank, metric, than, number):
                sentence.drop(item)


def _refuse_alternatives(sentence: Sentence) -> None:
    """Limits hold together; only names may be joined by "or"."""
    for join in sentence.left(k.JOIN):
        at = sentence.items.index(join)
        beside = sentence.whole[:at].rstrip(k.JOIN)[-1:] + sentence.whole[at:].lstrip(k.JOIN)[:1]
        if sentence.said(join).casefold() in ("or", "nor") and beside != k.NAME + k.NAME:
            raise refused(
                "Limits hold together: those joined by “or” are asked one at a time.",
                (
                    "Campaigns with CPA above 20 last month",
                    "Campaigns with ROAS above 3 last month",
                ),
            )


def _read_losses(sentence: Sentence, asked: Asked) -> None:
    """`lost money`: less came in than was spent, unless a limit of ROAS says how much less."""
    lost = sentence.take_each(k.LOSS)
    if lost and not any(item.value == "roas" for item in sentence.left(k.METRIC)):
        asked.limits.append(Limit("<", lost[0], "roas", value=1))


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
        if metric.value not in STORED_METRICS or _leaves_out(sentence, none):
            raise refused(f"“{sentence.said(none, metric)}” cannot be read as a limit.")
        asked.limits.append(Limit("=", none, metric.value, zero=True))


def _leaves_out(sentence: Sentence, none: Item) -> bool:
    before = sentence.tokens[none.first - 1].word if none.first else ""
    is_not = sentence.said(none).casefold() in _NOT and before not in _VERBS
    return none.value == "but" or is_not


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
    is_zero = limit.zero or (isinstance(number, Number) and not number.amount)
    if is_zero and limit.operator == "=" and metric in _NO_ROWS:
        raise _absent(metric)
    refuse_unclear_amount(sentence, limit.item)
    if limit.zero or not isinstance(number, Number):
        return Threshold(metric=metric, operator=limit.operator, value=limit.value)
    unit = METRICS[metric].unit
    if unit not in ("percent", "ratio") and number.percent:
        raise refused(f"{METRICS[metric].label} is no percentage, so it has no such limit.")
    if unit == "percent" and not number.percent and 0 < number.amount < 1:
        raise _percent_or_fraction(limit, number, sentence)
    scale = 100 if number.percent or unit == "percent" else 1
    value = round(number.amount / scale, 10)
    return Threshold(metric=metric, operator=limit.operator, value=value)


def _absent(metric: MetricId) -> Exception:
    label = METRICS[metric].label.capitalize()
    return refused(
        f"Without {label.lower()} there are mostly no rows, and what is not there is not listed.",
        (f"{label} by campaign last month", "Which campaigns are active?"),
    )


def _percent_or_fraction(limit: Limit, number: Number, sentence: Sentence) -> Exception:
    readings = (f"{number.amount:g} %", f"{number.amount * 100:g} %")
    choices = [sentence.with_words_for([limit.item], reading) for reading in readings]
    return unclear(f"Does “{sentence.said(limit.item)}” mean {' or '.join(readings)}?", choices)
