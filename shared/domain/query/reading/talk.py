"""Talk round a question: greetings, reasons and asides in clauses of their own.

Only whole clauses are passed over, and only those that cannot narrow the question down: the person
speaks of themselves or of the occasion ("my boss is asking", "hope you're well"). A clause with a
metric or a number is never talk, nor one that says only, about or looking at; names in it are kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from shared.domain.query.reading import kinds as k
from shared.domain.query.reading.kinds import Item
from shared.domain.query.reading.spotting import Question

_ENDS = re.compile(r"[.!?;:()\[\]…\n\r—\U0001F300-\U0001FAFF\u2600-\u27BF]| [-–] ")
_ROLE = (
    "boss|manager|ceo|cfo|cmo|coo|cto|founder|co founder|client|colleague|board|chief|director|lead"
    "|team|marketer|analyst|intern|owner|marketing manager|marketing lead|head of marketing|team "
    "lead|investors?|shareholders?|husband|wife|partner|accountant|agency|newbie|beginner"
)
_OCCASION = (
    "deck|report|meeting|presentation|slides?|call|review|update|pitch|board|memo|standup|"
    "newsletter draft|spreadsheet|records|files|offsite|workshop"
)
_OPENERS = re.compile(
    rf"""(?:(?:so|ok|okay|well|and|but|hey|hi|hello|sorry|look|listen|also|because|since)\ )*(?:
        i'?\ ?m | i\ am | i\ was | i'?\ ?ve | i\ (?:have|don'?t|dont|do\ not|need\ to|can'?t|cannot)
      | i\ (?:know|hope|guess|think|forgot|lost|keep|wonder|promise|swear|hate|love|understand)
      | i'?\ ?(?:ll|d) | i\ (?:will|would|got|get|am) | we\ have\ a | we'?\ ?re\ (?:about|preparing)
      | hope | hoping | sorry | apologies | thanks | thank | cheers | greetings | excuse | forgive
      | pardon | congrats | welcome | have\ a | hi | hey | hello | dear | long\ time
      | (?:my|our|the|his|her)\ (?:{_ROLE})
      | (?:as|being)\ (?:a|an|the|our|your)\ (?:\w+\ )?(?:{_ROLE})
      | no\ (?:rush|hurry|worries|pressure|problem|stress)
      | (?:for|before|in)\ (?:a|the|my|our|tomorrow's|today's)\ (?:\w+\ ){{0,2}}(?:{_OCCASION})
      | (?:when|whenever|if|once)\ (?:you|u)\ (?:can|have|get|could|don'?t|would)
      | (?:it|this|that)(?:\ is|'?\ ?s)\ (?:urgent|important|for\ (?:a|the|my|our))
      | (?:just\ )?out\ of\ curiosity | (?:long|short)\ story
    )(?=\ |$)""",
    re.VERBOSE,
)
_ASKERS = re.compile(
    rf"""(?:as|being)\ (?:a|an|the|our|your)\ (?:\w+\ )?(?:{_ROLE})(?=\ |$)
    | (?:so\ )?(?:my|our|the)\ (?:{_ROLE})\ (?:is\ |keeps\ |was\ |just\ |has\ |would\ )*
    (?:asking|asks?|asked|wants?|wanted|needs?|needed|demands?|like|wondering|wonders)
    (?:\ (?:me|us|for|to|about|know|see|hear|have|again|now))*(?=\ |$)""",
    re.VERBOSE,
)
_APPOINTMENT = re.compile(
    rf"(?:i|we)(?:'ve| have|'ve got| have got) (?:a|an|my|our|the) (?:\\w+ )?(?:{_OCCASION})(?= |$)"
)
_SMALL_WORDS = """
urgent easy silly stupid dumb request favor favour reminder final fun nerd alert help folks
coffee cheers awesome perfect cool brilliant wonderful amazing appreciated appreciate lovely
grateful everyone everybody anyone kind regards best sincerely mate buddy friend
"""
_SMALL = frozenset(_SMALL_WORDS.split())
_NARROWING_WORDS = """
only except without excluding excluded interested about regarding concerning specifically
particularly especially mean means focus focused focusing looking talking thinking limited
restrict restricted filter filtered exclude include including includes care sell
"""
_NARROWS = frozenset(_NARROWING_WORDS.split())
_NEVER = frozenset((k.METRIC, k.NUMBER, k.OPERATOR, k.EXCEPT, k.DIMENSION, k.RANK, k.COMPARE)) | {
    k.UNSUPPORTED,
    k.FACT,
    k.CHANGE,
    k.SHARE,
}
_ASKS = frozenset((k.METRIC, k.MONEY, k.FACT, k.ACTIVE, k.PERFORMANCE, k.RANK, k.CHANGE))


def without_talk(items: Sequence[Item], question: Question) -> list[Item]:
    """The items, with those of talk made stop words, if what is left still asks something."""
    items = _without_askers(items, question)
    clauses = _clauses(items, question)
    idle = [_is_talk(clause, question) for clause in clauses]
    asking = [
        item
        for clause, is_idle in zip(clauses, idle, strict=True)
        if not is_idle
        for item in clause
    ]
    if not any(item.kind in _ASKS for item in asking):
        return items
    return [
        replace(item, kind=k.STOP, value=None) if is_idle and item.kind != k.NAME else item
        for clause, is_idle in zip(clauses, idle, strict=True)
        for item in clause
    ]


def _without_askers(items: Sequence[Item], question: Question) -> list[Item]:
    """`my boss wants to know` before a question."""
    words = [token.word for token in question.tokens]
    text, spans = " ".join(words), []
    for match in _ASKERS.finditer(text):
        first = text.count(" ", 0, match.start())
        if match.start() == 0 or text[match.start() - 1] == " ":
            spans.append(range(first, first + match[0].count(" ") + 1))
    return [
        replace(item, kind=k.STOP, value=None)
        if any(item.first in span and item.stop - 1 in span for span in spans)
        else item
        for item in items
    ]


def _clauses(items: Sequence[Item], question: Question) -> list[list[Item]]:
    """Parted at the ends of sentences, at brackets, pictures and commas."""
    parts: list[list[Item]] = []
    for item in items:
        if not parts or _ends_before(parts[-1][-1], item, question):
            parts.append([])
        parts[-1].append(item)
    return parts


def _ends_before(before: Item, item: Item, question: Question) -> bool:
    tokens = question.tokens
    end, start = tokens[before.stop - 1].end, tokens[item.first].start
    return (
        tokens[before.stop - 1].word == "," or _ENDS.search(question.text, end, start) is not None
    )


def _is_talk(clause: Sequence[Item], question: Question) -> bool:
    tokens = question.tokens
    words = [tokens[n].word for item in clause for n in range(item.first, item.stop)]
    said = question.text[tokens[clause[0].first].start : tokens[clause[-1].stop - 1].end]
    unknown = [tokens[item.first].word for item in clause if item.kind == k.UNKNOWN]
    kinds = {item.kind for item in clause}
    if _APPOINTMENT.match(" ".join(said.casefold().split())) and not kinds & {k.METRIC, k.NAME}:
        return True
    if kinds & _NEVER or not _NARROWS.isdisjoint(words):
        return False
    small = bool(unknown) and _SMALL.issuperset(unknown) and k.PERIOD not in kinds
    return small or _OPENERS.match(" ".join(said.casefold().split())) is not None
