"""Channels: their canonical ids and the names that people and exports use for them."""

from __future__ import annotations

CHANNELS: dict[str, tuple[str, ...]] = {
    "google_ads": (
        "google",
        "adwords",
        "google adwords",
        "google ads",
        "googleads",
        "sea",
        "google search ads",
    ),
    "meta": (
        "facebook",
        "fb",
        "instagram",
        "ig",
        "meta ads",
        "facebook ads",
        "facebook / instagram",
        "instagram ads",
        "facebook instagram",
    ),
    "tiktok": ("tik tok", "tiktok ads", "tik tok ads"),
    "linkedin": ("linked in", "linkedin ads", "li"),
    "microsoft_ads": ("bing", "bing ads", "microsoft", "microsoft advertising", "microsoft ads"),
    "pinterest": ("pinterest ads", "pins"),
    "snapchat": ("snap", "snapchat ads", "snap ads"),
    "x": ("twitter", "x ads", "twitter ads"),
    "reddit": ("reddit ads",),
    "youtube": ("yt", "youtube ads"),
    "amazon_ads": ("amazon", "amazon ads", "amazon advertising"),
    "email": ("e-mail", "e mail", "mail", "newsletter channel", "email marketing", "mailing"),
    "organic": ("organic search", "seo"),
    "direct": ("(direct)",),
    "referral": ("referrals",),
    "affiliate": ("affiliates", "affiliate marketing"),
    "display": ("display ads", "gdn"),
    "sms": ("text message", "text messages"),
}
"""Known channels and the names people and exports use for them. An open set: a channel that is not
here keeps its own name."""


def canonical_channel(name: str) -> str:
    """The canonical id of a channel: `Facebook Ads` → `meta`, `My Portal` → `my_portal`."""
    plain = " ".join(name.casefold().replace("_", " ").split())
    return _CHANNEL_OF.get(plain) or "_".join(plain.split())


_CHANNEL_OF = {
    alias: channel
    for channel, aliases in CHANNELS.items()
    for alias in (channel.replace("_", " "), *aliases)
}
