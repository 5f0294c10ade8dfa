"""Links as they are built, refused and warned about."""

from __future__ import annotations

import pytest

from shared.domain.utm.build import build
from shared.domain.utm.conventions import NO_CONVENTIONS, Rules
from shared.domain.utm.refusal import Refused
from tests.unit.utm.cases import BUILT, PLAIN, REFUSED, WARNED


@pytest.mark.parametrize("url,differs,link,source", BUILT)
def test_a_link_is_built_as_published(url, differs, link, source):
    built = build(url, {**PLAIN, **differs}, Rules()).url
    if link.startswith(("https:", "http:", "HTTPS:")):
        assert built == link, source
    else:
        assert f"_{link}&" in f"{built}&", source


@pytest.mark.parametrize("url,differs,code,field", REFUSED)
def test_what_makes_no_link_is_refused_with_its_code_and_field(url, differs, code, field):
    with pytest.raises(Refused) as refused:
        build(url, {**PLAIN, **differs}, Rules())
    assert (refused.value.extra["code"], refused.value.extra["field"]) == (code, field)
    assert refused.value.detail.endswith((".", "?"))


@pytest.mark.parametrize("url,differs,codes", WARNED)
def test_a_link_comes_with_what_to_know_about_it(url, differs, codes):
    link = build(url, {**PLAIN, **differs}, Rules())
    assert [notice.code for notice in link.warnings] == codes


def test_every_flaw_is_named_at_once():
    with pytest.raises(Refused) as refused:
        build("ftp://e.com", {"source": "jane@example.com"}, Rules())
    assert [(flaw.code, flaw.field) for flaw in refused.value.flaws] == [
        ("invalid_url", "url"),
        ("missing_required", "medium"),
        ("missing_required", "campaign"),
        ("pii", "source"),
    ]


@pytest.mark.parametrize(
    "value,written",
    [
        ("Spring Sale", "Spring%20Sale"),
        ("  Spring  Sale ", "Spring%20%20Sale"),
        ("{CampaignId}", "{CampaignId}"),
    ],
)
def test_without_conventions_a_value_stays_as_given(value, written):
    link = build("https://e.com", {**PLAIN, "campaign": value}, NO_CONVENTIONS)
    assert link.url.endswith(f"utm_campaign={written}")


def test_the_tags_of_a_link_are_what_analytics_will_show():
    link = build("https://e.com", {**PLAIN, "campaign": "Été à Paris", "term": ""}, Rules())
    assert dict(link.tags) == {**PLAIN, "campaign": "été_à_paris"}
