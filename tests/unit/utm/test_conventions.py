"""A team's conventions: what is written how, and what is refused."""

from __future__ import annotations

from random import Random
from time import process_time

import pytest

from shared.domain.utm.build import build
from shared.domain.utm.conventions import Conventions, rules_of
from shared.domain.utm.fields import FIELDS
from shared.domain.utm.refusal import Refused
from tests.unit.utm.cases import PLAIN


def tags(conventions, **differs):
    return build("https://e.com", {**PLAIN, **differs}, rules_of(conventions)).tags


@pytest.mark.parametrize(
    "conventions,value,written",
    [
        (Conventions(), "Spring  Sale", "spring_sale"),
        (Conventions(separator="-"), "Spring  Sale", "spring-sale"),
        (Conventions(separator="."), "Spring Sale", "spring.sale"),
        (Conventions(separator=" "), "Spring  Sale", "spring sale"),
        (Conventions(lowercase=False), "Spring Sale", "Spring_Sale"),
    ],
)
def test_case_and_separator_are_the_teams(conventions, value, written):
    assert tags(conventions, campaign=value)["campaign"] == written


BROKEN = [
    ({"allowed": {"medium": ["cpc", "E-Mail"]}}, {"medium": "mail"}, "medium"),
    ({"allowed": {"source": ["google"]}}, {"source": "gogle"}, "source"),
    ({"patterns": {"campaign": "[a-z]{2}_.+"}}, {"campaign": "spring"}, "campaign"),
    ({"patterns": {"campaign": "[a-z]{2}_.+"}}, {"campaign": "de_"}, "campaign"),
]


@pytest.mark.parametrize("given,differs,field", BROKEN)
def test_a_broken_convention_is_refused(given, differs, field):
    with pytest.raises(Refused) as refused:
        tags(Conventions(**given), **differs)
    assert refused.value.extra == {"code": "broken_convention", "field": field}


def test_a_near_miss_is_told_what_was_meant():
    with pytest.raises(Refused, match="Did you mean newsletter"):
        tags(Conventions(allowed={"source": ["google", "newsletter"]}), source="newsleter")


RANDOM = Random(7)


def letters(number):
    return "".join(RANDOM.choices("ab", k=number))


WORST = [
    ({"allowed": {field: [letters(199) for _ in range(500)] for field in FIELDS}}, 199),
    ({"patterns": dict.fromkeys(FIELDS, "[ab]*a[ab]{55}[ab]{55}[ab]{55}[ab]{55}")}, 1_000),
    ({"patterns": dict.fromkeys(FIELDS, "([ab]?a?){60}")}, 1_000),
]


@pytest.mark.parametrize("worst,length", WORST, ids=["allowed", "states", "forks"])
def test_no_convention_makes_a_link_cost_much(worst, length):
    rules = rules_of(Conventions(**worst))
    began = process_time()
    for _ in range(5):
        with pytest.raises(Refused):
            build("https://e.com", {field: letters(length) for field in FIELDS}, rules)
    assert process_time() - began < 1


def test_the_spelled_value_is_judged_too():
    with pytest.raises(Refused, match="e-mail"):
        tags(Conventions(separator="."), content="jane@example com")


def test_an_account_that_the_spelling_joins_to_a_word_is_no_mail_address():
    link = build(
        "https://e.com", {**PLAIN, "content": "us @brand.official"}, rules_of(Conventions())
    )
    assert build(link.url, link.tags, rules_of(Conventions())).tags == link.tags


KEPT = [
    ({"allowed": {"medium": ["E-Mail Blast"]}}, {"medium": "e-mail blast"}),
    ({"allowed": {"source": ["google"]}}, {"source": "{network}"}),
    ({"patterns": {"campaign": "[a-z]{2}_.+"}}, {"campaign": "DE Spring"}),
    ({"patterns": {"campaign": "[a-z]{2}_.+"}}, {"campaign": "{{campaign.name}}"}),
    ({"patterns": {"term": "x"}}, {}),
    ({"required": ["content"]}, {"content": "hero"}),
]


@pytest.mark.parametrize("given,differs", KEPT)
def test_what_keeps_the_convention_is_built(given, differs):
    assert tags(Conventions(**given), **differs)


def test_a_field_that_the_team_requires_is_required():
    with pytest.raises(Refused) as refused:
        tags(Conventions(required=["content", "term"]))
    assert [(f.code, f.field) for f in refused.value.flaws] == [
        ("missing_required", "term"),
        ("missing_required", "content"),
    ]
