"""Landing URLs read back, with and without a referrer."""

from __future__ import annotations

import pytest

from shared.domain.utm.clicks import CLICK_IDS
from shared.domain.utm.parse import parse
from shared.domain.utm.refusal import Refused

FB = "https://l.facebook.com/"
NEWS = "utm_source=news&utm_medium=email&utm_campaign=spring"

# URL's query, referrer, source, medium, group
READ = [
    ("", None, "(direct)", "(none)", "Direct"),
    (NEWS, None, "news", "email", "Email"),
    (NEWS, "https://www.google.com/", "news", "email", "Email"),
    ("gclid=x", None, "google", "cpc", "Paid Search"),
    ("gclid=x", FB, "google", "cpc", "Paid Search"),
    ("gbraid=x", None, "google", "cpc", "Paid Search"),
    ("wbraid=x", None, "google", "cpc", "Paid Search"),
    ("gad_source=1", None, "google", "cpc", "Paid Search"),
    ("dclid=x", None, "dfa", "cpm", "Display"),
    ("msclkid=x", None, "bing", "cpc", "Paid Search"),
    ("ttclid=x", None, "tiktok", "cpc", "Paid Social"),
    ("li_fat_id=x", None, "linkedin", "cpc", "Paid Social"),
    ("epik=x", None, "pinterest", "cpc", "Paid Social"),
    ("twclid=x", None, "twitter", "cpc", "Paid Social"),
    ("rdt_cid=x", None, "reddit", "cpc", "Paid Social"),
    ("ScCid=x", None, "snapchat", "cpc", "Paid Social"),
    ("srsltid=x", None, "google", "organic", "Organic Shopping"),
    ("srsltid=x", "https://www.google.com/", "google", "organic", "Organic Shopping"),
    (f"{NEWS}&srsltid=x", None, "news", "email", "Email"),
    ("", "https://www.google.com/search?q=red shoes", "google", "organic", "Organic Search"),
    ("", "https://ann@blog.example.org/", "blog.example.org", "referral", "Referral"),
    ("", "about:blank", "(direct)", "(none)", "Direct"),
    ("", "(direct)", "(direct)", "(none)", "Direct"),
    ("fbclid=x", FB, "l.facebook.com", "referral", "Organic Social"),
    ("fbclid=x", "https://www.facebook.com/", "facebook.com", "referral", "Organic Social"),
    ("fbclid=x", "https://l.instagram.com/", "l.instagram.com", "referral", "Organic Social"),
    ("fbclid=x", None, "facebook", "referral", "Organic Social"),
    ("fbclid=x", "https://www.google.de/", "google", "organic", "Organic Search"),
    ("gclid=x&fbclid=y", None, "google", "cpc", "Paid Search"),
    (f"{NEWS}&gclid=x", None, "news", "email", "Email"),
    ("utm_source=facebook", None, "facebook", None, "Organic Social"),
    ("utm_source=flyer", None, "flyer", None, "Unassigned"),
    ("utm_source=&gclid=x", None, "google", "cpc", "Paid Search"),
    ("", "https://www.google.com/", "google", "organic", "Organic Search"),
    ("", "https://www.google.co.uk/search?q=x", "google", "organic", "Organic Search"),
    ("", "https://google.com.au", "google", "organic", "Organic Search"),
    ("", "https://www.bing.com/", "bing", "organic", "Organic Search"),
    ("", "https://duckduckgo.com/", "duckduckgo", "organic", "Organic Search"),
    ("", "https://de.search.yahoo.com/", "yahoo", "organic", "Organic Search"),
    ("", "https://www.ecosia.org/", "ecosia.org", "organic", "Organic Search"),
    ("", "https://docs.google.com/", "docs.google.com", "referral", "Referral"),
    ("", "https://groups.google.com/", "groups.google.com", "referral", "Organic Social"),
    ("", "https://notgoogle.com/", "notgoogle.com", "referral", "Referral"),
    ("", "https://t.co/abc", "t.co", "referral", "Organic Social"),
    ("", "https://www.youtube.com/", "youtube.com", "referral", "Organic Video"),
    ("", "https://www.amazon.com/", "amazon.com", "referral", "Organic Shopping"),
    ("", "https://chatgpt.com/", "chatgpt.com", "ai-assistant", "AI Assistant"),
    ("", "https://claude.ai/chat", "claude.ai", "ai-assistant", "AI Assistant"),
    ("", "https://gemini.google.com/app", "gemini.google.com", "ai-assistant", "AI Assistant"),
    ("", "https://blog.example.org/x", "blog.example.org", "referral", "Referral"),
    ("", "facebook.com", "facebook.com", "referral", "Organic Social"),
    ("", "android-app://com.slack/", "com.slack", "referral", "Referral"),
    ("", "https://www.shop.example/", "(direct)", "(none)", "Direct"),
]


