"""The words of the grammar: kind, meaning, phrases. Metrics are in the semantic layer.

Whatever is not here, no period and none of the tenant's names is unknown, and the question is
refused rather than read without it.
"""

from __future__ import annotations

from typing import Any

from shared.domain.query.reading import kinds as k
from shared.domain.query.reading.kinds import Noun, Rank

WORDS: tuple[tuple[str, Any, str], ...] = (
    (k.MONEY, "revenue", "make | made | earn | bring in | brought in | brought us | generate"),
    (k.MONEY, "spend", "go to | goes to | went to | going to | goes into | went into | go into"),
    (k.METRIC, "conversions", "how many sales | number of sales"),
    (
        k.DIMENSION,
        Noun("channel"),
        """
        channel | platform | network | ad platform | ad channel | marketing channel | ad network |
        marketing platform
        """,
    ),
    (
        k.DIMENSION,
        Noun("channel", plural=True),
        """
        channels | platforms | networks | ad platforms | marketing channels | ad channels | ad
        networks
        """,
    ),
    (k.DIMENSION, Noun("campaign"), "campaign | ad campaign | marketing campaign"),
    (k.DIMENSION, Noun("campaign", plural=True), "campaigns | ad campaigns | marketing campaigns"),
    (k.DIMENSION, Noun("weekday"), "weekday | day of week | day of the week | dow"),
    (k.DIMENSION, Noun("weekday", plural=True), "weekdays | days of the week | days of week"),
    (k.UNIT, Noun("day"), "day | date"),
    (k.UNIT, Noun("day", plural=True), "days | dates"),
    (k.UNIT, Noun("week"), "week | calendar week"),
    (k.UNIT, Noun("week", plural=True), "weeks"),
    (k.UNIT, Noun("month"), "month | calendar month"),
    (k.UNIT, Noun("month", plural=True), "months"),
    (k.UNIT, Noun("quarter"), "quarter"),
    (k.UNIT, Noun("quarter", plural=True), "quarters"),
    (k.UNIT, Noun("year"), "year"),
    (k.UNIT, Noun("year", plural=True), "years"),
    (k.PACE, "day", "daily | day by day | day to day | a day"),
    (k.PACE, "week", "weekly | week by week | a week"),
    (k.PACE, "month", "monthly | month by month | a month"),
    (k.PACE, "quarter", "quarterly | quarter by quarter"),
    (k.PACE, "year", "yearly | annual | annually | year by year"),
    (
        k.PACE,
        None,
        """
        over time | trend | trends | trended | trending | trendline | evolution | evolve | evolved
        | evolving | develop | developed | development | timeline | time series | timeseries |
        progression | history | over the course
        """,
    ),
    (
        k.BY,
        "by",
        """
        by | broken down by | split by | grouped by | group by | break down by | breakdown by |
        split out by | segmented by | aggregated by | divided by | by the
        """,
    ),
    (k.BY, "across", "across | among | across the | over all"),
    (k.BY, "per", "per"),
    (
        k.BY,
        "each",
        """
        each | every | for each | for every | in each | by each | per each | of each | on each |
        across each | from each | individual
        """,
    ),
    (
        k.RANK,
        Rank("best"),
        """
        best | top | best performing | top performing | strongest | leading | best performer |
        best performers | top performers | top performer | performed best | performs best |
        perform best | winning | performing best | did best | does best | do best | doing best
        """,
    ),
    (k.RANK, Rank("best", sort=True), "best to worst | best first | from best to worst"),
    (k.RANK, Rank("worst", sort=True), "worst to best | worst first | from worst to best"),
    (k.RANK, Rank("best", sort=True, comparative=True), "better"),
    (k.RANK, Rank("worst", sort=True, comparative=True), "worse"),
    (k.RANK, Rank("high", sort=True, comparative=True), "more | higher"),
    (k.RANK, Rank("low", sort=True, comparative=True), "less | lower | fewer"),
    (
        k.RANK,
        Rank("high", sort=True),
        "highest first | highest to lowest | high to low | descending | desc | largest first",
    ),
    (
        k.RANK,
        Rank("low", sort=True),
        "lowest first | lowest to highest | low to high | ascending | asc | smallest first",
    ),
    (k.RANK, Rank("best", True, True, True), "cheaper | more efficient"),
    (k.RANK, Rank("worst", True, True, True), "more expensive | less efficient"),
    (
        k.RANK,
        Rank("worst"),
        """
        worst | bottom | weakest | poorest | worst performing | performed worst | performs worst |
        perform worst | did worst | worst performer | worst performers | performing worst | doing
        worst
        """,
    ),
    (
        k.RANK,
        Rank("high"),
        """
        highest | most | largest | biggest | greatest | maximum | max | peak | maximal | record |
        fastest
        """,
    ),
    (k.RANK, Rank("low"), "lowest | least | fewest | smallest | minimum | min | minimal"),
    (
        k.RANK,
        Rank("best", cost=True),
        """
        cheapest | most efficient | least expensive | most cost effective | most cost efficient
        """,
    ),
    (k.RANK, Rank("worst", cost=True), "most expensive | priciest | costliest | least efficient"),
    (k.SORT, None, "rank | ranked | ranking | sort | sorted | order | ordered"),
    (
        k.OPERATOR,
        ">",
        """
        above | over | more than | greater than | higher than | exceeding | exceed | exceeds |
        exceeded | bigger than | larger than | better than | beyond | > | upwards of | in excess
        of | north of
        """,
    ),
    (
        k.OPERATOR,
        ">=",
        """
        >= | ≥ | at least | no less than | not less than | minimum of | min of | not below | not
        under | not lower than
        """,
    ),
    (
        k.OPERATOR,
        "<",
        """
        below | under | less than | lower than | fewer than | smaller than | < | cheaper than |
        worse than | south of
        """,
    ),
    (
        k.OPERATOR,
        "<=",
        """
        <= | ≤ | at most | no more than | not more than | maximum of | up to | not above | not over
        | not higher than
        """,
    ),
    (k.OPERATOR, "=", "= | exactly | equal to | equals"),
    (k.OPERATOR, "!=", "!= | ≠ | <>"),
    (k.BETWEEN, None, "between | between the | in the range of | ranging from"),
    (
        k.EXCEPT,
        "but",
        """
        except | except for | excepting | excluding | exclude | excludes | excl | other than |
        apart from | aside from | besides | not including | outside | leaving out | leave out |
        ignoring | ignore | minus | but not | not for | everything but | all but | but | anything
        but | omitting | omit
        """,
    ),
    (
        k.EXCEPT,
        "no",
        """
        without | no | not | didn't | doesn't | don't | haven't | hasn't | never | didnt | doesnt
        | dont | wasn't | weren't | isn't | aren't | without any
        """,
    ),
    (
        k.COMPARE,
        "verb",
        """
        compare | comparing | comparison | comparison of | difference between | compare between |
        difference
        """,
    ),
    (
        k.COMPARE,
        "than",
        """
        vs | versus | v | compared to | compared with | in comparison to | in comparison with |
        against | relative to | compare to | compare with | compares to | compares with | compared
        | as opposed to | than
        """,
    ),
    (
        k.SHARE,
        None,
        """
        share | shares | share of | proportion | proportion of | portion | portion of | percentage
        of | percent of | what percentage | what percent | % of | what % of | what percentage of |
        what percent of | contribution | contributions | contribute | contributed | contributes |
        how much of | fraction of
        """,
    ),
    (k.SHARE, "within", "split | split of | mix | distribution | distribution of | distributed"),
    (k.SHARE, "within", "divided"),
    (
        k.CHART,
        None,
        """
        chart | graph | plot | as a chart | as a graph | visualize | visualise | visualization |
        visualisation | diagram | chart of | graph of | draw
        """,
    ),
    (k.CHART, "line", "line chart | line graph | line plot | linechart"),
    (k.CHART, "bar", "bar chart | bar graph | bars | barchart | column chart | bar plot"),
    (k.CHART, "pie", "pie chart | pie | piechart | donut | donut chart | pie graph"),
    (k.CHART, "scatter", "scatter | scatter plot | scatterplot | scatter chart | scatter graph"),
    (k.FACT, "budget", "budget | budgets | campaign budget | planned budget"),
    (k.FACT, "objective", "objective | objectives | goal | goals | purpose | aim"),
    (
        k.FACT,
        "start_date",
        """
        start | starts | started | start date | start dates | starting date | begin | begins |
        began | launch | launched | launches | launch date
        """,
    ),
    (
        k.FACT,
        "end_date",
        """
        end | ends | ended | end date | end dates | ending | finish | finished | finishes | stop |
        stopped | stops | expire | expires | expired
        """,
    ),
    (k.ACTIVE, None, "active | running | live | currently running | ongoing | run | ran | on air"),
    (
        k.PERFORMANCE,
        "full",
        """
        going | perform | performs | performed | performing | performance | overview | doing |
        results | result | summary | kpi | kpis | report | metrics | how did we do | how are we
        doing | how are things | numbers | stats | key figures | figures | dashboard | statistics
        | key metrics | all metrics | main metrics
        """,
    ),
    (
        k.TOTAL,
        "sum",
        """
        total | overall | in total | sum | sum of | totals | grand total | in all | aggregate
        """,
    ),
    (k.TOTAL, "together", "together | all together | altogether | combined | put together"),
    (k.PERFORMANCE, "weak", "hows | how did | how is | how was | how are | how were"),
    (k.TOTAL, "many", "how many | number of | count of | count | amount of | volume of"),
    (k.TOTAL, "much", "how much"),
    (k.AVERAGE, None, "average | avg | mean | on average | typical | averaged | averages"),
    (k.ALL, None, "all | all the | all of | all our | all my | any | everything | anything"),
    (k.WHICH, "one", "which of | which of our | which of the | which of my | which one of our"),
    (k.WHICH, None, "which | what | list | name | whats | what's"),
    (k.WHERE, "where", "where"),
    (
        k.FOLLOW,
        None,
        """
        what about | how about | same for | same but | same | the same | and what | and for |
        instead | now | only | just | show it | show that | make it | and how about | and what
        about | also | again | then | but for
        """,
    ),
    (k.JOIN, None, "and | or | & | + | , | plus | as well as | along with | both | also | nor"),
    (k.SLASH, None, "/"),
)
