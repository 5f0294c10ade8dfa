"""The rules: each takes the items it understands out of the sentence and notes what they ask for.

The order matters only where one rule's items would mean something else to a later one: limits take
their numbers before rankings look for theirs, nouns beside a name go before dimensions are read.
"""

from __future__ import annotations

from typing import cast

from shared.domain.query.plan import Dimension, Grain, MetricId
from shared.domain.query.reading import kinds as k
from shared.domain.query.reading.asked import Asked, Ranking
from shared.domain.query.reading.kinds import Item, Name, Named, Noun, Rank
from shared.domain.query.reading.refusals import refused, unknown, unsupported, which_name
from shared.domain.query.reading.sentence import Sentence
from shared.domain.semantics import METRICS, STORED_METRICS
from shared.domain.vocabulary import Vocabulary
from shared.domain.wording import listing

_NOUN = f"[{k.DIMENSION}{k.UNIT}]"
_BY = f"[{k.BY}{k.BETWEEN}]"
_DIMENSIONS = f"{_BY}+[{k.ALL}{k.BY}{k.WHICH}]*{_NOUN}(?:{k.JOIN}*{_BY}*{_NOUN})*"
# "what did we spend, and what did we make": two metrics, either way round.
_AND = f"[{k.JOIN}{k.FOLLOW}]+(?:[{k.WHICH}{k.TOTAL}][^{k.METRIC}{k.MONEY}{k.JOIN}]*)?"
_ALSO_MONEY = (
    f"{k.METRIC}[^{k.MONEY}]*{_AND}{k.MONEY}",
    f"{k.MONEY}[^{k.METRIC}]*{_AND}{k.METRIC}",
)
_EXCLUDED = (
    f"(?:{k.ALL}{k.DIMENSION})?{k.EXCEPT}[{k.ALL}{k.DIMENSION}]*N(?:{k.JOIN}*N)*{k.DIMENSION}?"
)


def refuse_unsupported(sentence: Sentence) -> None:
    """Raises NoPlan for what the data cannot tell, and for negative numbers."""
    for item in sentence.left(k.UNSUPPORTED):
        raise unsupported(str(item.value))
    for item in sentence.left(k.NUMBER + k.PERIOD):
        if sentence.is_negative(item):
            raise refused("Negative numbers are not read.")


def read_count(sentence: Sentence, asked: Asked) -> None:
    """Note "how many campaigns", "number of google campaigns", "in how many weeks"."""
    for count, *_, noun in sentence.find(f"{k.TOTAL}[{k.ALL}{k.NAME}{k.ACTIVE}{k.STOP}]*{_NOUN}"):
        if count.value == "many":
            _refuse_figures_beside(sentence)
            sentence.drop(count)
            sentence.drop(noun)
            asked.count = True
            add_dimension(asked, noun.value)


def _refuse_figures_beside(sentence: Sentence) -> None:
    """`spend and number of campaigns`."""
    and_count = f"{k.METRIC}{k.JOIN}+{k.TOTAL}|{k.TOTAL}[{k.ALL}{k.NAME}]*{_NOUN}{k.JOIN}+[MDG]"
    if sentence.has(and_count):
        raise refused("A number of rows and other figures are asked for one after the other.")


def read_names(sentence: Sentence, asked: Asked, known: Vocabulary) -> None:
    """Take every name: those to keep to and those to leave out. Raises NoPlan for unclear ones."""
    for item in sentence.left(k.NAME):
        _refuse_unclear(sentence, item, known)
    guessed = [i.value.names[0].value for i in sentence.left(k.NAME) if i.value.how == "guess"]
    if guessed:
        noun = "campaigns" if guessed[1:] else "campaign"
        sentence.notes += (f"Read as the {noun} {listing(guessed)}.",)
    _refuse_two_questions(sentence)
    sentence.take(f"{k.BETWEEN}(?=N)")
    _drop_labels(sentence)
    for match in sentence.take(_EXCLUDED):
        asked.without += _names(match)
    _compare_names(sentence, asked)
    matches = sentence.take(f"N(?:[{k.JOIN}{k.SLASH}{k.COMPARE}]+N)*")
    for match in matches:
        _read_kept(sentence, asked, match)
    fields = [{name.field for name in _names(match)} for match in matches]
    asked.apart = any(one & other for n, one in enumerate(fields) for other in fields[:n])


