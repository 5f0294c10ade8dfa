"""What callers send to the UTM builder and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationInfo

from shared.domain.projects import Name
from shared.domain.requests import Body
from shared.domain.utm.address import MOST_CHARACTERS
from shared.domain.utm.conventions import LONGEST_VALUE, too_long_a_value
from shared.domain.utm.fields import FIELDS, Field
from shared.domain.utm.parse import Clicked, Origin
from shared.domain.utm.refusal import Code, Flaw, Notice, Refused
from shared.domain.utm.screening import flaws_of
from shared.domain.utm.values import AS_GIVEN, spelled


def _text(value: Any, info: ValidationInfo) -> Any:
    """Text of a bounded length; null is none. What is neither is refused as a bad value is."""
    name = info.field_name or ""
    code: Code = "invalid_url" if name in ("url", "referrer") else "broken_convention"
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused([Flaw(code, name, f"{name} is no text. Send it as a string.")])
    if len(value) > MOST_CHARACTERS:
        most = f"{MOST_CHARACTERS:,}"
        raise Refused([Flaw(code, name, f"{name} has more than {most} characters. Shorten it.")])
    return value


Text = Annotated[str, BeforeValidator(_text), StringConstraints(max_length=MOST_CHARACTERS)]


class _Answer(BaseModel):
    model_config = ConfigDict(defer_build=True)  # a call uses one or two of these


class _CommonTags(Body):
    source: Text | None = None
    medium: Text | None = None
    campaign: Text | None = None
    term: Text | None = None
    content: Text | None = None
    source_platform: Text | None = None
    creative_format: Text | None = None
    marketing_tactic: Text | None = None


class Tags(_CommonTags):
    """Values of the campaign parameters of Google Analytics 4; empty ones are left out."""

    id: Text | None = None

    def given(self) -> dict[Field, str]:
        """The fields that were given, in GA's order."""
        return {name: value for name in FIELDS if (value := getattr(self, name))}


class NewLink(Tags):
    """A URL and its tags. `conventions`: false writes values as given and skips the project's."""

    url: Text = ""
    conventions: bool = True


class LinkAnswer(_Answer):
    """A tagged link, the channel group it will land in, and what to know about it."""

    id: str
    url: str
    channel_group: str
    warnings: list[Notice]


class _CommonTagsRead(_Answer):
    source: str | None = None
    medium: str | None = None
    campaign: str | None = None
    term: str | None = None
    content: str | None = None
    source_platform: str | None = None
    creative_format: str | None = None
    marketing_tactic: str | None = None


class TagsRead(_CommonTagsRead):
    """Values of campaign parameters; null where there is none."""

    id: str | None = None


class StoredLink(_CommonTagsRead):
    """A link that was built; `built_at` and `built_by` are of its latest build.

    `id` is the link's own, `utm_id` the parameter's.
    """

    id: str
    url: str
    utm_id: str | None = None
    channel_group: str
    built_at: datetime
    built_by: str


class LinkList(_Answer):
    """A page of links, the latest first."""

    items: list[StoredLink]
    next_page_token: str | None = None


class Landing(Body):
    """A URL that a visit landed on, and where the browser came from."""

    model_config = ConfigDict(json_schema_extra={"required": ["url"]})

    url: Text = ""
    referrer: Text | None = None


class LandingRead(TagsRead):
    """What a landing URL says. `origin` is the sign that source and medium were taken from."""

    click_id: Clicked | None
    channel_group: str
    origin: Origin
    explanation: str
    warnings: list[Notice]


class Pair(Body):
    """A source, a medium and, where it matters, a campaign."""

    model_config = ConfigDict(json_schema_extra={"required": ["source", "medium"]})

    source: Text = ""
    medium: Text = ""
    campaign: Text = ""


class ChannelRead(_Answer):
    """The default channel group and the definition that holds."""

    channel_group: str
    definition: str


class NewPreset(_CommonTags):
    """Tags to save under a name; `utm_id` is what is `id` in a link."""

    name: Name
    utm_id: Text | None = None

    def given(self) -> dict[Field, str]:
        """The fields that were given, in GA's order."""
        values = self.model_dump() | {"id": self.utm_id}
        return {name: values[name] for name in FIELDS if values[name]}


class Preset(_CommonTagsRead):
    """A saved preset; `id` is its own, `utm_id` the parameter's."""

    id: str
    name: str
    utm_id: str | None = None
    created_at: datetime


class PresetList(_Answer):
    """A page of the caller's presets, the oldest first."""

    items: list[Preset]
    next_page_token: str | None = None


class CampaignTags(TagsRead):
    """The tags to begin a campaign's links with: its stored defaults over what its data say."""

    campaign_id: str
    name: str | None


class BatchQuery(Body):
    """`conventions`: as for a single link."""

    conventions: bool = True


def kept(given: Mapping[Field, str]) -> dict[Field, str]:
    """Tags that are to be kept: trimmed, without empty ones.

    Raises Refused if they hold personal data or are too long.
    """
    tags = {name: text for name, value in given.items() if (text := spelled(value, AS_GIVEN))}
    flaws = list(flaws_of(given, tags))
    flaws += [too_long_a_value(name) for name, value in tags.items() if len(value) > LONGEST_VALUE]
    if flaws:
        raise Refused(flaws)
    return tags


def flat(tags: Mapping[Field, str]) -> dict[str, str]:
    """Tags as fields of a document that has an id of its own."""
    return {"utm_id" if name == "id" else name: value for name, value in tags.items()}
