"""A landing URL read back: who sent the visit, by which sign, and where Analytics puts it.

Tags decide before click ids, a click id that proves the sender before the referrer, the referrer
before an id that comes with every link of a platform. Where tags and an automatic id meet,
Analytics may prefer the id (https://support.google.com/analytics/answer/11242870, read in November
2026); a reading says what the tags say, and warns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from shared.domain.utm.address import Address, field_of, name_of, read_address, tags_of, value_of
from shared.domain.utm.channels import NOT_SET, UNASSIGNED, Rule, channel
from shared.domain.utm.clicks import CLICK_ID_OF, CLICK_IDS, ClickId
from shared.domain.utm.fields import FIELD_OF, Field
from shared.domain.utm.notices import about_path, click_ids
from shared.domain.utm.referrers import came_from
from shared.domain.utm.refusal import Notice, Refused
from shared.domain.utm.screening import doubts, personal_in

Origin = Literal["utm", "click_id", "referrer", "none"]
_SAYS: dict[Origin, str] = {
    "utm": "The utm parameters say",
    "click_id": "The click id says",
    "referrer": "The referrer says",
    "none": "Nothing says where this visit is from:",
}


@dataclass(frozen=True, slots=True)
class Clicked:
    """A click id as it stands in the URL; `platform` is whose it is."""

    name: str
    value: str
    platform: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a URL says. `tags` are its utm values, decoded, and what a click id adds to them; source
    and medium may be inferred.
    """

    source: str | None
    medium: str | None
    tags: Mapping[Field, str]
    origin: Origin
    click: Clicked | None
    rule: Rule
    warnings: tuple[Notice, ...]

    @property
    def explanation(self) -> str:
        """How the channel group follows."""
        said = f"{self.source or NOT_SET} / {self.medium or NOT_SET}"
        return f"{_SAYS[self.origin]} {said}. {self.rule.group}: {self.rule.says}."


def parse(url: str, referrer: str | None = None) -> Reading:
    """Read a URL. Raises Refused (`invalid_url`) for what is none."""
    address = read_address(url)
    tags = _tags(address)
    click = _click(address)
    sent_by, unread = _sent_by(referrer, address)
    origin, source, medium = _origin(tags, click, sent_by)
    notices = [*_notices(address, tags, origin, click), *unread]
    if click and click.campaign and origin == "click_id":
        tags.setdefault("campaign", click.campaign)
        tags.setdefault("source_platform", click.campaign)
    rule = channel(source or NOT_SET, medium or NOT_SET, tags.get("campaign", ""))
    return Reading(
        source=source,
        medium=medium,
        tags=tags,
        origin=origin,
        click=_clicked(click, address) if click else None,
        rule=rule,
        warnings=(*notices, *_about_group(rule)),
    )


def _sent_by(
    referrer: str | None, address: Address
) -> tuple[tuple[str, str] | None, tuple[Notice, ...]]:
    try:
        return (came_from(referrer, address.host) if referrer else None), ()
    except Refused:
        unread = "The referrer names no site, so nothing was read from it."
        return None, (Notice("unread_referrer", unread),)


def _tags(address: Address) -> dict[Field, str]:
    """Each field's first value that is not empty; of the fragment only if the query has none."""
    for tokens in (address.tokens, tags_of(address.fragment)):
        found: dict[Field, str] = {}
        for token in tokens:
            field, value = FIELD_OF.get(_exact_name(token)), value_of(token).strip()
            if field and value:
                found.setdefault(field, value)
        if found:
            return {field: found[field] for field in FIELD_OF.values() if field in found}
    return {}


def _exact_name(token: str) -> str:
    # Analytics knows the names in lower case only.
    name = token.partition("=")[0]
    return name_of(token) if "%" in name else name


def _click(address: Address) -> ClickId | None:
    found = set(click_ids(address.tokens))
    return next((click for click in CLICK_IDS if click.name in found), None)


def _clicked(click: ClickId, address: Address) -> Clicked:
    values = (value_of(t) for t in address.tokens if CLICK_ID_OF.get(name_of(t)) == click)
    return Clicked(click.name, next(filter(None, values), ""), click.platform)


def _origin(
    tags: Mapping[Field, str], click: ClickId | None, sent_by: tuple[str, str] | None
) -> tuple[Origin, str | None, str | None]:
    if any(field in tags for field in ("source", "medium", "campaign")):
        return "utm", tags.get("source"), tags.get("medium")
    if click and click.proves:
        return "click_id", click.source, click.medium
    if sent_by:
        return "referrer", *sent_by
    if click:
        return "click_id", click.source, click.medium
    return "none", "(direct)", "(none)"


def _notices(
    address: Address,
    tags: Mapping[Field, str],
    origin: Origin,
    click: ClickId | None,
) -> Iterator[Notice]:
    yield from _about_tags(address, tags, origin)
    if click and origin == "utm":
        yield Notice(
            "click_id",
            f"The URL carries {click.name} beside its tags: where both meet, Analytics may prefer "
            "the automatic ones.",
        )
    if click and origin == "click_id" and not click.platform.startswith("Google"):
        yield Notice(
            "not_read_by_analytics",
            f"Google Analytics does not read {click.name}: without tags it goes by the referrer, "
            "or Direct.",
        )
    if click and origin == "click_id" and click.campaign:
        yield Notice(
            "needs_auto_tagging",
            f"Analytics reads {click.name} so only for a Merchant Center that is linked and has "
            "auto-tagging on; without, the visit is Organic Search.",
        )
    if found := personal_in(address):
        yield Notice("pii", f"The parameter {found[0]} holds {found[1]}.")
    yield from about_path(address.before)
    yield from doubts(address, {})


def _about_group(rule: Rule) -> Iterator[Notice]:
    if rule.group == UNASSIGNED:
        yield Notice("unassigned", "Google Analytics puts this source and medium into Unassigned.")


def _about_tags(address: Address, tags: Mapping[Field, str], origin: Origin) -> Iterator[Notice]:
    names = [name_of(t) for t in address.tokens if field_of(t)]
    if len(names) > len(set(names)):
        yield Notice("repeated_utm", "A utm parameter is there twice; the first was read.")
    if any(field_of(t) and _exact_name(t) not in FIELD_OF for t in address.tokens):
        yield Notice(
            "unread_utm", "A utm parameter is not in lower case: Analytics does not read it."
        )
    if origin == "utm" and not names:
        yield Notice("utm_in_fragment", "The tags stand after #; put them before it, after ?.")
    missing = [field for field in ("source", "medium", "campaign") if field not in tags]
    if origin == "utm" and missing:
        yield Notice("incomplete_utm", f"The tags lack {', '.join(missing)}.")
