"""Click identifiers that advertising platforms add to a landing URL by themselves.

Most prove by themselves who sent the visit; Meta's is added to every link on its sites, advertised
or not, so the referrer decides. Google Analytics itself reads Google's alone
(https://support.google.com/analytics/answer/11242870); a dclid without tags is dfa / cpm there
(https://www.cardinalpath.com/blog/evaluating-doubleclick-dcm-campaign-performance-in-google-analytics).
Names and platforms: https://www.simoahava.com/analytics/common-mistakes-click-identifiers, for
epik and rdt_cid https://sourceloop.ai/help/click-ids-explained, for srsltid and its campaign
https://support.google.com/analytics/answer/11479699. All read in November 2026.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClickId:
    """A parameter, whose it is, and what it stands for by itself.

    With a `campaign`, which is the source platform too, that holds only for a Merchant Center that
    is linked and tags automatically.
    """

    name: str
    platform: str
    source: str
    medium: str
    proves: bool = True
    campaign: str = ""


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
    ClickId(
        "srsltid",
        "Google Merchant Center",
        "google",
        "organic",
        campaign="Shopping free listings",
    ),
    ClickId("fbclid", "Meta", "facebook", "referral", proves=False),
)
"""The one that says most comes first: a URL may carry several."""

CLICK_ID_OF: dict[str, ClickId] = {click.name.lower(): click for click in CLICK_IDS}
