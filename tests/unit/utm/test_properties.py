"""Promises that hold for any URL and any values, not for examples alone."""

from __future__ import annotations

import string

from hypothesis import assume, given
from hypothesis import strategies as st

from shared.domain.utm.address import field_of
from shared.domain.utm.build import build
from shared.domain.utm.conventions import NO_CONVENTIONS, Rules
from shared.domain.utm.fields import FIELDS, REQUIRED
from shared.domain.utm.parse import parse
from shared.domain.utm.refusal import Refused
from shared.domain.utm.values import MACRO

LETTERS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
MACROS = st.sampled_from(
    ["{campaignid}", "{{ad.name}}", "__CAMPAIGN_NAME__", "{keyword:A b}", "__"]
)
VALUES = st.lists(st.one_of(LETTERS, MACROS), min_size=1, max_size=3).map("".join)
TAGS = st.fixed_dictionaries(
    dict.fromkeys(REQUIRED, VALUES), optional=dict.fromkeys(FIELDS[len(REQUIRED) :], VALUES)
)
RAW = st.text(
    string.ascii_letters + string.digits + "-._~!$'()*+,;:@/?%[]{}|^`\\\"<>é😀", max_size=12
)
TOKENS = st.lists(st.one_of(RAW, st.tuples(RAW, RAW).map("=".join)), max_size=5)
URLS = st.builds(
    lambda path, tokens, fragment: f"https://example.com/{path}?{'&'.join(tokens)}#{fragment}",
    st.text(string.ascii_letters + "%/.;=é", max_size=10),
    TOKENS,
    st.text(string.ascii_letters + "/=&?é", max_size=10),
)
RULES = st.sampled_from([Rules(), NO_CONVENTIONS])


def built(url, tags, rules):
    try:
        return build(url, tags, rules)
    except Refused:
        assume(False)


@given(url=URLS, tags=TAGS, rules=RULES)
def test_what_is_built_reads_back_as_it_was_meant(url, tags, rules):
    link = built(url, tags, rules)
    read = parse(link.url)
    assert dict(read.tags) == dict(link.tags)
    assert read.rule.group == link.channel_group


@given(url=URLS, tags=TAGS, rules=RULES)
def test_building_again_changes_nothing(url, tags, rules):
    once = built(url, tags, rules)
    twice = build(once.url, once.tags, rules)
    assert (twice.url, dict(twice.tags)) == (once.url, dict(once.tags))


@given(url=URLS, tags=TAGS, rules=RULES)
def test_what_is_not_ours_stays_byte_for_byte(url, tags, rules):
    link = built(url, tags, rules)
    before, _, query = url.partition("#")[0].partition("?")
    foreign = [token for token in query.split("&") if field_of(token) is None]
    while foreign and not foreign[-1]:
        foreign.pop()
    kept = "".join(f"{token}&" for token in foreign)
    assert link.url.startswith(f"{before}?{kept}utm_source=")
    assert link.url.partition("#")[2] == url.partition("#")[2]
    assert link.url.count("utm_source=") == 1


@given(tags=TAGS, rules=RULES)
def test_a_built_value_is_ascii_and_only_macros_stand_bare(tags, rules):
    url = built("https://example.com/", tags, rules).url
    assert url.isascii()
    allowed = set(string.ascii_letters + string.digits + "-._~%")
    for token in url.partition("?")[2].split("&"):
        assert set(MACRO.sub("", token.partition("=")[2])) <= allowed | set("{}:")


@given(url=st.text(max_size=60), referrer=st.none() | st.text(max_size=30), tags=TAGS)
def test_no_text_crashes_the_builder_or_the_reader(url, referrer, tags):
    for text in (url, f"https://{url}", f"https://example.com/?{url}", f"https://e.com/#{url}"):
        for act in (lambda t=text: build(t, tags, Rules()), lambda t=text: parse(t, referrer)):
            try:
                act()
            except Refused as refused:
                assert refused.detail
