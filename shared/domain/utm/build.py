"""One tagged link: the URL that a person has and the fields that they want on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shared.domain.utm.address import MOST_CHARACTERS, Address, field_of, read_address, tags_of
from shared.domain.utm.channels import channel
from shared.domain.utm.conventions import Rules, too_long_a_value
from shared.domain.utm.fields import FIELDS, Field
from shared.domain.utm.notices import LONGEST_LINK, REPLACED, about_tags, about_url, too_long
from shared.domain.utm.pii import suspect_any
from shared.domain.utm.refusal import Flaw, Notice, Refused
from shared.domain.utm.screening import doubts, flaw_of, flaws_of, personal_in
from shared.domain.utm.values import encoded


@dataclass(frozen=True, slots=True)
class Link:
    """A link that is built: `tags` are the values as Analytics will show them, in GA's order."""

    url: str
    tags: Mapping[Field, str]
    channel_group: str
    warnings: tuple[Notice, ...]


def build(url: str, given: Mapping[Field, str], rules: Rules) -> Link:
    """Put the given fields on the URL. Raises Refused, naming every flaw it found."""
    if endless := [f for f in given if len(given[f]) > MOST_CHARACTERS]:
        raise Refused([too_long_a_value(f) for f in endless])
    flaws: list[Flaw] = []
    address = _address(url, flaws)
    tags = {f: v for f in FIELDS if (g := given.get(f)) and (v := rules.spelled(f, g))}
    flaws += rules.flaws(tags)
    closely = suspect_any((*given.values(), *tags.values()))
    flaws += flaws_of(given, tags) if closely else ()
    if address is not None and (found := personal_in(address)):
        flaws.append(flaw_of("url", f"The URL's parameter {found[0]}", found[1]))
    if flaws or address is None:
        raise Refused(sorted(flaws, key=lambda flaw: _FIRST[flaw.code]))
    return _built(address, tags, doubts(address, tags if closely else {}))


_FIRST = {"invalid_url": 0, "missing_required": 1, "pii": 2, "broken_convention": 3}


def _address(url: str, flaws: list[Flaw]) -> Address | None:
    try:
        return read_address(url)
    except Refused as refused:
        flaws += refused.flaws
        return None


def _built(address: Address, tags: Mapping[Field, str], doubted: Iterator[Notice]) -> Link:
    foreign = [t for t in address.tokens if field_of(t) is None]
    ours_before = len(foreign) < len(address.tokens)
    in_fragment = tags_of(address.fragment)
    ours = "&".join([f"utm_{name}={encoded(value)}" for name, value in tags.items()])
    kept = "".join([f"{token}&" for token in _without_empty_end(foreign)])
    url = f"{address.before}?{kept}{ours}{'' if in_fragment else address.fragment}"
    group = channel(tags["source"], tags["medium"], tags["campaign"]).group
    notices = [*about_url(address, foreign), *about_tags(address.host, tags, group)]
    notices += doubted
    if in_fragment or ours_before:
        notices.insert(0, REPLACED)
    if len(url) > LONGEST_LINK:
        notices.append(too_long(len(url)))
    return Link(url, tags, group, tuple(notices))


def _without_empty_end(tokens: list[str]) -> list[str]:
    while tokens and not tokens[-1]:
        tokens.pop()
    return tokens
