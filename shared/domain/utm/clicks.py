"""Click identifiers that advertising platforms add to a landing URL by themselves.

A paid one proves by itself who sent the visit; one that is not paid is added to every link on the
platform, advertised or not, so the referrer decides. Google Analytics itself reads Google's alone
(https://support.google.com/analytics/answer/11242870); a dclid without tags is dfa / cpm there
(https://www.cardinalpath.com/blog/evaluating-doubleclick-dcm-campaign-performance-in-google-analytics).
Names and platforms: https://www.simoahava.com/analytics/common-mistakes-click-identifiers, for
epik and rdt_cid https://sourceloop.ai/help/click-ids-explained, for srsltid
https://support.google.com/merchants/answer/15191080. All read in November 2026.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClickId:
    """A parameter, whose it is, and the source and medium that it stands for by itself."""

    name: str
    platform: str
    source: str
    medium: str
    paid: bool = True


CLICK_IDS: tuple[ClickId, ...] = (
    ClickId("gclid", "Google Ads", "google", "cpc"),
    ClickId("wbraid", "Google Ads", "google", "cpc"),
    ClickId("gbraid", "Google Ads", "google", "cpc"),
    ClickId("dclid", "Google Marketing Platform", "dfa", "cpm"),
    ClickId("msclkid", "Microsoft Advertising", "bing", "cpc"),
    ClickId("ttclid", "TikTok Ads", "tiktok", "cpc"),
    ClickId("li_fat_id", "LinkedIn Ads", "linkedin", "cpc"),
    ClickId("epik", "Pinterest Ads", "pinterest", "cpc"),
    ClickId("twclid", "X Ads", "twitter", "cpc"),
    ClickId("rdt_cid", "Reddit Ads", "reddit", "cpc"),
    ClickId("ScCid", "Snapchat Ads", "snapchat", "cpc"),
    ClickId("gad_source", "Google Ads", "google", "cpc"),
    ClickId("srsltid", "Google Merchant Center", "google", "organic", paid=False),
    ClickId("fbclid", "Meta", "facebook", "referral", paid=False),
)
"""The one that says most comes first: a URL may carry several."""

CLICK_ID_OF: dict[str, ClickId] = {click.name.lower(): click for click in CLICK_IDS}
