"""Questions that would read as figures, and are none: definitions, errands, ratios of one's own."""

from __future__ import annotations

import re

from shared.domain.query.reading import kinds as k
from shared.domain.query.reading.kinds import Item
from shared.domain.query.reading.refusals import refused
from shared.domain.query.reading.sentence import Sentence
from shared.domain.semantics import METRICS
from shared.domain.wording import capital

_DEFINITION = re.compile(
    r"\b(?:how (?:do|does|did|is|are|was|were) .*(?:calculated?|computed?|defined?|measured?)"
    r"|(?:what|wha?ts?) .*\b(?:means?|stands? for)\b|definition|define|formula|meaning of)\b",
    re.IGNORECASE,
)
_ERRAND = re.compile(
    r"^\W*(?:(?:please|pls|can|could|would|you|kindly|and) )*(?:e-?mail|mail|text|ping|slack|post)"
    r" (?:me|us|him|her|them|it|this|that|my|our)\b",
    re.IGNORECASE,
)
_RATIO = f"{k.METRIC}[^{k.METRIC}{k.JOIN}]*{k.SHARE}{k.METRIC}"


def refuse_other_questions(sentence: Sentence) -> None:
    """Raises NoPlan for a definition, for "email me …" and for "spend as % of revenue"."""
    text = " ".join(sentence.text.split())
    if _ERRAND.match(text):
        raise refused("Answers are shown here; nothing is sent.")
    metrics = [METRICS[item.value] for item in sentence.left(k.METRIC)]
    if metrics and _DEFINITION.search(text) and not sentence.has(f"[{k.PERIOD}{k.NAME}{k.BY}]"):
        metric = metrics[0]
        raise refused(
            f"{capital(metric.label)} is {metric.definition}.",
            (f"{capital(metric.label)} last month", f"{capital(metric.label)} by channel"),
        )
    for match in sentence.find(_RATIO):
        if match[0].value != match[-1].value and "of" in _words(sentence, *match[-2:]):
            raise refused(
                "One metric per another must be one of the ratios here, such as CPC or CPA.",
                ("ROAS by channel last month",),
            )


def _words(sentence: Sentence, share: Item, metric: Item) -> list[str]:
    return [token.word for token in sentence.tokens[share.first : metric.first]]
