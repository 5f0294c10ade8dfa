"""A campaign's tags: what its data say, under what people chose for it."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING

from shared.domain.access import Access
from shared.domain.audit import audited
from shared.domain.suite import Suite
from shared.domain.utm.conventions import Rules
from shared.domain.utm.fields import Field
from shared.domain.utm.kept import data_of, replace_document
from shared.domain.utm.models import CampaignTags, Tags, kept
from shared.domain.utm.pii import personal
from shared.domain.utm.team import rules_for
from shared.errors import NotFound
from shared.ports import Document, Documents

if TYPE_CHECKING:
    from shared.domain.vocabulary import CampaignName, Vocabulary

TAGS_OF_CHANNEL: Mapping[str, tuple[str, str]] = {
    "google_ads": ("google", "cpc"),
    "microsoft_ads": ("bing", "cpc"),
    "amazon_ads": ("amazon", "cpc"),
    "youtube": ("youtube", "paid_video"),
    "meta": ("facebook", "paid_social"),
    "tiktok": ("tiktok", "paid_social"),
    "linkedin": ("linkedin", "paid_social"),
    "pinterest": ("pinterest", "paid_social"),
    "snapchat": ("snapchat", "paid_social"),
    "reddit": ("reddit", "paid_social"),
    "x": ("twitter", "paid_social"),
    "display": ("google", "display"),
    "email": ("newsletter", "email"),
    "affiliate": ("affiliate", "affiliate"),
    "referral": ("partner", "referral"),
    "sms": ("sms", "sms"),
}
"""The source and medium to suggest for a channel that links are tagged for."""


def read(suite: Suite, access: Access, campaign_id: str) -> tuple[CampaignTags, str | None]:
    """The campaign's tags and the version of its stored defaults. Raises NotFound."""
    stored = suite.documents.get(_path(access, campaign_id))
    known = _known(suite.documents, access)
    campaign = _find(known, campaign_id)
    if stored is None and campaign is None and known is not None:
        raise NotFound("There is no such campaign yet. Import its data, or PUT tags for it.")
    shown = _shown(suite, access, campaign_id, campaign, stored)
    return shown, stored.version if stored else None


def write(
    suite: Suite, access: Access, campaign_id: str, tags: Tags, if_match: str | None
) -> tuple[CampaignTags, str]:
    """Replace the campaign's defaults. Raises Stale, or Refused for personal data."""
    now, data = suite.clock.now(), {"campaign_id": campaign_id, "tags": kept(tags.given())}
    record = audited(access.project.id, access.caller, "utm.campaign_tags_changed", now, data)
    path = _path(access, campaign_id)
    stored = replace_document(suite.documents, path, data, if_match, record)
    campaign = _find(_known(suite.documents, access), campaign_id)
    return _shown(suite, access, campaign_id, campaign, stored), stored.version


def _shown(
    suite: Suite,
    access: Access,
    campaign_id: str,
    campaign: CampaignName | None,
    stored: Document | None,
) -> CampaignTags:
    rules = rules_for(suite, access, wanted=True)
    tags = _suggested(campaign_id, campaign, rules) | data_of(stored).get("tags", {})
    return CampaignTags(campaign_id=campaign_id, name=campaign.name if campaign else None, **tags)


def _suggested(campaign_id: str, campaign: CampaignName | None, rules: Rules) -> dict[Field, str]:
    name = campaign.name if campaign else campaign_id
    tags: dict[Field, str] = {"campaign": rules.spelled("campaign", name)}
    if name != campaign_id:
        tags["id"] = campaign_id
    channels = campaign.channels if campaign else ()
    if len(channels) == 1 and channels[0] in TAGS_OF_CHANNEL:
        tags["source"], tags["medium"] = TAGS_OF_CHANNEL[channels[0]]
    return {field: value for field, value in tags.items() if not personal(field, value)}


def _known(documents: Documents, access: Access) -> Vocabulary | None:
    from shared.domain.vocabulary import known_vocabulary  # not for every start of the function

    return known_vocabulary(documents, access.project.id)


def _find(known: Vocabulary | None, campaign_id: str) -> CampaignName | None:
    campaigns = known.campaigns if known else ()
    return next((campaign for campaign in campaigns if campaign.id == campaign_id), None)


def _path(access: Access, campaign_id: str) -> str:
    # Ids at the source hold signs that a path does not.
    name = sha256(campaign_id.encode()).hexdigest()[:32]
    return f"projects/{access.project.id}/utm_campaigns/{name}"
