"""What comes first, and how many: "top 3", "highest CTR", "cheapest clicks", "by revenue"."""

from __future__ import annotations

from dataclasses import replace

from shared.domain.query.reading import kinds as k
from shared.domain.query.reading.asked import Asked, Ranking
from shared.domain.query.reading.kinds import Item, Number, Rank
from shared.domain.query.reading.refusals import refuse_unclear_amount, refused
from shared.domain.query.reading.sentence import Sentence
from shared.domain.semantics import METRICS

_NOUN = f"[{k.DIMENSION}{k.UNIT}]"
_LIST_ENDS = frozenset({"top", "bottom"})
COST_OF = {"clicks": "cpc", "conversions": "cpa", "impressions": "cpm"}


def read_order(sentence: Sentence, asked: Asked) -> None:
    """Take rankings and "by ROAS". Raises NoPlan for two that contradict each other."""
    sentence.take(f"{k.BY}(?={k.RANK})")  # "by lowest CPA"
    sentence.take(f"{k.OPERATOR}(?={k.RANK})")  # "hit its highest"
    sentence.take(f"{k.BY}(?={k.SHARE}{k.METRIC})")  # "top 3 by share of revenue"
    matches = sentence.take(f"#?{k.RANK}#?")
    numbers = [item for match in matches for item in match if item.kind == k.NUMBER]
    if matches and not numbers:
        numbers = [match[0] for match in sentence.take(f"#(?={_NOUN})")]
    ranks = [item for match in matches for item in match if item.kind == k.RANK]
    if ranks:
        if asked.ranking:
            raise refused("Ask for one thing at a time: a rank, or the first or last time.")
        rank = _rank(sentence, ranks)
        asked.ranking = Ranking(rank, limit=_count(sentence, numbers) or _place(rank))
        for item in ranks:
            _read_metric(sentence, asked.ranking, item)
    elif sentence.has(k.SORT) and not asked.ranking:
        asked.ranking = Ranking(Rank("best", sort=True))
    sentence.take_each(k.SORT)
    _read_by(sentence, asked)


def _rank(sentence: Sentence, ranks: list[Item]) -> Rank:
    """The end that is meant; in "top 3 by lowest CPA" the top is only the beginning of a list."""
    chosen_by = [item for item in ranks if not item.value.sort]
    plain = [item for item in chosen_by if sentence.said(item).casefold() not in _LIST_ENDS]
    picks = [item.value for item in plain or chosen_by]
    metrics = [after.value for item in ranks if (after := sentence.after(item))]
    costly = any(rank.cost for rank in picks) or any(
        isinstance(metric, str) and metric in METRICS and METRICS[metric].better == "low"
        for metric in metrics
    )
    if len({_high_is(rank, costly) for rank in picks}) > 1:
        raise refused("Ask for one end at a time: the best, or the worst.")
    chosen: Rank = picks[0] if picks else ranks[-1].value
    return replace(chosen, cost=any(item.value.cost for item in ranks))


def _high_is(rank: Rank, costly: bool) -> str:
    """The end in other words: of a cost the worst is the highest."""
    if not costly:
        return rank.end
    return {"worst": "high", "best": "low"}.get(rank.end, rank.end)


def _place(rank: Rank) -> int | None:
    """So many, for the last of them to be the place that is asked for."""
    return rank.nth if rank.nth > 1 else None


def _count(sentence: Sentence, numbers: list[Item]) -> int | None:
    for item in numbers:
        number: Number = item.value
        refuse_unclear_amount(sentence, item)
        if number.percent or number.amount % 1:
            raise refused(f"“{sentence.said(item)}” is no number of entries for a list.")
    return int(numbers[0].value.amount) if numbers else None


def _read_metric(sentence: Sentence, ranking: Ranking, item: Item) -> None:
    """The metric right after the rank decides; a cost makes clicks a cost per click."""
    after = sentence.after(item)
    if after is None or after.kind != k.METRIC:
        return
    ranking.by = COST_OF.get(after.value, after.value) if ranking.rank.cost else after.value
    if ranking.rank.cost:
        sentence.drop(after)


def _read_by(sentence: Sentence, asked: Asked) -> None:
    metrics_by = f"{k.BY}{k.TOTAL}?{k.METRIC}(?:{k.JOIN}*{k.METRIC})*"
    for by, *others in sentence.take(metrics_by):
        metrics = [item.value for item in others if item.kind == k.METRIC]
        ranking = asked.ranking or Ranking(Rank("best", sort=True))
        if by.value != "by" and not ranking.rank.cost:
            raise _refused_ratio(sentence, by, others[-1])
        if by.value != "by":  # "most expensive per click"
            metrics = [COST_OF.get(metric, metric) for metric in metrics]
        ranking.by = metrics[0]
        asked.ranking = ranking
        asked.order_metrics += metrics


def _refused_ratio(sentence: Sentence, by: Item, last: Item) -> Exception:
    said = sentence.said(sentence.before(by) or by, last)
    return refused(
        f"“{said}” is not one of the metrics here; ratios are CPC, CPM, CPA, CTR, conversion rate, "
        "average order value and ROAS."
    )
