"""Everyday words for what the grammar knows, as people say it aloud: kind, meaning, phrases."""

from __future__ import annotations

from typing import Any

from shared.domain.query.reading import kinds as k
from shared.domain.query.reading.kinds import Noun, Rank

EVERYDAY_WORDS: tuple[tuple[str, Any, str], ...] = (
    (
        k.METRIC,
        "spend",
        """
        shell out | shelled out | shelling out | fork out | forked out | forking out | fork over |
        lay out | laid out | splash out | splashed out | splurge | splurged | dish out | dished out
        | pour into | poured into | pouring into | pump into | pumped into | sink into | sank into
        | sunk into | plough into | ploughed into | plow into | plowed into | blow | blew | blown |
        blow through | blew through | burn through | burned through | burnt through | burning |
        burning through | burns | set us back | sets us back | setting us back | part with | eat up
        | ate up | eats up | cost us | costing | costing us | pay for | paying | paying for | pays |
        have paid | put into | put in | put towards | put behind | money go | money
        goes | money went | money going | money gone | money out | outgoings | ad bill |
        advertising bill | expenses | ad expenses | outlays | expenditures | ad spending
        """,
    ),
    (k.METRIC, "revenue", "takings | proceeds | sell | sold | money in | sales value"),
    (
        k.MONEY,
        "revenue",
        """
        pull in | pulled in | pulling in | rake in | raked in | take in | took in | taken in |
        bring us | brings us | bringing in | brings in | bring home | brought home | make us | made
        us | makes | making | earn us | earned us | earns | earning
        """,
    ),
    (k.DIMENSION, Noun("campaign"), "campaign level | campaign wise | campaignwise"),
    (k.DIMENSION, Noun("channel"), "channel level | channel wise | platform level | channelwise"),
    (k.WHERE, "when", "when | at what point | at which point | what date | which date"),
    (
        k.METRIC,
        "cpa",
        """
        cost per sale | cost a conversion | cost per action | price per lead | price per conversion
        | pay per lead | pay per conversion | pay for a lead | pay for a conversion |
        how expensive is
        a lead | how expensive are leads | how expensive is a conversion | cost of a lead |
        cost of a conversion | cost per acquired lead | price of a lead
        """,
    ),
    (
        k.METRIC,
        "cpc",
        "cost of a click | price of a click | cost for a click | pay per click | pay for a click",
    ),
    (k.METRIC, "impressions", "shown | displayed | ad impressions"),
    (k.RANK, Rank("best", True, True), "cheapest first"),
    (k.RANK, Rank("worst", True, True), "most expensive first"),
    (k.RANK, Rank("best"), "number one"),
    (k.RANK, Rank("high"), "busiest"),
    (k.RANK, Rank("high", sort=True), "biggest first | greatest first | most first"),
    (k.RANK, Rank("low"), "quietest | slowest"),
    (k.SORT, None, "leaderboard | league table | leader board"),
    (k.FACT, "end_date", "will end | will finish | will stop | about to end | going to end"),
    (k.FACT, "start_date", "will start | will begin | will launch | about to start"),
    (
        k.FOLLOW,
        None,
        """
        zoom in on | zoom into | focus on | drill into | restrict to | restrict it to | limit to |
        limit it to | narrow it down to | narrow down to | filter by | filter to | filter on |
        make that | change that to | change it to | set it to | set that to | let's say | try it
        with | switch to | and same for | replace it with | replace that with | same thing
        """,
    ),
    (k.WHICH, "who", "who"),
    (
        k.EVENT,
        (True, None),
        "last time | most recent time | latest time | last | most recently | last occasion",
    ),
    (k.EVENT, (False, None), "first time | earliest time | first | first occasion"),
    (k.EVENT, (True, "day"), "most recent day | latest day"),
    (k.EVENT, (True, "week"), "most recent week | latest week"),
    (k.EVENT, (True, "month"), "most recent month | latest month"),
    (k.EVENT, (False, "day"), "first day | earliest day"),
    (k.EVENT, (False, "week"), "first week | earliest week"),
    (k.EVENT, (False, "month"), "first month | earliest month"),
    (
        k.RANK,
        Rank("best"),
        """
        most successful | winner | winners | highest performing | did the best | doing the best |
        best bang for the buck | best bang for our buck | star performer | star performers |
        strongest performing | top dog
        """,
    ),
    (
        k.RANK,
        Rank("worst"),
        """
        least successful | underperforming | under performing | underperformers | underperformer |
        lowest performing | poorest performing | did the worst | doing the worst | weakest
        performing
        """,
    ),
    (
        k.RANK,
        Rank("worst", cost=True),
        """
        wasted the most money | waste the most money | wastes the most money | wasting the most
        money | wasted the most | most wasteful | wasted most money | dearest
        """,
    ),
    (k.RANK, Rank("best", cost=True), "least wasteful | best value"),
    (k.RANK, Rank("best", nth=2), "second best | 2nd best | runner up | second strongest"),
    (k.RANK, Rank("best", nth=3), "third best | 3rd best"),
    (k.RANK, Rank("worst", nth=2), "second worst | 2nd worst | second weakest"),
    (
        k.RANK,
        Rank("high", nth=2),
        "second highest | second most | second largest | second biggest | 2nd highest | 2nd most",
    ),
    (k.RANK, Rank("high", nth=3), "third highest | third most | third largest | third biggest"),
    (k.RANK, Rank("low", nth=2), "second lowest | second least | second smallest | 2nd lowest"),
    (k.RANK, Rank("low", nth=3), "third lowest | third least | third smallest"),
    (
        k.OPERATOR,
        ">",
        """
        surpass | surpassed | surpasses | surpassing | topped | topping | crossed | crossing |
        north of | more then | higher then | greater then | over and above
        """,
    ),
    (
        k.OPERATOR,
        ">=",
        """
        reached | reaching | hit | hits | hitting | hit at least | reached at least | no fewer than
        | not fewer than | no lower than | a minimum of | at minimum | at the least
        """,
    ),
    (
        k.OPERATOR,
        "<",
        """
        didn't reach | did not reach | doesn't reach | does not reach | don't reach | do not reach
        | hasn't reached | haven't reached | has not reached | have not reached | failed to reach |
        never reached | not reach | not reached | not reaching | didn't hit | did not hit | failed
        to hit | fell short of | falls short of | falling short of | fall short of | short of | shy
        of | less then | fewer then | lower then
        """,
    ),
    (
        k.OPERATOR,
        "<=",
        """
        didn't exceed | did not exceed | doesn't exceed | does not exceed | not exceeding | don't
        exceed | never exceeded | but not more than | but no more than | no higher than |
        no greater than | not greater than | capped at |
        at the most | a maximum of
        """,
    ),
    (
        k.EXCEPT,
        "but",
        """
        not counting | without counting | not considering | disregarding | discounting | leaving
        aside | setting aside | putting aside | w / o | w / out | sans | non | ex | barring | save
        for | with the exception of | exclusive of | stripping out | strip out | taking out | take
        out | everything bar | all bar | filtering out | filter out | removing | remove
        | skipping | skip | not incl | omits
        """,
    ),
    (
        k.COMPARE,
        "than",
        """
        beat | beats | beaten | outperform | outperformed | outperforms | outperforming | stack up
        against | stacks up against | stacked up against | hold up against | holds up against |
        fare against | fared against | measure up against | measure up to | match up to | next to |
        side by side with | up against
        """,
    ),
    (
        k.SHARE,
        None,
        """
        slice | slice of | chunk | chunk of | account for | accounts for | accounted for | fraction
        | percentage share | what part of | which part of | how big a part of
        """,
    ),
    (
        k.SHARE,
        "percent",
        """
        in percent | as percent | as percentage | as a percentage | as percentages | in percentages
        | in % | as % | as a % | in pct | percent | percentage wise | percentage | percentages |
        in per cent
        """,
    ),
    (
        k.LOSS,
        None,
        """
        lost money | lose money | loses money | losing money | lost us money | made a loss | make a
        loss | making a loss | at a loss | loss making | didn't break even | did not break even |
        in the red | didn't pay off | did not pay off | lost cash
        """,
    ),
    (k.FACT, "runs", "how long | run time | flight dates | running time | run dates | runtime"),
    (
        k.FACT,
        "start_date",
        "kick off | kicked off | kicks off | kickoff | go live | went live | goes live | gone live",
    ),
    (
        k.FACT,
        "end_date",
        "wrap up | wrapped up | wraps up | conclude | concluded | concludes | runs out | finishing",
    ),
    (
        k.BUDGET,
        "over",
        """
        over budget | overspend | overspent | overspending | above budget | beyond budget | over its
        budget | over their budget | over the budget | exceeded budget | exceeded its budget |
        exceeded their budget | exceeded the budget | exceed budget | blown budget | out of budget |
        used up budget | exceeding budget | blew its budget | blown its budget | blew the budget
        """,
    ),
    (
        k.BUDGET,
        "under",
        """
        under budget | underspent | underspend | underspending | within budget | on budget | below
        budget | in budget | within its budget | within their budget | under its budget | under
        their budget
        """,
    ),
    (
        k.BUDGET,
        "left",
        """
        left | remaining | remains | leftover | budget left | remaining budget | budget remaining |
        left of the budget | budget used | used | used up | budget spent | budget utilization |
        budget utilisation | spend vs budget | budget vs spend | spend against budget
        """,
    ),
)
