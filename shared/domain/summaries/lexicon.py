"""The words that a rewritten summary may be made of, and what each of them claims.

A word that is in none of these tables is refused, unless the suite's own text beside it has it: so
nothing can be said that the facts do not say, be it a cause, a name, praise or an instruction.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


METRIC_PHRASES = {
    phrase: metric
    for metric, phrases in {
        "spend": "ad spend|spend|spending|spent",
        "impressions": "impressions",
        "clicks": "clicks",
        "conversions": "conversions",
        "revenue": "revenue",
        "ctr": "CTR|click-through rate",
        "cpc": "CPC|cost per click|each click cost|a click cost|clicks cost",
        "cpm": "CPM|impressions cost|cost per thousand impressions",
        "cpa": "CPA|cost per conversion|each conversion cost|a conversion cost|conversions cost",
        "conversion_rate": "conversion rate",
        "aov": "average order value|order value",
        "roas": "ROAS|return on ad spend|spend paid back|paid back|for what was spent",
    }.items()
    for phrase in phrases.split("|")
}

_UP = _words(
    """
    rose rise rises risen rising up grew grow grows grown growing growth increase increased
    increases increasing higher more gain gained gains climbed climb climbing above added extra
    ahead over fast faster exceeded beyond larger bigger greater additional quickly raise raised
    """
)
_DOWN = _words(
    """
    fell fall falls fallen falling down drop dropped drops dropping decline declined declines
    declining decrease decreased decreases decreasing lower less fewer lost lose loses losing loss
    slipped slip slid slide dipped dip shrank shrink below under behind slow slower slowly smaller
    reduced short
    """
)
_LEVEL = _words("unchanged steady flat stable same level")
DIRECTIONS = dict.fromkeys(_UP, 1) | dict.fromkeys(_DOWN, -1) | dict.fromkeys(_LEVEL, 0)

# Good or bad: which way that is depends on the metric.
_GOOD = _words("better improved improve improvement stronger")
_BAD = _words("worse worsened weaker deteriorated suffered")
JUDGEMENTS = dict.fromkeys(_GOOD, 1) | dict.fromkeys(_BAD, -1)

# Said where our text says them, and nowhere else.
KEPT = _words(
    """
    no not nor never none nothing neither without hardly barely scarcely cannot nobody nowhere
    unlike except critical new resolved open older ended only alone all impact
    pace rest until instead
    """
)

COUNTING = _words(
    """
    one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred
    thousand million billion dozen half halved halving third thirds quarter quarters double doubled
    doubling triple tripled treble quadrupled twice thrice once pair couple both first second fourth
    fifth sixth seventh eighth ninth tenth zero several few many
    """
)
COUNTED = _words("week day campaign channel anomaly time")
BETWEEN = _words("new more other earlier full")  # a number and what it counts

# What stands before a figure says whether it is what is, what was, or what it is a part of.
ROLES = (
    dict.fromkeys(_words("to at reached totalled hit reaching"), "now")
    | dict.fromkeys(_words("from after against than versus"), "before")
    | {"of": "of"}
)
SKIPPED = _words("the a an about around roughly just its only still")
ORDER = _words("before after against than versus instead until since earlier later")
CAUSES = _words("because due thanks owing as driven given")
AVERAGES = _words("average usual usually normal normally typical typically norm")
CLAUSES = CAUSES | _words("and but while whereas although though yet or with")

PLAIN = _words(
    """
    a an the this that these those it its they their them there here what which who when where how
    your you our we of to in on at by for with from into and but while whereas although though yet
    is are was were be been being has have had having
    came come comes coming brought bring brings bringing went go goes going stood stands ended
    finished closed made makes held holds stayed stays remained remains reached reaching
    totalled amounted showed shows show saw see look check review consider takes took taking
    get gets got accounts accounted account contributed
    compared comparison week weeks figure figures result results change changed changes
    total project summary
    mostly mainly largely about around roughly practically still just now during s
    """
) | _words("before after against than versus")
ALLOWED = PLAIN | DIRECTIONS.keys() | JUDGEMENTS.keys() | CAUSES | ROLES.keys() | AVERAGES

# What our own sentences say besides. A name with one of all these words in it is put in quotes.
_SAID = _words(
    """
    steady anomaly anomalies data available period unusual found began list impact budget track far
    pace rest lasts instead runs until loaded day days over again look into let spend faster move
    money whether take more stay unspent asks action carry refunds sales imports earlier compared
    arrived differ figures nothing most entries back can click compare conversion cost do each ends
    channel channels campaign campaigns imported last left load may moved much older or outweighed
    paid run said so too written with who
    """
)
READ_AS_TEXT = (
    ALLOWED | KEPT | COUNTING | ORDER | _SAID | {p.lower() for p in METRIC_PHRASES}
) - _words("s a an")
