"""A team's conventions: what is written how, and what is refused."""

from __future__ import annotations

import pytest

from shared.domain.utm.build import build
from shared.domain.utm.conventions import Conventions, rules_of
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
