"""The default channel group of Google Analytics 4 for traffic that is tagged by hand.

The definitions and their order: https://support.google.com/analytics/answer/9756891, "Channels for
manual traffic", read in November 2026; upper and lower case are one. AI Assistant came on 13 May
2026 (https://support.google.com/analytics/answer/9164320#05132026). Its place among the others is
not published: it stands before the organic channels, so that the medium that Google assigns decides
even where a source is also on one of their lists.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from shared.domain.utm.sources import CATEGORY_OF, Category

NOT_SET = "(not set)"
UNASSIGNED = "Unassigned"

_PAID = re.compile(r"^(.*cp.*|ppc|retargeting|paid.*)$")
_SHOP = re.compile(r"^(.*(([^a-df-z]|^)shop|shopping).*)$")
_VIDEO = re.compile(r"^(.*video.*)$")
_DISPLAY = frozenset(("display", "banner", "expandable", "interstitial", "cpm"))
_SOCIAL = frozenset(
    ("social", "social-network", "social-media", "sm", "social network", "social media")
)
_EMAIL = frozenset(("email", "e-mail", "e_mail", "e mail"))


@dataclass(frozen=True, slots=True)
class Visit:
    """What the rules look at, in lower case."""

    source: str
    medium: str
    campaign: str

    @property
    def paid(self) -> bool:
        """Whether the medium says that it was paid for."""
        return bool(_PAID.match(self.medium))

    @property
    def shopping(self) -> bool:
        """Whether the source is a shopping site or the campaign speaks of shopping."""
        return self.of("shopping") or bool(_SHOP.match(self.campaign))

    def of(self, category: Category) -> bool:
        """Whether the source is on Google's list of such sites."""
        return CATEGORY_OF.get(self.source) == category


@dataclass(frozen=True, slots=True)
class Rule:
    """A channel group and, in words, what lands in it."""

    group: str
    says: str
    holds: Callable[[Visit], bool]


_PAID_SAYS = "the medium matches ^(.*cp.*|ppc|retargeting|paid.*)$"
_SHOP_SAYS = (
    "the source is a shopping site, or the campaign matches ^(.*(([^a-df-z]|^)shop|shopping).*)$"
)

RULES: tuple[Rule, ...] = (
    Rule(
        "Direct",
        "the source is (direct) and the medium (none) or (not set)",
        lambda v: v.source == "(direct)" and v.medium in ("(none)", NOT_SET),
    ),
    Rule(
        "Cross-network",
        "the campaign contains cross-network",
        lambda v: "cross-network" in v.campaign,
    ),
    Rule("Paid Shopping", f"{_SHOP_SAYS}; and {_PAID_SAYS}", lambda v: v.shopping and v.paid),
    Rule(
        "Paid Search",
        f"the source is a search site and {_PAID_SAYS}",
        lambda v: v.of("search") and v.paid,
    ),
    Rule(
        "Paid Social",
        f"the source is a social site and {_PAID_SAYS}",
        lambda v: v.of("social") and v.paid,
    ),
    Rule(
        "Paid Video",
        f"the source is a video site and {_PAID_SAYS}",
        lambda v: v.of("video") and v.paid,
    ),
    Rule(
        "Display",
        "the medium is display, banner, expandable, interstitial or cpm",
        lambda v: v.medium in _DISPLAY,
    ),
    Rule("Paid Other", _PAID_SAYS, lambda v: v.paid),
    Rule("AI Assistant", "the medium is ai-assistant", lambda v: v.medium == "ai-assistant"),
    Rule("Organic Shopping", _SHOP_SAYS, lambda v: v.shopping),
    Rule(
        "Organic Social",
        "the source is a social site, or the medium is social, social-network, social-media, sm, "
        "social network or social media",
        lambda v: v.of("social") or v.medium in _SOCIAL,
    ),
    Rule(
        "Organic Video",
        "the source is a video site, or the medium matches ^(.*video.*)$",
        lambda v: v.of("video") or bool(_VIDEO.match(v.medium)),
    ),
    Rule(
        "Organic Search",
        "the source is a search site, or the medium is organic",
        lambda v: v.of("search") or v.medium == "organic",
    ),
    Rule(
        "Referral",
        "the medium is referral, app or link",
        lambda v: v.medium in ("referral", "app", "link"),
    ),
    Rule(
        "Email",
        "the source or the medium is email, e-mail, e_mail or e mail",
        lambda v: v.source in _EMAIL or v.medium in _EMAIL,
    ),
    Rule("Affiliates", "the medium is affiliate", lambda v: v.medium == "affiliate"),
    Rule("Audio", "the medium is audio", lambda v: v.medium == "audio"),
    Rule(
        "SMS",
        "the source or the medium is sms",
        lambda v: v.source == "sms" or v.medium == "sms",
    ),
    Rule(
        "Mobile Push Notifications",
        "the medium ends in push or contains mobile or notification, or the source is firebase",
        lambda v: (
            v.medium.endswith("push")
            or "mobile" in v.medium
            or "notification" in v.medium
            or v.source == "firebase"
        ),
    ),
)
_NONE = Rule(UNASSIGNED, "no definition holds for this source and medium", lambda _: True)


@lru_cache(maxsize=4096)
def channel(source: str, medium: str, campaign: str = "") -> Rule:
    """The first rule that holds for a visit; `group` is Unassigned if none does."""
    visit = Visit(source.lower(), medium.lower(), campaign.lower())
    return next((rule for rule in RULES if rule.holds(visit)), _NONE)