def _compare_names(sentence: Sentence, asked: Asked) -> None:
    """`is LinkedIn's CPA higher than Google's`: the names side by side."""
    pairs = sentence.find(f"N[^N{k.OPERATOR}]*{k.OPERATOR}(?=N)")
    if len(sentence.find("N")) != 2 or sentence.has(_NOUN) or len(pairs) != 1:
        return
    operator = pairs[0][-1]
    if operator.value == "<" and "cheap" in sentence.said(operator).casefold():
        asked.ranking = Ranking(Rank("best", sort=True, cost=True, comparative=True))
    sentence.drop(operator)
    asked.comparing = True


def _read_kept(sentence: Sentence, asked: Asked, match: list[Item]) -> None:
    names = _names(match)
    if len({name.field for name in names}) > 1 and any(item.kind != k.NAME for item in match):
        raise refused(
            "Channels and campaigns cannot be taken together in one number.",
            [f"Spend of “{name.value}” last month" for name in names[:2]],
        )
    compared = any(item.kind == k.COMPARE for item in match)
    if compared and len(set(names)) < len(names):
        raise refused(f"“{sentence.said(*match)}” are the same {names[0].field}.")
    asked.comparing |= compared
    asked.names += names


def _refuse_unclear(sentence: Sentence, item: Item, known: Vocabulary) -> None:
    named: Named = item.value
    if named.how == "part":
        raise unknown(sentence, [item], [name.value for name in named.names], known)
    if named.how == "whole" and len(named.names) > 1:
        raise which_name(sentence, item, named.names)


def _refuse_two_questions(sentence: Sentence) -> None:
    """`spend of google and revenue of meta` is two questions."""
    for match in sentence.find(f"{k.METRIC}[^MN]*N[^MN]*{k.JOIN}[^MN]*{k.METRIC}[^MN]*N"):
        metrics = {item.value for item in match if item.kind == k.METRIC}
        if len(metrics) > 1:
            raise refused("These are two questions in one: ask them one after the other.")


def _drop_labels(sentence: Sentence) -> None:
    """`the email channel`, `campaign FB_Retargeting`: the noun says what the name is."""
    for noun in sentence.left(k.DIMENSION):
        before, after = sentence.before(noun), sentence.after(noun)
        if before and before.kind in (k.BY, k.BETWEEN):
            continue
        if any(beside and _is_label(noun, beside) for beside in (before, after)):
            sentence.drop(noun)


def _is_label(noun: Item, beside: Item) -> bool:
    names = _names([beside])
    return isinstance(noun.value, Noun) and noun.value.name in {name.field for name in names}


def _names(items: list[Item]) -> list[Name]:
    return [n for item in items if isinstance(item.value, Named) for n in item.value.names]


def read_dimensions(sentence: Sentence, asked: Asked) -> None:
    """Take "by channel and week", "daily", "which campaigns", "over time"."""
    all_in = sentence.left(k.TOTAL)
    for match in sentence.take(_DIMENSIONS):
        total = all_in and match[0].value == "across" and match[1].kind == k.ALL
        for item in match:
            if isinstance(item.value, Noun) and not total:
                add_dimension(asked, item.value)
    for item in sentence.take_each(k.PACE):
        if item.value is None:
            asked.over_time = True
        else:
            add_dimension(asked, Noun(str(item.value)))
    _read_bare_nouns(sentence, asked, bool(all_in))
    places = [item.value for item in sentence.take_each(k.WHERE)]
    if "where" in places and not asked.dimensions:
        add_dimension(asked, Noun("channel"))
    elif places and not asked.dimensions:
        if asked.ranking or (asked.limits and "when" in places):
            add_dimension(asked, Noun("day"))
        elif (
            "when" in places and not asked.limits and sentence.whole.lstrip(k.WHICH)[:1] == k.WHERE
        ):
            raise refused(
                "A point in time is found by a limit or a ranking.",
                ("Best day by revenue this year", "First day with spend above 100 this year"),
            )


def _read_bare_nouns(sentence: Sentence, asked: Asked, total: bool) -> None:
    picked = bool(asked.ranking or asked.limits or sentence.has(k.WHICH) or asked.change_ranked)
    for item in sentence.left(k.DIMENSION + k.UNIT):
        noun: Noun = item.value
        if item.kind == k.UNIT and not picked:
            continue
        before = sentence.before(item)
        if before and before.kind == k.ALL:
            asked.every.append(noun.name)
        sentence.drop(item)
        if total and noun.plural and not picked:
            continue
        add_dimension(asked, noun)
        if asked.ranking:
            one_of = any(which.value == "one" for which in sentence.left(k.WHICH))
            asked.ranking.plural = noun.plural and not one_of


