"""Builds and what must come of them, each with where the rule is published.

The plain case is source=newsletter, medium=email, campaign=spring; a case names what differs.
"""

from __future__ import annotations

GA = "https://support.google.com/analytics/answer/10917952"  # URL builders
CASE = "https://missinglinkz.io/blog/utm-case-sensitive-ga4/"
WHATWG = "https://url.spec.whatwg.org/#urlencoded-parsing"
IDNA = "https://www.unicode.org/reports/tr46/"
RFC3986 = "https://www.rfc-editor.org/rfc/rfc3986"
VALUETRACK = "https://support.google.com/google-ads/answer/6305348"
META = "https://doc.eulerian.com/p/O8AeUNCcprPL2E"  # Meta's dynamic macros
TIKTOK = "https://ads.tiktok.com/help/article/track-offsite-web-events-with-utm-parameters"
AUTO = "https://support.google.com/analytics/answer/11242870"  # manual and automatic tags

PLAIN = {"source": "newsletter", "medium": "email", "campaign": "spring"}
TAGS = "utm_source=newsletter&utm_medium=email&utm_campaign=spring"

# URL, what differs from the plain fields, the link, where it is published
BUILT = [
    ("https://example.com", {}, f"https://example.com?{TAGS}", GA),
    ("https://example.com/", {}, f"https://example.com/?{TAGS}", GA),
    ("http://example.com/a/b.html", {}, f"http://example.com/a/b.html?{TAGS}", GA),
    ("  https://example.com/a  ", {}, f"https://example.com/a?{TAGS}", GA),
    # What is not ours stays: order, case, encoding, blanks, repeats.
    ("https://e.com/?b=2&a=1", {}, f"https://e.com/?b=2&a=1&{TAGS}", RFC3986),
    ("https://e.com/?A=x&a=X", {}, f"https://e.com/?A=x&a=X&{TAGS}", RFC3986),
    ("https://e.com/?a=1&a=2&a=1", {}, f"https://e.com/?a=1&a=2&a=1&{TAGS}", RFC3986),
    ("https://e.com/?flag&empty=", {}, f"https://e.com/?flag&empty=&{TAGS}", RFC3986),
    ("https://e.com/?q=a+b%20c", {}, f"https://e.com/?q=a+b%20c&{TAGS}", WHATWG),
    ("https://e.com/?q=%2f%2F", {}, f"https://e.com/?q=%2f%2F&{TAGS}", RFC3986),
    ("https://e.com/?q=caf%E9", {}, f"https://e.com/?q=caf%E9&{TAGS}", RFC3986),
    ("https://e.com/?q=100%", {}, f"https://e.com/?q=100%&{TAGS}", RFC3986),
    ("https://e.com/?a=b=c", {}, f"https://e.com/?a=b=c&{TAGS}", WHATWG),
    ("https://e.com/?a[]=1&a[]=2", {}, f"https://e.com/?a[]=1&a[]=2&{TAGS}", RFC3986),
    ("https://e.com/?a=1&&b=2", {}, f"https://e.com/?a=1&&b=2&{TAGS}", WHATWG),
    ("https://e.com/?a=1;b=2", {}, f"https://e.com/?a=1;b=2&{TAGS}", WHATWG),
    ("https://e.com/?q=ä", {}, f"https://e.com/?q=ä&{TAGS}", RFC3986),
    ("https://e.com/?a=1?b=2", {}, f"https://e.com/?a=1?b=2&{TAGS}", RFC3986),
    ("https://e.com/?utm_custom=1", {}, f"https://e.com/?utm_custom=1&{TAGS}", GA),
    # A bare ? and a trailing & are tidied.
    ("https://e.com/?", {}, f"https://e.com/?{TAGS}", RFC3986),
    ("https://e.com/?a=1&", {}, f"https://e.com/?a=1&{TAGS}", WHATWG),
    ("https://e.com/?&&", {}, f"https://e.com/?{TAGS}", WHATWG),
    # Path and fragment stay; the query comes before the fragment.
    ("https://e.com/a#top", {}, f"https://e.com/a?{TAGS}#top", RFC3986),
    ("https://e.com/a?b=1#/route?x=1&", {}, f"https://e.com/a?b=1&{TAGS}#/route?x=1&", RFC3986),
    ("https://e.com/%7Ea/../b//c;d", {}, f"https://e.com/%7Ea/../b//c;d?{TAGS}", RFC3986),
    ("https://e.com/straße", {}, f"https://e.com/straße?{TAGS}", RFC3986),
    ("https://e.com/@user", {}, f"https://e.com/@user?{TAGS}", RFC3986),
    ("https://e.com#", {}, f"https://e.com?{TAGS}#", RFC3986),
    # Hosts: any case, ports, international names, addresses.
    ("HTTPS://Example.COM/A", {}, f"HTTPS://Example.COM/A?{TAGS}", RFC3986),
    ("https://e.com:8443/a", {}, f"https://e.com:8443/a?{TAGS}", RFC3986),
    (
        "https://münchen.de/",
        {},
        f"https://münchen.de/?{TAGS}",
        "https://www.rfc-editor.org/rfc/rfc3490",
    ),
    ("https://xn--mnchen-3ya.de", {}, f"https://xn--mnchen-3ya.de?{TAGS}", RFC3986),
    ("https://例え.jp/", {}, f"https://例え.jp/?{TAGS}", "https://www.rfc-editor.org/rfc/rfc3490"),
    ("https://שלום1.example/", {}, f"https://שלום1.example/?{TAGS}", IDNA),
    ("https://☃.net/", {}, f"https://☃.net/?{TAGS}", IDNA),
    ("https://straße.de:8080/", {}, f"https://straße.de:8080/?{TAGS}", IDNA),
    ("https://127.0.0.1:80/", {}, f"https://127.0.0.1:80/?{TAGS}", RFC3986),
    ("https://[::1]:8080/x", {}, f"https://[::1]:8080/x?{TAGS}", RFC3986),
    ("https://1und1.de/", {}, f"https://1und1.de/?{TAGS}", RFC3986),
    ("https://[2001:db8::1]/", {}, f"https://[2001:db8::1]/?{TAGS}", RFC3986),
    # Tags that are there already are replaced, wherever and however they stand.
    ("https://e.com/?utm_source=old", {}, f"https://e.com/?{TAGS}", GA),
    ("https://e.com/?utm_source=a&x=1&utm_source=b", {}, f"https://e.com/?x=1&{TAGS}", GA),
    ("https://e.com/?UTM_Source=a&x=1", {}, f"https://e.com/?x=1&{TAGS}", CASE),
    ("https://e.com/?utm%5Fsource=a&x=1", {}, f"https://e.com/?x=1&{TAGS}", WHATWG),
    ("https://e.com/?utm_content=old&x=1", {}, f"https://e.com/?x=1&{TAGS}", GA),
    ("https://e.com/#utm_source=a&utm_medium=b", {}, f"https://e.com/?{TAGS}", GA),
    ("https://e.com/#utm_source=a&top", {}, f"https://e.com/?{TAGS}#utm_source=a&top", RFC3986),
    # Values: trimmed, lower case, spaces to underscores, UTF-8, empty ones dropped.
    ("https://e.com", {"campaign": "  Spring   Sale "}, "campaign=spring_sale", CASE),
    ("https://e.com", {"source": "NewsLetter"}, "source=newsletter", CASE),
    ("https://e.com", {"campaign": "a\tb\nc"}, "campaign=a_b_c", CASE),
    ("https://e.com", {"campaign": "Größe"}, "campaign=gr%C3%B6%C3%9Fe", RFC3986),
    ("https://e.com", {"campaign": "50% off & more"}, "campaign=50%25_off_%26_more", RFC3986),
    ("https://e.com", {"campaign": "a+b=c#d?e/f"}, "campaign=a%2Bb%3Dc%23d%3Fe%2Ff", RFC3986),
    ("https://e.com", {"campaign": "e\u0301te\u0301"}, "campaign=%C3%A9t%C3%A9", "UAX #15"),
    ("https://e.com", {"campaign": "春の🌸"}, "campaign=%E6%98%A5%E3%81%AE%F0%9F%8C%B8", RFC3986),
    ("https://e.com", {"term": "", "content": "  "}, f"https://e.com?{TAGS}", GA),
    ("https://e.com", {"campaign": "\ufeffsp\u200bring\u00ad"}, "campaign=spring", "UAX #31"),
    (
        "https://e.com",
        {"campaign": "👩\u200d🌾"},
        "campaign=%F0%9F%91%A9%E2%80%8D%F0%9F%8C%BE",
        "UTS #51",
    ),
    ("https://e.com", {"id": " Ab C12 "}, "id=Ab%20C12", GA),
    # Macros of ad platforms stay as they are.
    ("https://e.com", {"campaign": "{campaignid}"}, "campaign={campaignid}", VALUETRACK),
    ("https://e.com", {"term": "{keyword:Nike Air}"}, "term={keyword:Nike%20Air}", VALUETRACK),
    ("https://e.com", {"term": "{Keyword}"}, "term={Keyword}", VALUETRACK),
    ("https://e.com", {"campaign": "{{campaign.name}}"}, "campaign={{campaign.name}}", META),
    ("https://e.com", {"content": "AD {{ad.id}}"}, "content=ad_{{ad.id}}", META),
    ("https://e.com", {"campaign": "__CAMPAIGN_NAME__"}, "campaign=__CAMPAIGN_NAME__", TIKTOK),
    ("https://e.com", {"content": "Ad __CID__ X"}, "content=ad___CID___x", TIKTOK),
    # All of GA4's parameters, in their order.
    (
        "https://e.com",
        {
            "marketing_tactic": "Prospecting",
            "creative_format": "Video",
            "source_platform": "DV 360",
            "id": "C1",
            "content": "Hero",
            "term": "Shoes",
        },
        f"https://e.com?{TAGS}&utm_term=shoes&utm_content=hero&utm_id=C1&utm_source_platform=dv_360"
        "&utm_creative_format=video&utm_marketing_tactic=prospecting",
        GA,
    ),
    # Click ids stay.
    ("https://e.com/?gclid=Abc_-1&b=1", {}, f"https://e.com/?gclid=Abc_-1&b=1&{TAGS}", AUTO),
]

