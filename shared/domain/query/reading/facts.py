"""Facts about campaigns: budget, objective, start, end, which are active, start or end when."""

from __future__ import annotations

from shared.domain.periods.days import LONG_AGO, Frame
from shared.domain.periods.days import Days as PeriodDays
from shared.domain.periods.period import Period
from shared.domain.periods.tokens import MONTHS
from shared.domain.query.plan import CampaignFact, CampaignPlan, Days, Order, Plan
from shared.domain.query.reading import kinds as k
from shared.domain.query.reading.asked import Asked
from shared.domain.query.reading.clauses import read_names
from shared.domain.query.reading.kinds import Item
from shared.domain.query.reading.ordering import read_order
from shared.domain.query.reading.refusals import refused, unclear, unsupported
from shared.domain.query.reading.sentence import Sentence
from shared.domain.query.reading.timing import refuse_problem
from shared.domain.vocabulary import Vocabulary

_DATES: tuple[CampaignFact, ...] = ("start_date", "end_date")
MOST_NAMED = 500
_ASK_BUDGETS = ("Budget by campaign", "Which campaigns are active?")
_ASK_DATES = ("Which campaigns are active?", "Start and end date by campaign")
_BACK = frozenset({"that", "those", "these", "them"})
_OVER = frozenset({"ended", "finished", "expired", "stopped", "started", "launched", "began"})
_POSSESSIVE = frozenset({"its", "their", "it", "they", "them"})
_TO_COME_WORDS = """
start starts starting begin begins launch launches end ends ending finish finishes finishing
stop stops expire expires
"""
_TO_COME = frozenset(_TO_COME_WORDS.split())


def is_about_facts(sentence: Sentence) -> bool:
    """Whether facts are asked for; a budget that is split is spend."""
    if sentence.has(k.SHARE) or _ran(sentence):
        return False
    return sentence.has(f"[{k.FACT}{k.ACTIVE}]") or _is_a_list(sentence)


def _ran(sentence: Sentence) -> bool:
    """`campaigns that ran in January`: those with figures; "running" is then dropped."""
    periods = [item.value.meaning for item in sentence.left(k.PERIOD)]
    past = [p for p in periods if isinstance(p, Period) and (p.days > 1 or counts(sentence))]
    if not past or sentence.has(k.FACT) or not sentence.has(k.DIMENSION):
        return False
    return bool(sentence.take_each(k.ACTIVE))


def _is_a_list(sentence: Sentence) -> bool:
    """`list all campaigns`, `how many campaigns`: nothing but campaigns is asked for."""
    nouns = [item.value.name for item in sentence.left(k.DIMENSION)]
    others = set(sentence.shape) - set(k.DIMENSION + k.WHICH + k.ALL + k.JOIN + k.TOTAL)
    asks = sentence.has(f"{k.WHICH}|{k.ALL}") or (counts(sentence) and not _points_back(sentence))
    return nouns == ["campaign"] and not others and asks


def _points_back(sentence: Sentence) -> bool:
    """`how many campaigns was that`."""
    return not _BACK.isdisjoint(token.word for token in sentence.tokens)


def counts(sentence: Sentence) -> bool:
    """Whether it says how many."""
    return any(total.value == "many" for total in sentence.left(k.TOTAL))


def campaign_plan(
    sentence: Sentence, frame: Frame, known: Vocabulary, previous: Plan | None
) -> CampaignPlan:
    """The plan. Raises NoPlan for facts together with metrics or limits."""
    if sentence.has(k.METRIC):
        raise refused("Facts about campaigns and metrics are asked for apart.", _ASK_BUDGETS)
    asked, count, facts = Asked(), counts(sentence), _facts(sentence)
    if facts and any(total.value in ("sum", "together") for total in sentence.left(k.TOTAL)):
        raise unsupported("budget")
    read_names(sentence, asked, known)
    campaigns = campaigns_of(asked, sentence, known, previous)
    active, starts, ends = _conditions(sentence, facts, frame)
    order, limit = _order(sentence, asked, facts)
    sentence.take(f"[{k.BY}{k.WHICH}{k.TOTAL}{k.ALL}{k.JOIN}{k.WHERE}]")
    if active and asked.named("campaign"):
        facts, active = [*facts, *_DATES], None
    shown = tuple(dict.fromkeys(facts)) or (("name", *_DATES) if active else ("name",))
    return CampaignPlan(
        facts=shown,
        campaigns=campaigns,
        active=active,
        starts=starts,
        ends=ends,
        order=order,
        limit=limit,
        count=count,
        notes=sentence.notes,
    )


def _facts(sentence: Sentence) -> list[CampaignFact]:
    facts: list[CampaignFact] = []
    for item in sentence.take_each(k.FACT):
        facts += _DATES if item.value == "runs" else (item.value,)
    return list(dict.fromkeys(facts))