def add_dimension(asked: Asked, noun: Noun) -> None:
    """Group by this, too. Raises NoPlan for two steps of time."""
    if noun.name in ("channel", "campaign", "weekday"):
        if noun.name not in asked.dimensions:
            asked.dimensions.append(cast(Dimension, noun.name))
        return
    grain = cast(Grain, noun.name)
    if asked.grain not in (None, grain):
        raise refused(f"Ask for one step of time: by {asked.grain}, or by {grain}.")
    asked.grain = grain
    if "date" not in asked.dimensions:
        asked.dimensions.append("date")


def read_metrics(sentence: Sentence, asked: Asked) -> None:
    """Take the metrics that are left. Raises NoPlan for averages over days or campaigns."""
    if sentence.has("M/M"):
        raise refused("One metric per another must be one of the ratios here, such as CPC or CPA.")
    for match in sentence.find(f"{k.METRIC}(?={k.METRIC})"):
        _refuse_another_base(sentence, match[0])
        _refuse_thousands(sentence, match[0])
    averages = sentence.take_each(k.AVERAGE)
    pairs = [match for pattern in _ALSO_MONEY for match in sentence.find(pattern)]
    also = [item for match in pairs for item in (match[0], match[-1]) if item.kind == k.MONEY]
    for item in sentence.take_each(k.METRIC):
        _add_metric(asked, item.value)
    money = sentence.take_each(k.MONEY)
    for item in also if asked.metrics else money[:1]:
        _add_metric(asked, item.value)
    for metric in asked.order_metrics:
        _add_metric(asked, metric)
    sums = [METRICS[m].label for m in asked.metrics if m in STORED_METRICS]
    if averages and (sums or not asked.metrics):
        what = sums[0] if sums else "this"
        raise refused(
            f"The average of {what} is not computed: totals are, and ratios such as CPA.",
            (f"{what} by day last month", f"{what} by campaign last month") if sums else (),
        )


def _refuse_another_base(sentence: Sentence, metric: Item) -> None:
    """`conversion rate from impressions`: a metric has one formula."""
    other = sentence.after(metric)
    assert other is not None
    if "from" in {token.word for token in sentence.tokens[metric.stop : other.first]}:
        raise refused(
            f"“{sentence.said(metric, other)}” is not one of the metrics here: each has its own "
            "formula, such as conversions per click for the conversion rate.",
        )


def _refuse_thousands(sentence: Sentence, metric: Item) -> None:
    """`cost per thousand clicks` is no CPM."""
    other = sentence.after(metric)
    said = sentence.said(metric).casefold().split()
    if (
        other
        and other.value != "impressions"
        and said[-1] in ("thousand", "mille", "1000", "1,000")
    ):
        raise refused(
            f"“{sentence.said(metric, other)}” is not one of the metrics here: CPM is the cost of "
            "a thousand impressions.",
        )


def _add_metric(asked: Asked, metric: MetricId) -> None:
    if metric not in asked.metrics:
        asked.metrics.append(metric)


def _is_written_so(sentence: Sentence) -> bool:
    units = {METRICS[item.value].unit for item in sentence.left(k.METRIC)}
    return bool(units) and (units <= {"percent", "ratio"} or sentence.has(k.CHANGE))


def read_wishes(sentence: Sentence, asked: Asked) -> None:
    """Take shares, charts and words for "how is it going"."""
    shares = sentence.take_each(k.SHARE)
    # "CTR in %", "change in %": how it is written, and no part of a whole.
    written = bool(shares) and all(item.value == "percent" for item in shares)
    asked.share = bool(shares) and not (written and _is_written_so(sentence))
    asked.within = any(item.value == "within" for item in shares)
    if asked.share and sentence.take_each(k.FACT):
        asked.metrics.append("spend")  # "how is the budget split"
    for item in sentence.take_each(k.CHART):
        asked.any_chart = True
        asked.chart = item.value or asked.chart
    for item in sentence.take_each(k.PERFORMANCE):
        asked.overview = item.value if asked.overview is None else "full"
