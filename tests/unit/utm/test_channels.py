"""The default channel groups, with Google's own definitions as the table.

https://support.google.com/analytics/answer/9756891 ("Channels for manual traffic").
"""

from __future__ import annotations

import pytest

from shared.domain.utm.campaigns import TAGS_OF_CHANNEL
from shared.domain.utm.channels import RULES, channel
from shared.domain.utm.sources import CATEGORY_OF, SOURCES

CASES = [
    ("(direct)", "(none)", "", "Direct"),
    ("(direct)", "(not set)", "", "Direct"),
    ("(direct)", "cpc", "", "Paid Other"),
    ("google", "cpc", "cross-network", "Cross-network"),
    ("google", "cpc", "my cross-network test", "Cross-network"),
    ("amazon", "cpc", "", "Paid Shopping"),
    ("google", "cpc", "shop", "Paid Shopping"),
    ("google", "cpc", "my_shop_ads", "Paid Shopping"),
    ("google", "cpc", "eshop", "Paid Shopping"),
    ("google", "cpc", "e-shop 2025", "Paid Shopping"),
    ("google", "cpc", "shopping-de", "Paid Shopping"),
    ("google", "cpc", "workshop", "Paid Search"),
    ("google", "cpc", "bishop", "Paid Search"),
    ("google", "cpc", "", "Paid Search"),
    ("bing", "ppc", "", "Paid Search"),
    ("google", "paid_search", "", "Paid Search"),
    ("duckduckgo", "ecpc", "", "Paid Search"),
    ("google", "cpm", "", "Paid Search"),
    ("google", "retargeting", "", "Paid Search"),
    ("google", "my-retargeting", "", "Organic Search"),
    ("facebook", "cpc", "", "Paid Social"),
    ("facebook", "paid_social", "", "Paid Social"),
    ("facebook.com", "paidsocial", "", "Paid Social"),
    ("ig", "paid", "", "Paid Social"),
    ("linkedin", "cpc", "", "Paid Social"),
    ("youtube", "cpv", "", "Paid Video"),
    ("youtube", "cpc", "", "Paid Video"),
    ("vimeo.com", "paid", "", "Paid Video"),
    ("anything", "display", "", "Display"),
    ("anything", "banner", "", "Display"),
    ("anything", "expandable", "", "Display"),
    ("anything", "interstitial", "", "Display"),
    ("dfa", "cpm", "", "Display"),
    ("partner", "cpc", "", "Paid Other"),
    ("partner", "cpa", "", "Paid Other"),
    ("partner", "paid", "", "Paid Other"),
    ("amazon.com", "referral", "", "Organic Shopping"),
    ("newsletter", "email", "shop news", "Organic Shopping"),
    ("facebook", "anything", "", "Organic Social"),
    ("l.facebook.com", "referral", "", "Organic Social"),
    ("t.co", "referral", "", "Organic Social"),
    ("anything", "social", "", "Organic Social"),
    ("anything", "social-network", "", "Organic Social"),
    ("anything", "social media", "", "Organic Social"),
    ("anything", "sm", "", "Organic Social"),
    ("youtube.com", "referral", "", "Organic Video"),
    ("anything", "video", "", "Organic Video"),
    ("anything", "my-video-ad", "", "Organic Video"),
    ("google", "organic", "", "Organic Search"),
    ("anything", "organic", "", "Organic Search"),
    ("bing", "referral", "", "Organic Search"),
    ("chatgpt.com", "ai-assistant", "(ai-assistant)", "AI Assistant"),
    ("google", "ai-assistant", "", "AI Assistant"),
    ("chatgpt.com", "referral", "", "Referral"),
    ("blog.example.com", "referral", "", "Referral"),
    ("anything", "app", "", "Referral"),
    ("anything", "link", "", "Referral"),
    ("newsletter", "email", "", "Email"),
    ("newsletter", "e-mail", "", "Email"),
    ("newsletter", "e_mail", "", "Email"),
    ("newsletter", "e mail", "", "Email"),
    ("email", "anything", "", "Email"),
    ("newsletter", "emails", "", "Unassigned"),
    ("partner", "affiliate", "", "Affiliates"),
    ("partner", "affiliates", "", "Unassigned"),
    ("spotify", "audio", "", "Audio"),
    ("sms", "anything", "", "SMS"),
    ("anything", "sms", "", "SMS"),
    ("app", "push", "", "Mobile Push Notifications"),
    ("app", "web-push", "", "Mobile Push Notifications"),
    ("app", "mobile", "", "Mobile Push Notifications"),
    ("app", "notification", "", "Mobile Push Notifications"),
    ("firebase", "anything", "", "Mobile Push Notifications"),
    ("app", "pushed", "", "Unassigned"),
    ("poster", "qr", "", "Unassigned"),
    ("(not set)", "(not set)", "", "Unassigned"),
    ("Google", "CPC", "", "Paid Search"),
    ("FACEBOOK", "Paid_Social", "", "Paid Social"),
]


@pytest.mark.parametrize("source,medium,campaign,group", CASES)
def test_a_visit_lands_where_google_says(source, medium, campaign, group):
    assert channel(source, medium, campaign).group == group


def test_every_channel_group_is_in_the_table():
    assert {rule.group for rule in RULES} | {"Unassigned"} == {group for *_, group in CASES}


def test_the_published_sources_are_all_there_and_each_once():
    counts = {category: len(names) for category, names in SOURCES.items()}
    assert counts == {"search": 131, "social": 590, "video": 46, "shopping": 52}
    assert len(CATEGORY_OF) == 819


@pytest.mark.parametrize("name", TAGS_OF_CHANNEL)
def test_what_is_suggested_for_a_channel_has_a_group(name):
    assert channel(*TAGS_OF_CHANNEL[name]).group != "Unassigned"
