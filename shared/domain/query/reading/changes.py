"""Questions about change: which way, of which metric, and what no comparison can tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shared.domain.query.plan import MetricId, Move, Threshold
from shared.domain.query.reading import kinds as k
from shared.domain.query.reading.asked import Asked, Ranking
from shared.domain.query.reading.kinds import Item, Noun, Rank
from shared.domain.query.reading.refusals import refused, unclear
from shared.domain.query.reading.sentence import Sentence
from shared.domain.semantics import METRICS, STORED_METRICS
from shared.domain.wording import capital

SIGNED = ("up", "down", "better", "worse")
METRICS_ASKED_BACK: tuple[MetricId, ...] = ("revenue", "spend", "conversions", "roas")
_MOVERS = frozenset(
    (
        *("loser", "losers", "gainer", "gainers", "riser", "risers", "climber", "climbers"),
        *("decliner", "decliners", "fallers"),
    )
)
_MANY = frozenset(word for word in _MOVERS if word.endswith("s"))
_NAMED = ("channel", "campaign")
_CHANGE_OF = {"best": "better", "worst": "worse", "high": "up", "low": "down"}
# "which campaigns", "declining channels": rows are chosen; "growth by channel" shows them all.
_CHOSEN = f"(?:{k.WHICH}|^){k.ALL}?{k.CHANGE}?N?[{k.DIMENSION}{k.UNIT}]"


def read_change(sentence: Sentence, asked: Asked) -> None:
    """Take "grew", "got worse". Raises NoPlan for rows that shall move two ways."""
    changes = sentence.take_each(k.CHANGE)
    found = {str(item.value) for item in changes}
    signs = found - {"any"}
    if asked.ranking and any(_said(sentence, c) in _MANY for c in changes):
        asked.ranking.plural = True
    asked.chosen = (
        any(_chooses_rows(sentence, match) for match in sentence.find_whole(_CHOSEN))
        or asked.change_limit is not None
        or asked.count
        or (len(asked.names) < 2 and _chooses_movers(sentence, changes))
    )
    if len(signs) > 1 and asked.chosen:
        raise refused("Ask for one direction of change at a time.")
    if found:
        asked.change = signs.pop() if len(signs) == 1 else "any"
    elif asked.chosen and asked.comparing and asked.ranking is None:
        asked.change = _change_than(sentence)


def _chooses_rows(sentence: Sentence, match: Sequence[Item]) -> bool:
    *before, noun = match
    every = [item for item in before if item.kind == k.ALL]
    if every and sentence.said(*every).casefold() != "any":
        return False
    plural = isinstance(noun.value, Noun) and noun.value.plural
    return match[0].kind == k.WHICH or bool(every) or plural


def _chooses_movers(sentence: Sentence, changes: Sequence[Item]) -> bool:
    """`who gained`, `losers`."""
    who = sentence.find_whole(f"{k.WHICH}{k.CHANGE}")
    return bool(changes) and (bool(who) or any(_said(sentence, c) in _MOVERS for c in changes))


def _said(sentence: Sentence, item: Item) -> str:
    return sentence.said(item).casefold()


def _change_than(sentence: Sentence) -> str | None:
    """`higher than last month`, `worse than last month`."""
    for (operator,) in sentence.find_whole(f"{k.OPERATOR}(?={k.PERIOD})"):
        said = sentence.said(operator).casefold()
        if said in ("better than", "worse than"):
            return said.removesuffix(" than")
        return {">": "up", "<": "down"}.get(str(operator.value))
    return None


def settle_comparative(asked: Asked, sentence: Sentence) -> None:
    """`Which channels had higher spend last week`: higher than before, so a change."""
    ranking = asked.ranking
    comparative = ranking is not None and ranking.rank.comparative
    if len(asked.names) > 1 and (comparative or (asked.change and k.WHICH in sentence.whole)):
        asked.comparing = True  # "which is cheaper: google or meta"
    if ranking is None or not ranking.rank.comparative or asked.change or len(asked.names) > 1:
        return
    earlier = asked.earlier is not None or asked.compared is not None
    if not (earlier or asked.dimensions or asked.comparing):
        _compare_with_before(asked, sentence)
        return
    if asked.comparing and asked.names and asked.dimensions and not earlier:
        raise refused(f"Each {asked.dimensions[0]} cannot be compared with one of them.")
    if asked.dimensions and asked.chosen and (earlier or ranking.plural):
        asked.change = _CHANGE_OF[ranking.rank.end]
        sort = Rank("high", sort=True, cost=ranking.rank.cost)
        asked.ranking = replace(ranking, rank=sort)


def _compare_with_before(asked: Asked, sentence: Sentence) -> None:
    """`did we spend more last week`: than before. `Which one is cheaper` leaves open of what."""
    if {"which", "who", "where"} & {token.word for token in sentence.tokens}:
        said = sentence.text.strip().rstrip("?.! ")
        raise unclear("Which ones are to be compared?", [f"{said} by {by}" for by in _NAMED])
    asked.ranking = None
    asked.compare_previous()


def settle_ranked_name(asked: Asked) -> None:
    """`is Meta the best channel`: its place is seen in the list of all."""
    ranking = asked.ranking
    if ranking is None or ranking.rank.comparative or len(asked.names) != 1:
        return
    field = asked.names[0].field
    alone = not asked.dimensions and ranking.rank.sort
    if field in asked.dimensions or (alone and not asked.comparing and asked.change is None):
        asked.dimensions = [field]
        asked.names = []
        ranking.limit, ranking.rank = None, replace(ranking.rank, sort=True)


def settle_counts(asked: Asked) -> None:
    """`How many channels`: those with rows. Raises NoPlan for what is more than one number."""
    if not asked.count:
        return
    if asked.ranking or asked.share or asked.comparing or len(asked.dimensions) > 1:
        raise refused(
            "Only the rows of one plain list are counted.",
            ("How many campaigns had ROAS above 2 last month?",),
        )
    sums = [metric for metric in asked.metrics if metric in STORED_METRICS]
    if sums and not asked.limits and asked.change is None:  # "how many channels had conversions"
        asked.thresholds += [Threshold(metric=m, operator=">", value=0) for m in sums]
    if not asked.metrics and not any(limit.metric for limit in asked.limits):
        asked.metrics.append("spend")


def refuse_unclear_change(asked: Asked, sentence: Sentence) -> None:
    """Raises NoPlan for a change of nothing, of two things, or of whichever direction."""
    if asked.change is None or not _chooses(asked):
        return
    ranking = asked.ranking
    if asked.change == "any" and ranking and ranking.rank.end in ("high", "low"):
        raise refused(
            "The size of a change, whichever its direction, is not ranked: ask for the largest "
            "or smallest increase, or decrease.",
            ("Which campaign had the largest drop in spend last week?",),
        )
    if len(asked.metrics) > 1 and sentence.whole.count(k.METRIC) > 1:
        raise refused("Ask for the change of one metric at a time.")
    named = asked.metrics or asked.limits or (ranking and (ranking.by or ranking.rank.cost))
    if asked.change in ("up", "down") and not named:
        said = sentence.text.strip()
        choices = [f"{capital(METRICS[m].label)}: {said}" for m in METRICS_ASKED_BACK]
        raise unclear("A change of what?", choices)


def moved_of(asked: Asked, *, compared: bool) -> Move | None:
    """The only way that the rows may have moved. Raises NoPlan for steps of time without a pair."""
    if asked.change is None or not asked.dimensions or not _chooses(asked):
        return None
    if not compared:
        raise refused(
            "A change from one step of time to the next is not computed: compare two periods.",
            ("Which channels grew in revenue last week?", "Revenue by week last quarter"),
        )
    metric = _metric(asked)
    asked.metrics.sort(key=lambda m: m != metric)
    good = METRICS[metric].better == "high"
    ways = {"up": True, "down": False, "better": good, "worse": not good}
    if asked.change in ways:
        return "up" if ways[asked.change] else "down"
    assert asked.ranking is not None  # the best change, the worst change
    return "up" if (asked.ranking.rank.end == "best") == good else "down"


def _metric(asked: Asked) -> str:
    return (asked.ranking.by if asked.ranking else None) or asked.metrics[0]


def _chooses(asked: Asked) -> bool:
    """Whether the question wants only the rows that moved so."""
    picks = asked.ranking is not None and not asked.ranking.rank.sort
    signed_list = asked.chosen and asked.change in SIGNED and asked.overview != "weak"
    return picks or signed_list


def ranking_by_change(asked: Asked, *, compared: bool) -> Ranking | None:
    """The ranking; rows that grew or fell are ranked by how much, if by nothing else."""
    if compared and asked.change in SIGNED and asked.dimensions:
        return asked.ranking or Ranking(Rank("high", sort=True))
    return asked.ranking


def change_descends(asked: Asked, rank: Rank, metric: str) -> bool:
    """Whether the change that comes first is the highest number."""
    good = METRICS[metric].better == "high"
    # The worst drop in revenue is the largest; the top drops are the largest whatever is good.
    if not rank.sort and (rank.end == "worst" or (rank.end == "best" and asked.change == "any")):
        return (rank.end == "best") == good
    up = {"up": True, "down": False, "better": good, "worse": not good}
    return up.get(asked.change or "", True) == (rank.end in ("high", "best"))