# URL, what differs, code, field
REFUSED = [
    ("", {}, "invalid_url", "url"),
    ("example.com/page", {}, "invalid_url", "url"),
    ("//example.com", {}, "invalid_url", "url"),
    ("/page", {}, "invalid_url", "url"),
    ("ftp://example.com", {}, "invalid_url", "url"),
    ("javascript:alert(1)", {}, "invalid_url", "url"),
    ("mailto:a@example.com", {}, "invalid_url", "url"),
    ("https:example.com", {}, "invalid_url", "url"),
    ("https://", {}, "invalid_url", "url"),
    ("https:///path", {}, "invalid_url", "url"),
    ("https://?a=1", {}, "invalid_url", "url"),
    ("https://:80/", {}, "invalid_url", "url"),
    ("https://exa mple.com/", {}, "invalid_url", "url"),
    ("https://example.com/a b", {}, "invalid_url", "url"),
    ("https://example.com/\n", {}, "invalid_url", "url"),
    ("https://exam\tple.com/", {}, "invalid_url", "url"),
    ("https://example.com/\x00", {}, "invalid_url", "url"),
    ("https://example.com/\x7f", {}, "invalid_url", "url"),
    ("https://example.com/\u2028", {}, "invalid_url", "url"),
    ("https://user@example.com/", {}, "invalid_url", "url"),
    ("https://user:secret@example.com/", {}, "invalid_url", "url"),
    ("https://example.com:port/", {}, "invalid_url", "url"),
    ("https://example.com:99999/", {}, "invalid_url", "url"),
    ("https://-example.com/", {}, "invalid_url", "url"),
    ("https://exa..mple.com/", {}, "invalid_url", "url"),
    ("https://example.com\\@evil.com/", {}, "invalid_url", "url"),
    ("https://ex<b>.com/", {}, "invalid_url", "url"),
    ("https://[::1/", {}, "invalid_url", "url"),
    ("https://[nothing]/", {}, "invalid_url", "url"),
    ("https://example.com/" + "a" * 9000, {}, "invalid_url", "url"),
    ("https://[::1]8080/x", {}, "invalid_url", "url"),
    ("https://999.999.999.999/", {}, "invalid_url", "url"),
    ("https://1/", {}, "invalid_url", "url"),
    ("https://1.2.3/", {}, "invalid_url", "url"),
    ("https://0x7f.1/", {}, "invalid_url", "url"),
    ("https://exa\u200bmple.com/", {}, "invalid_url", "url"),
    ("https://example.com/\u202e", {}, "invalid_url", "url"),
    ("https://ex☃ample。com:x/", {}, "invalid_url", "url"),
    ("https://ä..com/", {}, "invalid_url", "url"),
    ("https://" + "ä" * 300 + ".de/", {}, "invalid_url", "url"),
    ("https://example.com", {"source": "\u200b"}, "missing_required", "source"),
    ("https://example.com", {"source": "\u3164 \u200d"}, "missing_required", "source"),
    ("https://example.com", {"source": ""}, "missing_required", "source"),
    ("https://example.com", {"medium": "   "}, "missing_required", "medium"),
    ("https://example.com", {"campaign": "\t\n"}, "missing_required", "campaign"),
    ("https://example.com", {"content": "jane@example.com"}, "pii", "content"),
    ("https://example.com", {"id": "jane%40example.com"}, "pii", "id"),
    ("https://example.com", {"campaign": "call +49 151 23456789"}, "pii", "campaign"),
    ("https://example.com/?u=jane@example.com", {}, "pii", "url"),
    ("https://example.com/?u=jane%40example.com", {}, "pii", "url"),
    ("https://example.com/?u=jane%2540example.com", {}, "pii", "url"),
    ("https://example.com/?jane%40example.com", {}, "pii", "url"),
    ("https://example.com/?utm_content=jane%40example.com", {}, "pii", "url"),
    ("https://example.com/#u=jane@example.com", {}, "pii", "url"),
    ("https://example.com/?jane@example.com=1", {}, "pii", "url"),
    ("https://example.com/?tel=%2B4915123456789", {}, "pii", "url"),
    ("https://example.com/?gclid=jane@example.com", {}, "pii", "url"),
    ("https://example.com/?fbclid=jane%40example.com", {}, "pii", "url"),
    ("https://example.com/#/r?phone=4155552671", {}, "pii", "url"),
    ("https://example.com/#/call/%2B14155552671", {}, "pii", "url"),
    ("https://example.com", {"term": "x" * 1025}, "broken_convention", "term"),
]

