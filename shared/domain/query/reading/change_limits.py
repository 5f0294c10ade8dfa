"""Limits on a change: "dropped more than 20 %", "grew by at least 10 percent", "up over 5 %"."""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.query.plan import ChangeLimit, Operator
from shared.domain.query.reading import kinds as k
from shared.domain.query.reading.asked import Asked
from shared.domain.query.reading.kinds import Item, Number
from shared.domain.query.reading.refusals import refused
from shared.domain.query.reading.sentence import Sentence

_BETWEEN = f"[{k.METRIC}{k.BY}]*"
_AFTER = f"{k.CHANGE}{_BETWEEN}{k.OPERATOR}{k.BY}?#"
_BEFORE = f"{k.OPERATOR}#{k.CHANGE}"
_INCLUSIVE = f"{k.CHANGE}{_BETWEEN}#{k.JOIN}[{k.RANK}{k.OPERATOR}]"
_BARE = f"{k.CHANGE}{k.BY}?#"
_TURNED: dict[Operator, Operator] = {">": "<", ">=": "<=", "<": ">", "<=": ">="}
_SIGNS = {"up": 1, "down": -1}


def read_change_limit(sentence: Sentence, asked: Asked) -> None:
    """Take the limit and leave the change. Raises NoPlan for what is no limit in percent."""
    match = next(iter([*sentence.find(_AFTER), *sentence.find(_BEFORE)]), None)
    if match is not None:
        operator = next(item for item in match if item.kind == k.OPERATOR)
        _note(asked, match, operator.value)
        _drop(sentence, match, k.OPERATOR)
        return
    match = next(iter(sentence.find(_INCLUSIVE)), None)
    if match is not None and sentence.said(match[-2]).casefold() == "or":
        _note(asked, match, ">=")
        _drop(sentence, match, k.JOIN)
        sentence.drop(match[-1])
    elif sentence.has(_BARE):
        raise _refused()


def _note(asked: Asked, match: Sequence[Item], operator: Operator) -> None:
    change = next(item for item in match if item.kind == k.CHANGE)
    number = next(item for item in match if item.kind == k.NUMBER).value
    sign = _SIGNS.get(str(change.value))
    percent = isinstance(number, Number) and number.percent
    if sign is None or not percent or operator not in _TURNED or asked.change_limit:
        raise _refused()
    turned = operator if sign > 0 else _TURNED[operator]
    asked.change_limit = ChangeLimit(operator=turned, value=round(sign * number.amount / 100, 10))


def _drop(sentence: Sentence, match: Sequence[Item], kind: str) -> None:
    for item in match:
        if item.kind in (kind, k.NUMBER, k.BY):
            sentence.drop(item)


def _refused() -> Exception:
    return refused(
        "A limit on a change is read in percent, of a rise or of a fall.",
        (
            "Campaigns whose revenue dropped more than 20 % last month",
            "How did spend change by campaign last month?",
        ),
    )
