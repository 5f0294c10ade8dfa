"""Reading a question: text in, plan out, without a model; the same question always reads the same.

1. `tokens` (of the periods package) parts the text into words.
2. `items` makes items of them: the tenant's names, whole and first, tolerant of typos (`names`,
   `spelling`, `partial`); period phrases; the grammar's own words (`lexicon`); numbers.
3. The kinds of the items, one letter each, are the question's shape. The rules (`thresholds`,
   `clauses`, `timing`, `facts`) are patterns over it; each takes out what it understands.
4. What no rule took is a word that the answer would silently ignore, so the question is refused
   with what is close to it. Wrong but confident is the worst answer there is.
5. `follow_up` fills what a short question leaves out; `planning` adds defaults and makes the plan.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from pydantic import ValidationError

from shared.domain.periods.days import LONG_AGO, Frame
from shared.domain.periods.tokens import plain, tokens_of
from shared.domain.query.plan import BudgetPlan, CampaignPlan, Plan, Reading, Unanswerable
from shared.domain.query.reading import clauses, facts, follow_up, kinds
from shared.domain.query.reading.asked import Asked
from shared.domain.query.reading.averages import read_average
from shared.domain.query.reading.budgets import budget_plan, is_about_budgets
from shared.domain.query.reading.changes import read_change
from shared.domain.query.reading.items import items_of
from shared.domain.query.reading.kinds import Item
from shared.domain.query.reading.names import name_index
from shared.domain.query.reading.occasions import read_occasion
from shared.domain.query.reading.ordering import read_order
from shared.domain.query.reading.other_questions import refuse_other_questions
from shared.domain.query.reading.partial import with_partial_names
from shared.domain.query.reading.planning import plan_of
from shared.domain.query.reading.refusals import EXAMPLES, unknown
from shared.domain.query.reading.rhetoric import NOTE as ONLY_THE_LAST
from shared.domain.query.reading.rhetoric import last_sentence, only_wonders
from shared.domain.query.reading.sentence import NoPlan, Sentence
from shared.domain.query.reading.shorthand import parted
from shared.domain.query.reading.spotting import Question
from shared.domain.query.reading.talk import without_talk
from shared.domain.query.reading.thresholds import read_limits
from shared.domain.query.reading.timing import read_times
from shared.domain.vocabulary import Vocabulary

TOO_MUCH = "This asks for more at once than one answer holds. Ask for less of it."

__all__ = ["Context", "read_question"]


@dataclass(frozen=True, slots=True)
class Context:
    """What a question is read against; `previous` is the session's last plan, for follow-ups."""

    today: date
    week_start: int  # 0 is Monday
    vocabulary: Vocabulary
    previous: Plan | None = None


def read_question(question: str, context: Context) -> Reading:
    """What a question asks for, or why that cannot be said. Never raises."""
    reading = _tried(question, context)
    parts = last_sentence(question) if isinstance(reading, Unanswerable) else None
    if parts is None:
        return reading
    last = _tried(parts[1], replace(context, previous=None))
    if isinstance(last, Plan) and only_wonders(_sentence_of(parts[0], context), last):
        return last.model_copy(update={"notes": (*last.notes, ONLY_THE_LAST)})
    return reading


def _tried(question: str, context: Context) -> Reading:
    try:
        return _read(question, context)
    except NoPlan as none:
        return none.reading
    except ValidationError:  # more names, metrics or dimensions than a plan has room for
        return Unanswerable(because=TOO_MUCH, instead=EXAMPLES)


def _read(question: str, context: Context) -> Reading:
    known, frame = context.vocabulary, _frame(context)
    sentence = _sentence_of(question, context)
    if context.previous and follow_up.asks_why(sentence):
        return follow_up.change_of(context.previous)
    clauses.refuse_unsupported(sentence)
    refuse_other_questions(sentence)
    if is_about_budgets(sentence):
        return _checked(budget_plan(sentence, frame, known, context.previous), sentence, known)
    if facts.is_about_facts(sentence):
        plan = facts.campaign_plan(sentence, frame, known, context.previous)
        return _checked(plan, sentence, known)
    asked = _asked(sentence, known)
    if context.previous and not asked.metrics:
        asked.number = follow_up.lone_number(sentence)
    _refuse_leftovers(sentence, known)
    follow_up.refuse_nothing_before(sentence, context.previous)
    if context.previous and follow_up.is_follow_up(sentence, asked):
        follow_up.carried_on(asked, context.previous)
    return plan_of(asked, sentence, frame, known)


def _checked(plan: CampaignPlan | BudgetPlan, sentence: Sentence, known: Vocabulary) -> Reading:
    _refuse_leftovers(sentence, known)
    return plan


def _asked(sentence: Sentence, known: Vocabulary) -> Asked:
    """The rules, in their order."""
    asked = Asked()
    read_limits(sentence, asked)
    clauses.read_count(sentence, asked)
    clauses.read_names(sentence, asked, known)
    read_times(sentence, asked)
    read_occasion(sentence, asked)
    read_average(sentence, asked)
    read_order(sentence, asked)
    clauses.read_wishes(sentence, asked)
    read_change(sentence, asked)
    clauses.read_dimensions(sentence, asked)
    clauses.read_metrics(sentence, asked)
    return asked


def _frame(context: Context) -> Frame:
    return Frame(context.today, context.week_start, context.vocabulary.first_day or LONG_AGO)


def _sentence_of(question: str, context: Context) -> Sentence:
    text, index = plain(question), name_index(context.vocabulary)
    read = Question(text, parted(tokens_of(text), index))
    items = with_partial_names(items_of(read, index, _frame(context)), read, index)
    return Sentence(text, read.tokens, without_talk(items, read))


def _refuse_leftovers(sentence: Sentence, known: Vocabulary) -> None:
    left = sentence.unread()
    if not left:
        return
    strange = [item for item in left if item.kind == kinds.UNKNOWN] or left
    run = [strange[0]]
    for item in strange[1:]:
        if item.first != run[-1].stop:
            break
        run.append(item)
    run = sentence.unbroken(_with_holiday(run, sentence))
    raise unknown(sentence, run, name_index(known).close_to(sentence.said(*run)), known)


def _with_holiday(run: list[Item], sentence: Sentence) -> list[Item]:
    """`Black Friday` is one unknown thing, though Friday alone would be a period."""
    after = sentence.following(run[-1])
    is_day = after is not None and after.kind == kinds.PERIOD and after.stop - after.first == 1
    return [*run, after] if after and is_day and after.first == run[-1].stop else run