# URL, what differs, the codes of its warnings
WARNED = [
    ("https://e.com", {}, []),
    ("https://e.com/?utm_source=a", {}, ["replaced_utm"]),
    ("https://e.com/#utm_source=a", {}, ["replaced_utm"]),
    ("https://e.com/?gclid=x", {}, ["click_id"]),
    ("https://e.com/?gclid=x&GCLID=y", {}, ["click_id"]),
    ("https://e.com/?gclid=", {}, []),
    *[
        (f"https://e.com/?{name}=x", {}, ["click_id"])
        for name in ("gbraid", "wbraid", "dclid", "fbclid", "msclkid", "ttclid", "li_fat_id")
    ],
    *[
        (f"https://e.com/?{name}=x", {}, ["click_id"])
        for name in ("epik", "twclid", "rdt_cid", "ScCid", "gad_source", "srsltid")
    ],
    ("https://e.com/" + "a" * 2100, {}, ["too_long"]),
    ("https://e.com/out/jane%40example.com", {}, ["pii_in_path"]),
    ("https://e.com/@jane/logo@2x.png", {}, []),
    ("https://e.com/?id=234-567-8901", {}, ["maybe_pii"]),
    ("https://e.com/#/r?id=0171-1234567", {}, ["maybe_pii"]),
    ("https://e.com", {"content": "jane @example.com"}, ["maybe_pii"]),
    ("https://e.com/?d=2025-03-01&n=0042-2025-1187", {}, []),
    ("https://e.com", {"medium": "flyer"}, ["unassigned"]),
    ("https://www.e.com", {"source": "e.com", "medium": "referral"}, ["internal_link"]),
    ("https://shop.e.com", {"source": "e.com", "medium": "referral"}, ["internal_link"]),
    ("https://e.com", {"medium": "internal"}, ["internal_link", "unassigned"]),
    ("https://e.com/?to=https%3A%2F%2Fo.com", {}, ["nested_url"]),
    ("https://e.com/?to=https://o.com/?a=1", {}, ["nested_url"]),
    ("https://e.com/?to=http%253A%252F%252Fo.com", {}, ["nested_url"]),
    ("https://e.com/?https://o.com/", {}, ["nested_url"]),
    ("https://e.com/?next=//o.com/x", {}, ["nested_url"]),
    ("https://e.com/?next=%2F%2Fo.com/x", {}, ["nested_url"]),
    ("https://e.com/#/x?next=https://o.com", {}, ["nested_url"]),
    ("https://e.com/r/https%3A%2F%2Fo.com", {}, ["nested_url"]),
    ("https://e.com/a//b.c?d=/e//f.g&path=/http/x", {}, []),
    ("https://e.com", {"campaign": "spring%20sale"}, ["escaped_value"]),
]