@pytest.mark.parametrize("query,referrer,source,medium,group", READ)
def test_a_landing_says_where_the_visit_is_from(query, referrer, source, medium, group):
    read = parse(f"https://shop.example/?{query}", referrer)
    assert (read.source, read.medium, read.rule.group) == (source, medium, group)
    assert group in read.explanation


@pytest.mark.parametrize("click", CLICK_IDS, ids=lambda click: click.name)
def test_a_click_id_is_named_with_its_platform(click):
    read = parse(f"https://shop.example/?a=1&{click.name}=A%2Bb")
    assert read.click is not None
    assert (read.click.name, read.click.value, read.click.platform) == (
        click.name,
        "A+b",
        click.platform,
    )
    assert read.origin == "click_id"


NOTICED = [
    (f"?{NEWS}", []),
    (f"?{NEWS}&gclid=x", ["click_id"]),
    ("?msclkid=x", ["not_read_by_analytics"]),
    ("?gclid=x", []),
    (f"?{NEWS}&utm_source=b", ["repeated_utm"]),
    (f"?{NEWS}&UTM_TERM=b", ["unread_utm"]),
    (f"#{NEWS}", ["utm_in_fragment"]),
    ("?utm_source=facebook", ["incomplete_utm"]),
    (f"?{NEWS}&u=jane%40example.com", ["pii"]),
    ("?gclid=jane%40example.com", ["pii"]),
    ("?id=234-567-8901", ["maybe_pii"]),
    ("jane@example.com", ["pii_in_path"]),
    (f"?{NEWS.replace('email', 'flyer')}", ["unassigned"]),
]


@pytest.mark.parametrize("rest,codes", NOTICED)
def test_a_reading_says_what_is_odd(rest, codes):
    assert [n.code for n in parse(f"https://shop.example/{rest}").warnings] == codes


def test_the_first_click_id_that_holds_something_is_read():
    read = parse("https://e.com/?gclid=&gclid=abc&gclid=d")
    assert read.click is not None
    assert read.click.value == "abc"


def test_a_free_listing_names_its_campaign_and_what_that_needs():
    read = parse("https://e.com/?srsltid=x")
    assert read.tags["campaign"] == read.tags["source_platform"] == "Shopping free listings"
    assert [notice.code for notice in read.warnings] == ["needs_auto_tagging"]


@pytest.mark.parametrize(
    "referrer", ["about:blank", "(direct)", "-", "null", "ht tp://x", "ftp://e.org", "https://[x"]
)
def test_a_referrer_that_names_no_site_is_a_warning(referrer):
    read = parse(f"https://shop.example/?{NEWS}", referrer)
    assert [notice.code for notice in read.warnings] == ["unread_referrer"]


def test_all_values_are_decoded():
    read = parse(
        "https://e.com/?utm_source=a%20b&utm_medium=c+d&utm_campaign=%C3%A9&utm_term=%7Bx%7D"
        "&utm_content=1&utm_id=2&utm_source_platform=3&utm_creative_format=4"
        "&utm_marketing_tactic=5"
    )
    assert dict(read.tags) == {
        "source": "a b",
        "medium": "c d",
        "campaign": "é",
        "term": "{x}",
        "content": "1",
        "id": "2",
        "source_platform": "3",
        "creative_format": "4",
        "marketing_tactic": "5",
    }


def test_what_is_no_url_is_named():
    with pytest.raises(Refused) as refused:
        parse("nonsense")
    assert refused.value.extra == {"code": "invalid_url", "field": "url"}
