"""How words are shortened and run together in a hurry: `wk` is week, `spendlast` two words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shared.domain.periods.tokens import Token
from shared.domain.query.reading import kinds as k
from shared.domain.query.reading.lexicon import known_words, lexicon
from shared.domain.query.reading.names import NameIndex
from shared.domain.query.reading.spotting import is_unknown
from shared.domain.query.reading.stop_words import PERIOD_WORDS

_WRITINGS = """
week: wk week's wek weeek | weeks: wks | month: mth mnth mo month's monht moth mnoth | months:
mths mnths | quarter: qtr quater | quarters: qtrs | year: yr year's | years: yrs | yesterday: yest
yday ystrday yestrday | the: teh hte thee | show: shw shwo sho | what: wht wat waht whta whts wats
| how: hw hwo | much: mch muhc | many: mny | from: frm | last: lst lsat | past: pst | this: thsi
tihs | for: fro | and: adn nad nd | revenue: rev revs | campaign: cmpgn camp | campaigns: camps
cmpgns | channel: chnl chan | channels: chnls chans | impressions: imps impr | previous: prev |
spend: spnd | conversions: conv convos | average: av | compare: cmp | between: btwn | without: wo
| please: plz pls plez | with: wth | tell: tel | give: giv gve | where: whre wher | which: wich
whch | when: wehn | by: bye | all: al | number: nr num no. | budget: bdgt | of: fo | did: ddi |
have: hav hve | spent: spnt | on: onn
"""
SHORT = {
    short: meant.strip()
    for line in " ".join(_WRITINGS.split()).split("|")
    for meant, _, shorts in [line.partition(":")]
    for short in shorts.split()
}
_PERIOD_WORDS = frozenset(PERIOD_WORDS.split())
_LONG = 4


def parted(tokens: Sequence[Token], index: NameIndex) -> tuple[Token, ...]:
    """The tokens, with words that lost the space between them put apart."""
    return tuple(part for token in tokens for part in _parts(token, index))


def _parts(token: Token, index: NameIndex) -> tuple[Token, ...]:
    word = token.word
    strange = is_unknown(token) and word not in index.campaigns_with and word not in index.exact
    if not strange or len(word) < 2 * _LONG - 1 or len(word) != token.end - token.start:
        return (token,)
    cuts = [at for at in range(2, len(word) - 1) if _are_two(word[:at], word[at:])]
    if len(cuts) != 1:
        return (token,)
    middle = token.start + cuts[0]
    left, right = word[: cuts[0]], word[cuts[0] :]
    return replace(token, word=left, end=middle), replace(token, word=right, start=middle)


def _are_two(left: str, right: str) -> bool:
    both = left in known_words() and right in known_words()
    return both and _means(left) and _means(right) and max(len(left), len(right)) >= _LONG


def _means(word: str) -> bool:
    entry = lexicon().get((word,))
    return word in _PERIOD_WORDS if entry is None else entry[0] not in k.IGNORED
