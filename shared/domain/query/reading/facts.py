"""Facts about campaigns: budget, objective, start, end, which are active."""

from __future__ import annotations

from datetime import date

from shared.domain.periods.days import Frame
from shared.domain.periods.period import Period
from shared.domain.query.plan import CampaignFact, CampaignPlan, Order
from shared.domain.query.reading import kinds as k
from shared.domain.query.reading.asked import Asked
from shared.domain.query.reading.clauses import read_names
from shared.domain.query.reading.ordering import read_order
from shared.domain.query.reading.refusals import refused, unsupported
from shared.domain.query.reading.sentence import Sentence
from shared.domain.query.reading.timing import read_times
from shared.domain.vocabulary import Vocabulary

_DATES: tuple[CampaignFact, ...] = ("start_date", "end_date")
MOST_NAMED = 500
_ASK_BUDGETS = ("Budget by campaign", "Which campaigns are active?")


def is_about_facts(sentence: Sentence) -> bool:
    """Whether facts are asked for; a budget that is split is spend."""
    if sentence.has(k.SHARE):
        return False
    return sentence.has(f"[{k.FACT}{k.ACTIVE}]") or _is_a_list(sentence)


def _is_a_list(sentence: Sentence) -> bool:
    """`list all campaigns`: nothing but campaigns is asked for."""
    nouns = [item.value.name for item in sentence.left(k.DIMENSION)]
    others = set(sentence.shape) - set(k.DIMENSION + k.WHICH + k.ALL + k.JOIN + k.TOTAL)
    return nouns == ["campaign"] and not others and sentence.has(k.WHICH + "|" + k.ALL)


def campaign_plan(sentence: Sentence, frame: Frame, known: Vocabulary) -> CampaignPlan:
    """The plan. Raises NoPlan for facts together with metrics, limits, or periods."""
    if sentence.has(k.METRIC):
        raise refused("Facts about campaigns and metrics are asked for apart.", _ASK_BUDGETS)
    asked = Asked()
    facts = [item.value for item in sentence.take_each(k.FACT)]
    if facts and any(total.value in ("sum", "together") for total in sentence.left(k.TOTAL)):
        raise unsupported("budget")
    read_names(sentence, asked, known)
    active = _active_on(sentence, asked, frame)
    read_order(sentence, asked)
    plural = any(item.value.plural for item in sentence.take_each(k.DIMENSION))
    sentence.take(f"[{k.BY}{k.WHICH}{k.TOTAL}{k.ALL}{k.JOIN}]")
    campaigns = _campaigns(asked, known)
    if active and campaigns and asked.named("campaign"):
        facts, active = [*facts, *_DATES], None
    shown = tuple(dict.fromkeys(facts)) or (("name", *_DATES) if active else ("name",))
    order, limit = _order(asked, facts, plural)
    return CampaignPlan(
        facts=shown, campaigns=campaigns, active_on=active, order=order, limit=limit
    )


def _active_on(sentence: Sentence, asked: Asked, frame: Frame) -> date | None:
    read_times(sentence, asked)
    active = sentence.take_each(k.ACTIVE)
    period: Period | None = asked.period
    if period is None:
        return frame.today if active else None
    if active and period.days == 1:
        return period.start
    if active:
        raise refused(
            "Whether a campaign is active is asked for one day.",
            ("Which campaigns are active?", "Spend by campaign last month"),
        )
    raise refused(
        "Facts about campaigns do not depend on a period; whether one starts or ends in it is not "
        "picked out.",
        ("Which campaigns are active?", "Start and end date by campaign"),
    )


def _campaigns(asked: Asked, known: Vocabulary) -> tuple[str, ...]:
    """The campaigns named, or those of the channels named."""
    if asked.without:
        raise refused("Facts about campaigns are given for all, or for those you name.")
    names, channels = asked.named("campaign"), set(asked.named("channel"))
    if channels and not names:
        names = [c.name for c in known.campaigns if channels & set(c.channels)]
    if len(names) > MOST_NAMED:
        raise refused("These are too many campaigns for one answer: name some of them.")
    return tuple(dict.fromkeys(names))


def _order(
    asked: Asked, facts: list[CampaignFact], plural: bool
) -> tuple[Order | None, int | None]:
    ranking = asked.ranking
    if ranking is None:
        return None, None
    if len(facts) != 1 or facts[0] == "objective":
        raise refused("Campaigns are ranked by budget or by a date.", _ASK_BUDGETS)
    limit = ranking.limit or (10 if plural else 1)
    descending = ranking.rank.end in ("best", "high")
    return Order(by=facts[0], descending=descending), limit
