"""The words of the grammar, as tables: kind, meaning, phrases. Everything else is a name or unknown.

Metrics and their synonyms come from the semantic layer. Names of channels and campaigns are the
tenant's own and are looked up before these words.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from shared.domain.periods.phrases import DIGITS
from shared.domain.periods.tokens import MONTHS, WEEKDAYS, plain, tokens_of
from shared.domain.query.reading import kinds as k
from shared.domain.query.reading.kinds import Noun, Rank
from shared.domain.query.reading.unsupported import UNSUPPORTED
from shared.domain.semantics import METRICS

Entry = tuple[str, Any]

_WORDS: tuple[tuple[str, Any, str], ...] = (
    (k.MONEY, "revenue", "make | made | earn | bring in | brought in | brought us | generate"),
    (k.MONEY, "spend", "go to | goes to | went to | going to | goes into | went into | go into"),
    (k.METRIC, "conversions", "how many sales | number of sales"),
    (k.DIMENSION, Noun("channel"), "channel | platform | network | ad platform | ad channel"),
    (k.DIMENSION, Noun("channel"), "marketing channel | ad network | marketing platform"),
    (k.DIMENSION, Noun("channel", True), "channels | platforms | networks | ad platforms"),
    (k.DIMENSION, Noun("channel", True), "marketing channels | ad channels | ad networks"),
    (k.DIMENSION, Noun("campaign"), "campaign | ad campaign | marketing campaign"),
    (k.DIMENSION, Noun("campaign", True), "campaigns | ad campaigns | marketing campaigns"),
    (k.DIMENSION, Noun("weekday"), "weekday | day of week | day of the week | dow"),
    (k.DIMENSION, Noun("weekday", True), "weekdays | days of the week | days of week"),
    (k.UNIT, Noun("day"), "day | date"),
    (k.UNIT, Noun("day", True), "days | dates"),
    (k.UNIT, Noun("week"), "week | calendar week"),
    (k.UNIT, Noun("week", True), "weeks"),
    (k.UNIT, Noun("month"), "month | calendar month"),
    (k.UNIT, Noun("month", True), "months"),
    (k.UNIT, Noun("quarter"), "quarter"),
    (k.UNIT, Noun("quarter", True), "quarters"),
    (k.UNIT, Noun("year"), "year"),
    (k.UNIT, Noun("year", True), "years"),
    (k.PACE, "day", "daily | day by day | day to day | a day"),
    (k.PACE, "week", "weekly | week by week | a week"),
    (k.PACE, "month", "monthly | month by month | a month"),
    (k.PACE, "quarter", "quarterly | quarter by quarter"),
    (k.PACE, "year", "yearly | annual | annually | year by year"),
    (k.PACE, None, "over time | trend | trends | trended | trending | trendline | evolution"),
    (k.PACE, None, "evolve | evolved | evolving | develop | developed | development | timeline"),
    (k.PACE, None, "time series | timeseries | progression | history | over the course"),
    (k.BY, "by", "by | broken down by | split by | grouped by | group by | break down by"),
    (k.BY, "by", "breakdown by | split out by | segmented by | aggregated by | divided by"),
    (k.BY, "by", "by the"),
    (k.BY, "across", "across | among | across the | over all"),
    (k.BY, "per", "per"),
    (k.BY, "each", "each | every | for each | for every | in each | by each | per each | of each"),
    (k.BY, "each", "on each | across each | from each | individual"),
    (k.RANK, Rank("best"), "best | top | best performing | top performing | strongest | leading"),
    (k.RANK, Rank("best"), "best performer | best performers | top performers | top performer"),
    (k.RANK, Rank("best"), "performed best | performs best | perform best | winning"),
    (k.RANK, Rank("best"), "performing best | did best | does best | do best | doing best"),
    (k.RANK, Rank("best", sort=True), "better | best to worst | best first | from best to worst"),
    (k.RANK, Rank("worst", sort=True), "worse | worst to best | worst first | from worst to best"),
    (k.RANK, Rank("high", sort=True), "more | higher | highest first | highest to lowest"),
    (k.RANK, Rank("high", sort=True), "high to low | descending | desc | largest first"),
    (k.RANK, Rank("low", sort=True), "less | lower | fewer | lowest first | lowest to highest"),
    (k.RANK, Rank("low", sort=True), "low to high | ascending | asc | smallest first"),
    (k.RANK, Rank("best", sort=True, cost=True), "cheaper | more efficient"),
    (k.RANK, Rank("worst", sort=True, cost=True), "more expensive | less efficient"),
    (k.RANK, Rank("worst"), "worst | bottom | weakest | poorest | worst performing | poorest"),
    (k.RANK, Rank("worst"), "performed worst | performs worst | perform worst | did worst"),
    (k.RANK, Rank("worst"), "worst performer | worst performers | performing worst | doing worst"),
    (k.RANK, Rank("high"), "highest | most | largest | biggest | greatest | maximum | max | peak"),
    (k.RANK, Rank("high"), "maximal | record | fastest"),
    (k.RANK, Rank("low"), "lowest | least | fewest | smallest | minimum | min | minimal"),
    (k.RANK, Rank("best", cost=True), "cheapest | most efficient | least expensive"),
    (k.RANK, Rank("best", cost=True), "most cost effective | most cost efficient"),
    (k.RANK, Rank("worst", cost=True), "most expensive | priciest | costliest | least efficient"),
    (k.SORT, None, "rank | ranked | ranking | sort | sorted | order | ordered"),
    (k.OPERATOR, ">", "above | over | more than | greater than | higher than | exceeding | exceed"),
    (k.OPERATOR, ">", "exceeds | exceeded | bigger than | larger than | better than | beyond"),
    (k.OPERATOR, ">", "> | upwards of | in excess of | north of"),
    (k.OPERATOR, ">=", ">= | ≥ | at least | no less than | not less than | minimum of | min of"),
    (k.OPERATOR, "<", "below | under | less than | lower than | fewer than | smaller than | <"),
    (k.OPERATOR, "<", "cheaper than | worse than | south of"),
    (k.OPERATOR, "<=", "<= | ≤ | at most | no more than | not more than | maximum of | up to"),
    (k.OPERATOR, "=", "= | exactly | equal to | equals"),
    (k.OPERATOR, "!=", "!= | ≠ | <>"),
    (k.BETWEEN, None, "between | between the | in the range of | ranging from"),
    (k.EXCEPT, "but", "except | except for | excepting | excluding | exclude | excludes | excl"),
    (k.EXCEPT, "but", "other than | apart from | aside from | besides | not including | outside"),
    (k.EXCEPT, "but", "leaving out | leave out | ignoring | ignore | minus | but not | not for"),
    (k.EXCEPT, "but", "everything but | all but | but | anything but | omitting | omit"),
    (k.EXCEPT, "no", "without | no | not | didn't | doesn't | don't | haven't | hasn't | never"),
    (k.EXCEPT, "no", "didnt | doesnt | dont | wasn't | weren't | isn't | aren't | without any"),
    (k.COMPARE, "verb", "compare | comparing | comparison | comparison of | difference between"),
    (k.COMPARE, "verb", "compare between | difference"),
    (k.COMPARE, "than", "vs | versus | v | compared to | compared with | in comparison to"),
    (k.COMPARE, "than", "in comparison with | against | relative to | compare to | compare with"),
    (k.COMPARE, "than", "compares to | compares with | compared | as opposed to | than"),
    (k.CHANGE, "any", "change | changes | changed | changing | differ | differed | delta | moved"),
    (k.CHANGE, "up", "grow | grew | grown | growing | growth | increase | increased | increases"),
    (k.CHANGE, "up", "increasing | rise | rose | rising | risen | go up | went up | gone up"),
    (k.CHANGE, "up", "going up | gain | gained | gains | jump | jumped | uplift | up"),
    (k.CHANGE, "down", "drop | dropped | drops | dropping | decline | declined | declines"),
    (k.CHANGE, "down", "decrease | decreased | decreasing | fall | fell | fallen | falling"),
    (k.CHANGE, "down", "declining | go down | went down | gone down | going down | down | loss"),
    (k.CHANGE, "down", "dip | dipped"),
    (k.CHANGE, "better", "improve | improved | improvement | improving"),
    (k.CHANGE, "worse", "worsen | worsened | deteriorate | deteriorated"),
    (
        k.SHARE,
        None,
        "share | shares | share of | proportion | proportion of | portion | portion of",
    ),
    (k.SHARE, None, "percentage of | percent of | what percentage | what percent | % of"),
    (k.SHARE, None, "what % of | what percentage of | what percent of | split | split of | mix"),
    (k.SHARE, None, "distribution | distribution of | distributed | contribution | contributions"),
    (k.SHARE, None, "contribute | contributed | contributes | how much of | fraction of | divided"),
    (k.CHART, None, "chart | graph | plot | as a chart | as a graph | visualize | visualise"),
    (k.CHART, None, "visualization | visualisation | diagram | chart of | graph of | draw"),
    (k.CHART, "line", "line chart | line graph | line plot | linechart"),
    (k.CHART, "bar", "bar chart | bar graph | bars | barchart | column chart | bar plot"),
    (k.CHART, "pie", "pie chart | pie | piechart | donut | donut chart | pie graph"),
    (k.CHART, "scatter", "scatter | scatter plot | scatterplot | scatter chart | scatter graph"),
    (k.FACT, "budget", "budget | budgets | campaign budget | planned budget"),
    (k.FACT, "objective", "objective | objectives | goal | goals | purpose | aim"),
    (k.FACT, "start_date", "start | starts | started | start date | start dates | starting date"),
    (k.FACT, "start_date", "begin | begins | began | launch | launched | launches | launch date"),
    (k.FACT, "end_date", "end | ends | ended | end date | end dates | ending | finish | finished"),
    (k.FACT, "end_date", "finishes | stop | stopped | stops | expire | expires | expired"),
    (k.ACTIVE, None, "active | running | live | currently running | ongoing | run | ran | on air"),
    (k.PERFORMANCE, None, "perform | performs | performed | performing | performance | overview"),
    (k.PERFORMANCE, None, "doing | results | result | summary | kpi | kpis | report | metrics"),
    (k.PERFORMANCE, None, "how did we do | how are we doing | how are things | numbers | stats"),
    (
        k.PERFORMANCE,
        None,
        "how did | how is | how was | how are | how were | key figures | figures",
    ),
    (k.PERFORMANCE, None, "dashboard | statistics | key metrics | all metrics | main metrics"),
    (k.TOTAL, "sum", "total | overall | in total | altogether | combined | sum | sum of | totals"),
    (k.TOTAL, "sum", "grand total | in all | all together | together | aggregate"),
    (k.TOTAL, "many", "how many | number of | count of | count | amount of | volume of"),
    (k.TOTAL, "much", "how much"),
    (k.AVERAGE, None, "average | avg | mean | on average | typical | averaged | averages"),
    (k.ALL, None, "all | all the | all of | all our | all my | any | everything | anything"),
    (k.WHICH, "one", "which of | which of our | which of the | which of my | which one of our"),
    (k.WHICH, None, "which | what | list | name"),
    (k.WHERE, None, "where"),
    (k.FOLLOW, None, "what about | how about | same for | same but | same | the same | and what"),
    (k.FOLLOW, None, "and for | instead | now | only | just | show it | show that | make it"),
    (k.FOLLOW, None, "and how about | and what about | also | again | then | but for"),
    (k.JOIN, None, "and | or | & | + | , | plus | as well as | along with | both | also | nor"),
    (k.SLASH, None, "/"),
)

_STOP = """
a an the of for in on at from to with within during is are was were be been being do does did done
has have had having i me my mine we us our ours you your it its that this these those they them
their there here please pls kindly can could would may might let tell show give gave get got
getting see know need want like find provide fetch display|the display|me display|all display|our pull calculate compute how when who whom
out off as so if ok okay hey hi hello dear aims thanks thank right current currently recent recently
lately really actually exactly roughly about approximately around ads ad advertising advertisement
advertisements marketing media online digital data value values amount cash whose whether money go
goes gone went come comes came coming put into through via using use used achieve achieved achieves
deliver delivered delivers drive drives drove driven driving bring brings brought bringing produce
produced produces generated generates generating account accounts accounted company business side
various respective respectively moment look looks looked looking bit quick quickly question answer
break breakdown view table format case terms period periods time times dates attributable attributed
happen happened happens receive received very much many quite sort kind yet ran well people gives gives|us shows tells wants needs makes|sense finds sees views|of kept keep keeps say says said means mean|by wonder wondering curious interested hear think believe check checking pls plz thx ty sure maybe perhaps possible possibly exact precise precisely simply basically overall|picture every|single team boss client's myself ourselves each|other different how|big how|large how|high how|low bucks
euro euros eur dollar dollars usd gbp pounds one ones break|down broken|down sign|up sum|up add|up
drill|down make|up made|up end|up ended|up which|one which|ones by|far so|much at|all per|cent
these|days at|the|moment right|now of|course good|morning good|afternoon good|evening
"""


def _entries() -> dict[tuple[str, ...], Entry]:
    found: dict[tuple[str, ...], Entry] = {
        tuple(phrase.split("|")): (k.STOP, None) for phrase in _STOP.split()
    }
    for topic, _, phrases in UNSUPPORTED:
        found |= {_key(phrase): (k.UNSUPPORTED, topic) for phrase in phrases.split("|")}
    for kind, value, phrases in _WORDS:
        found |= {_key(phrase): (kind, value) for phrase in phrases.split("|")}
    for metric in METRICS.values():
        for phrase in (metric.id, metric.label, *metric.synonyms):
            found[_key(phrase)] = (k.METRIC, metric.id)
            found[_key(phrase.replace(" per ", " / "))] = (k.METRIC, metric.id)
    return found


def _key(phrase: str) -> tuple[str, ...]:
    return tuple(token.word for token in tokens_of(plain(phrase.strip())))


@cache
def lexicon() -> dict[tuple[str, ...], Entry]:
    """Phrases as tuples of words, with their kind and meaning."""
    return _entries()


@cache
def longest_phrase() -> int:
    """How many words the longest phrase has."""
    return max(map(len, lexicon()))


@cache
def known_words() -> frozenset[str]:
    """Every word the grammar or the period phrases may use: none of them is a misspelt name."""
    words = {word for phrase in lexicon() for word in phrase}
    return frozenset(words | _PERIOD_WORDS | set(MONTHS) | set(WEEKDAYS) | set(DIGITS))


_PERIOD_WORDS = frozenset(
    [
        "today",
        "yesterday",
        "tomorrow",
        "last",
        "past",
        "previous",
        "prior",
        "preceding",
        "latest",
        "trailing",
        "rolling",
        "this",
        "current",
        "next",
        "upcoming",
        "coming",
        "following",
        "day",
        "days",
        "week",
        "weeks",
        "month",
        "months",
        "quarter",
        "quarters",
        "year",
        "years",
        "weekend",
        "fortnight",
        "couple",
        "few",
        "several",
        "half",
        "before",
        "after",
        "since",
        "until",
        "till",
        "through",
        "thru",
        "up",
        "to",
        "date",
        "far",
        "ago",
        "beginning",
        "start",
        "early",
        "mid",
        "middle",
        "end",
        "late",
        "complete",
        "full",
        "whole",
        "entire",
        "calendar",
        "same",
        "period",
        "ever",
        "lifetime",
        "life",
        "launch",
        "inception",
        "onwards",
        "ytd",
        "mtd",
        "qtd",
        "wtd",
        "yoy",
        "mom",
        "wow",
        "qoq",
        "earlier",
        "starting",
        "percent",
        "hundred",
        "thousand",
        "million",
        "billion",
        "between",
    ]
)