def _conditions(
    sentence: Sentence, facts: list[CampaignFact], frame: Frame
) -> tuple[Days | None, Days | None, Days | None]:
    """The days that the campaigns run, start or end on."""
    running = sentence.take_each(k.ACTIVE)
    days = _days(sentence, frame) or _past(sentence, frame)
    if days is None:
        today = Days(start=frame.today, end=frame.today)
        return (today if running and not facts else None), None, None
    dates = [fact for fact in facts if fact in _DATES]
    if running and not dates:
        return days, None, None
    if len(dates) != 1:
        raise refused(
            "Beside a period say whether campaigns start, end or are active in it.", _ASK_DATES
        )
    return None, *((days, None) if dates == ["start_date"] else (None, days))


def _past(sentence: Sentence, frame: Frame) -> Days | None:
    """`which campaigns have ended`: up to yesterday."""
    past = not _OVER.isdisjoint(token.word for token in sentence.tokens)
    chosen = sentence.has(f"[{k.WHICH}{k.TOTAL}].*{k.DIMENSION}") and not sentence.has(k.WHERE)
    return Days(start=LONG_AGO, end=frame.yesterday) if past and chosen else None


def _days(sentence: Sentence, frame: Frame) -> Days | None:
    """The one period of the question, which may be to come."""
    items = sentence.take_each(k.PERIOD)
    named = [(item, item.value.days) for item in items if item.value.days is not None]
    for item in items:
        if item.value.days is None:
            refuse_problem(sentence, item)
    if len(named) > 1:
        raise refused("Ask for one period at a time.", _ASK_DATES)
    if not named:
        return None
    (item, days), *_ = named
    if days.end < days.start:
        refuse_problem(sentence, item)
    _refuse_unclear_year(sentence, item, days, frame)
    return Days(start=days.start, end=days.end)


def _refuse_unclear_year(sentence: Sentence, item: Item, days: PeriodDays, frame: Frame) -> None:
    """`ends in April`, asked in March: the last April, or the next one."""
    said = sentence.said(item).casefold()
    to_come = not _TO_COME.isdisjoint(token.word for token in sentence.tokens)
    named = any(month.startswith(said[:3]) for month in MONTHS) and said.isalpha()
    if not (to_come and named and days.end < frame.today) or "did" in sentence.text.casefold():
        return
    month = MONTHS[days.start.month - 1].title()
    choices = [f"{month} {year}" for year in (days.start.year, days.start.year + 1)]
    texts = [sentence.with_words_for([item], choice) for choice in choices]
    raise unclear(f"Which days do you mean by “{sentence.said(item)}”?", texts)


def campaigns_of(
    asked: Asked, sentence: Sentence, known: Vocabulary, previous: Plan | None
) -> tuple[str, ...]:
    """The campaigns named, those of the channels named, or the one spoken of before."""
    if asked.without:
        raise refused("Facts about campaigns are given for all, or for those you name.")
    names, channels = asked.named("campaign"), set(asked.named("channel"))
    if channels and not names:
        names = [c.name for c in known.campaigns if channels & set(c.channels)]
    its = not _POSSESSIVE.isdisjoint(token.word for token in sentence.tokens)
    if its and not asked.names and k.DIMENSION not in sentence.whole:
        names = _spoken_of(previous)
    if len(names) > MOST_NAMED:
        raise refused("These are too many campaigns for one answer: name some of them.")
    return tuple(dict.fromkeys(names))


def _spoken_of(previous: Plan | None) -> list[str]:
    filters = previous.filters if previous else ()
    names = [v for f in filters if f.field == "campaign" and not f.negated for v in f.values]
    if not names:
        raise refused("Name the campaign that you mean.", _ASK_BUDGETS)
    return names


def _order(
    sentence: Sentence, asked: Asked, facts: list[CampaignFact]
) -> tuple[Order | None, int | None]:
    if any(item.value.name != "campaign" for item in sentence.left(k.DIMENSION)):
        raise refused("Facts are about campaigns, and are not put together by channel.", _ASK_DATES)
    events = {item.value[0] for item in sentence.take_each(k.EVENT)}
    read_order(sentence, asked)
    plural = any(item.value.plural for item in sentence.take_each(k.DIMENSION))
    ranking = asked.ranking
    if ranking is None and not events:
        return None, None
    ranked = [fact for fact in facts if fact != "objective"]
    if len(ranked) != 1 or len(facts) != 1 or (ranking and events) or len(events) > 1:
        raise refused("Campaigns are ranked by budget or by a date.", _ASK_BUDGETS)
    if ranking is None:
        return Order(by=ranked[0], descending=events.pop()), 1
    limit = ranking.limit or (None if ranking.rank.sort else 10 if plural else 1)
    return Order(by=ranked[0], descending=ranking.rank.end in ("best", "high")), limit
