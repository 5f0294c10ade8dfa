"""The words of summaries: what may be put in another way, and how.

Each table maps a way of saying something to the way our own sentences say it, and holds wherever
it stands. There is nothing else that a rewritten summary may say: see `claims`.

Patterns are of a text as `claims.normal` spells it: a stop before each statement and a space
between two words; `METRIC`, `NAME`, `DATE`, `NUMBER`, `PERCENT` and `AMOUNT` (no percentage) stand
for one of these.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


METRICS = {
    phrase: metric
    for metric, phrases in {
        "spend": "ad spend|spend",
        "impressions": "impressions",
        "clicks": "clicks",
        "conversions": "conversions",
        "revenue": "revenue",
        "ctr": "ctr|click-through rate",
        "cpc": "cpc|cost per click",
        "cpm": "cpm|cost per thousand impressions",
        "cpa": "cpa|cost per conversion",
        "conversion_rate": "conversion rate",
        "aov": "average order value",
        "roas": "roas|return on ad spend",
    }.items()
    for phrase in phrases.split("|")
}

_ALONE = r"(?<=\. )in (the campaign NAME alone) (?:, )?(METRIC)"
# Of everything, in this order.
SYNONYMS = {
    r"dropped|declined|decreased|slipped|dipped": "fell",
    r"grew|increased|climbed": "rose",
    r"(?:was|were|is|are|went) down(?= NUMBER)": "fell",
    r"(?:was|were|is|are|went) up(?= NUMBER)": "rose",
    r"(?:was|were|held|stayed|remained) (?:practically unchanged|steady)": "steady",
    r"(?:reached|totalled|amounted to|stood at|was|was at)(?= NUMBER)": "came to",
    r"a (?:drop|decline|decrease|fall) of(?= NUMBER)": "down",
    r"(?:a rise|an increase) of(?= NUMBER)": "up",
    r"(?:mainly|largely)(?= because)": "mostly",
    r"brought in|generated|delivered": "brought",
    r"fewer": "less",
    r"the previous week|a week earlier|the week earlier": "the week before",
    r"(fell|rose|down|up) by(?= PERCENT)": r"\1",
    r"the(?= METRIC)": "",
    r"days both weeks have": "days that both weeks have",
    r"till": "until",
    r"too slow(?= :)": "too slowly",
    r"too quickly": "too fast",
    r"rather than(?= DATE)": "instead of",
    r"spending its (?:budget|money) too": "spending too",
    r"(?:check|find out) whether|see if": "see whether",
    r"(?:take|have) a look at": "look into",
    r"slow down (NAME)": r"slow \1 down",
    r"with an impact of (about NUMBER)": r"( impact \1 )",
    r",(?= (?:and|mostly|because|although|from|to|unlike|instead|after|which|\() )": "",
    r"\( (from NUMBER to NUMBER) \)": r"\1",
    r"a (PERCENT) (?:drop|decline|decrease|fall) in (METRIC)": r"\2 fell \1",
    r"a (PERCENT) (?:rise|increase) in (METRIC)": r"\2 rose \1",
    r"(NAME(?: alone)?) lost (AMOUNT) (?:of|in) (METRIC)": r"\1 brought \2 less \3",
    r"(NAME(?: alone)?) gained (AMOUNT) (?:of|in) (METRIC)": r"\1 brought \2 more \3",
    r"(METRIC) from (NAME) fell by (AMOUNT)": r"\2 brought \3 less \1",
    r"(METRIC) from (NAME) rose by (AMOUNT)": r"\2 brought \3 more \1",
    rf"{_ALONE} fell by (AMOUNT)": r"\1 brought \3 less \2",
    rf"{_ALONE} rose by (AMOUNT)": r"\1 brought \3 more \2",
    r"\. (?:that|this) (?:was|is) mostly because": "mostly because",
    r"(?<=\. )for (DATE) (?:, )?(NAME has no data)(?= \.)": r"\2 for \1",
    r"(check NAME) which brought": r"\1 : it brought",
    r"there (?:is|are)(?= NUMBER new (?:anomaly|anomalies))": "",
    r"(?<=\. )still(?= PERCENT (?:below|above) the average)": "that is still",
    r"(?<=\. )(?:it|this) (?:is|stands)(?= (?:still )?PERCENT)": "that is",
}

# What may be left out of an opening: our own text says it otherwise beside it.
ASIDES = (
    r"that is(?: still)? PERCENT (?:below|above) the average of the(?: four)? weeks before",
    r": (?:<spend> paid back|each \w+ cost|<impressions> cost) (?:less|more|better)",
)

# A name made of one of these words, among others, is put in quotes: it would be read as text.
READ_AS_TEXT = _words(
    """
    about above account accounted accounts action added additional after again against ahead all
    alone although amounted and anomalies anomaly are around arrived as asks at available
    average back barely be because been before began behind being below better beyond bigger
    billion both bring bringing brings brought budget but by came campaign campaigns can cannot
    carry change changed changes channel channels check click clicks climb climbed climbing
    closed come comes coming compare compared comparison consider contributed conversion
    conversions cost couple cpa cpc cpm critical ctr data day days decline declined declines
    declining decrease decreased decreases decreasing deteriorated differ dip dipped do double
    doubled doubling down dozen driven drop dropped dropping drops due during each earlier eight
    eighteen eighth eighty eleven ended ends entries exceeded except extra fall fallen falling
    falls far fast faster fell few fewer fifteen fifth fifty figure figures finished first five
    flat for forty found four fourteen fourth from gain gained gains get gets given go goes
    going got greater grew grow growing grown grows growth had half halved halving hardly has
    have having held here higher hit holds how hundred impact imported imports impressions
    improve improved improvement in increase increased increases increasing instead into is it
    its just largely larger last lasts later left less let level list load loaded look lose
    loses losing loss lost lower made mainly makes many may million money more most mostly move
    moved much neither never new nine nineteen ninety ninth no nobody none nor norm normal
    normally not nothing now nowhere of older on once one only open or our outweighed over owing
    pace paid pair period practically project quadrupled quarter quarters quickly raise raised
    reached reaching reduced refunds remained remains resolved rest result results revenue
    review rise risen rises rising roas rose roughly run runs said sales same saw scarcely
    second see seven seventeen seventh seventy several short show showed shows shrank shrink
    since six sixteen sixth sixty slid slide slip slipped slow slower slowly smaller so spend
    spending spent stable stands stay stayed stays steady still stood stronger suffered summary
    take takes taking ten tenth than thanks that the their them there these they third thirds
    thirteen thirty this those though thousand three thrice to too took total totalled track
    treble triple tripled twelve twenty twice two typical typically unchanged under unlike
    unspent until unusual up usual usually versus was we weaker week weeks went were what when
    where whereas whether which while who with without worse worsened written yet you your zero
    why meant stop stopped judged later ignore paused read come this fell
    """
)
