"""Patterns match what regular expressions match, and cannot be made to run long."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.utm.patterns import BadPattern, Pattern

SAMPLES = [
    r"[a-z]{2}_[a-z]+_\d{4}q[1-4]",
    r"^(de|at|ch)_(brand|generic)(_[a-z0-9]+)*$",
    r"a|b|",
    r"(?:ab)+c?",
    r"[^a-z]*",
    r"a{2,}b{0,1}",
    r"\w+-\d\d",
    r".*shop.*",
    r"[a\]b-]+",
    r"[-a]+",
    r"\(x\)",
    r"",
    r"(a*)*b",
    r"x{0}y",
]


@pytest.mark.parametrize("pattern", SAMPLES)
@given(text=st.text(alphabet="abcdeqhoprsxy_-]()0123456789", max_size=12))
def test_a_pattern_matches_what_the_regular_expression_does(pattern, text):
    assert Pattern(pattern).fullmatch(text) == bool(re.fullmatch(pattern, text, re.ASCII))


_ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "\\d"])
_PATTERNS = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda p: f"({p[0]}|{p[1]})"),
        st.tuples(inner, st.sampled_from("*+?")).map(lambda p: f"({p[0]}){p[1]}"),
        inner.map(lambda p: f"({p}){{1,2}}"),
    ),
    max_leaves=5,
)


@given(pattern=_PATTERNS, text=st.text(alphabet="ab1", max_size=6))
def test_made_up_patterns_agree_too(pattern, text):
    assert Pattern(pattern).fullmatch(text) == bool(re.fullmatch(pattern, text, re.ASCII))


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*b", "(.*)*x", "(a?){50}a{50}", "(.*a){20}"])
def test_no_pattern_makes_it_slow(pattern):
    compiled = Pattern(pattern)
    compiled.fullmatch("a" * 100_000 + "!")


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        ")",
        "a)",
        "[a",
        "*a",
        "a**b|+",
        "a{",
        "a{x}",
        "a{3,2}",
        "a{1000}",
        "(a{50}){50}",
        "(?=a)",
        "(?P<n>a)",
        r"(a)\1",
        r"\b",
        "[z-a]",
        "\\",
        "[\\W]",
        "a^b",
        "a" * 201,
        "[ab]*a[ab]{95}[ab]{95}[ab]{95}",
        "(" * 30 + ")" * 30,
        "((((a{9}){9}){9}){9})",
    ],
)
def test_a_pattern_of_another_language_is_refused(pattern):
    with pytest.raises(BadPattern, match=r"\.$"):
        Pattern(pattern)


@given(st.text(max_size=40))
def test_no_text_crashes_the_reader_of_patterns(text):
    with suppress(BadPattern):
        Pattern(text).fullmatch(text)
