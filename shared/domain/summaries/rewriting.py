"""A language model's try at the words of a summary, taken only if it keeps to the facts."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, Field, StringConstraints, ValidationError

from shared.domain.summaries.checking import flaws
from shared.domain.summaries.facts import Facts, Figure, Line, Mover
from shared.domain.summaries.models import Narrative
from shared.domain.summaries.phrases import LONGEST, ON_LIKE_DAYS, Phrases, shown, spelt
from shared.domain.wording import label
from shared.ports import ModelBlocked, ModelBusy, ModelMalformed, Prompt, TextModel
from shared.ports.text_model import ModelMisconfigured

WITHIN_S: Final = 20.0  # both tries together
_FIRST: Final = 0.6  # the first try's part of it
MOST_CHARS: Final = 20_000  # of what a model is told
_MOST_LINES = 4
_PROMPT = Path(__file__).parents[2] / "prompts" / "summaries.md"
_TOLD = ("spend", "revenue", "conversions", "clicks", "roas", "cpa", "cpc", "conversion_rate")

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST)]
Entries = Annotated[tuple[Text, ...], Field(max_length=8)]


class Rewritten(BaseModel):
    """The summary's texts, rewritten: the same fields as the draft."""

    subject: Text
    preheader: Text
    opening: Text
    changed: Entries = ()
    anomalies: Entries = ()
    pacing: Entries = ()
    next: Entries = ()
    caveats: Entries = ()


def rewrite(
    model: TextModel,
    facts: Facts,
    own: Narrative,
    locale: str | None,
    within_s: float = WITHIN_S,
) -> Narrative:
    """The words of `model` if they say what the facts say, else `own`; never a model's error.

    A rewrite with flaws is sent back once, with the flaws named. There is nothing to be told more
    nicely of a week without data: no model is asked.
    """
    draft = None if facts.empty else _draft(own)
    if draft is None:
        return own
    user = _asked(Phrases(facts, locale), draft)
    prompt = Prompt(facts.project_id, _system(), user, draft, within_s * _FIRST)
    try:
        theirs = _tried(model, prompt, own)
        if found := flaws(facts, own, theirs):
            theirs = _tried(model, _repair(prompt, theirs, found, within_s), own)
            found = flaws(facts, own, theirs)
    except (ModelBusy, ModelBlocked, ModelMalformed, ModelMisconfigured):
        return own
    return own if found else theirs


def _draft(own: Narrative) -> Rewritten | None:
    """What a model is to rewrite; None for words that no model may answer with either."""
    try:
        return Rewritten.model_validate(own.model_dump(include=set(Rewritten.model_fields)))
    except ValidationError:
        return None


def _tried(model: TextModel, prompt: Prompt, own: Narrative) -> Narrative:
    completion = model.complete(prompt, Rewritten)
    if completion.engine == "offline":
        return own
    return Narrative.model_validate(completion.value.model_dump() | {"engine": "gemini"})


def _repair(prompt: Prompt, theirs: Narrative, found: list[str], within_s: float) -> Prompt:
    again = {
        "your_answer": theirs.model_dump(mode="json", exclude={"engine"}),
        "flaws": found,
        "task": "Mend these flaws; where in doubt, take the draft's entry as it is.",
    }
    user = f"{prompt.user}\n{_json(again)}"
    return replace(prompt, user=user, deadline_s=within_s - prompt.deadline_s)


@cache
def _system() -> str:
    """The prompt's text, without its version."""
    return _PROMPT.read_text("utf-8").partition("\n")[2].strip()


def _asked(say: Phrases, draft: Rewritten) -> str:
    """Draft and facts as JSON, figures as readers see them; the draft alone if it gets long."""
    drafted = {"draft": draft.model_dump(mode="json")}
    text = _json(drafted | {"facts": _facts(say)})
    return text if len(text) <= MOST_CHARS else _json(drafted)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _facts(say: Phrases) -> dict[str, Any]:
    facts = say.facts
    moved = {
        "rising": (*facts.rising_channels[:_MOST_LINES], *facts.rising_campaigns[:_MOST_LINES]),
        "falling": (*facts.falling_channels[:_MOST_LINES], *facts.falling_campaigns[:_MOST_LINES]),
    }
    return {
        "project": shown(facts.project),
        "days": say.formats.days(facts.start, facts.end),
        "main_metric": label(facts.main),
        "figures": _figures(say, facts.figures),
        **({} if facts.whole else {"changes_are": ON_LIKE_DAYS}),
        **{way: [_mover(say, one) for one in movers] for way, movers in moved.items()},
    }


def _figures(say: Phrases, figures: tuple[Figure, ...]) -> list[dict[str, Any]]:
    return [_figure(say, one) for one in figures if one.metric in _TOLD and one.value is not None]


def _figure(say: Phrases, one: Figure) -> dict[str, Any]:
    known: dict[str, Any] = {"metric": label(one.metric), "value": say.told(one)}
    way = say.way(one)
    if way is not None:
        verb = {1: "rose", 0: "much the same", -1: "fell"}[way]
        known["change"] = f"{verb} {say.by(one) or ''}".strip()
    was = say.was(one)
    return known if was is None else known | {"week_before": was}


def _mover(say: Phrases, mover: Mover) -> dict[str, Any]:
    return {
        "name": _name(mover.line),
        "kind": "channel" if mover.line.campaign_id is None else "campaign",
        "brought": say.size(say.facts.main, mover.change),
        "reasons": [_figure(say, one) for one in mover.reasons],
    }


def _name(line: Line) -> str:
    return shown(spelt(line.channel, line.name) if line.campaign_id is None else line.name)
