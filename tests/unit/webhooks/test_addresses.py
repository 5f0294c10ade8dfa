"""Where a person's URL may lead: what is refused as it is read, and what once it is looked up."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.addresses import Reach
from shared.adapters.webhooks import HttpsWebhooks
from shared.errors import Invalid, Unavailable
from shared.ports import Hook

EVERYWHERE = [ip_network("0.0.0.0/0"), ip_network("::/0")]
PRIVATE = [ip_network(text) for text in ("127.0.0.0/8", "10.0.0.0/8", "::1/128", "fd12::/16")]


class Noon:
    def now(self):
        return datetime(2025, 4, 1, 12, tzinfo=UTC)


def webhooks(networks=(), resolve=None):
    def nobody(name):
        raise AssertionError(f"{name} was looked up")

    return HttpsWebhooks(Noon(), networks, resolve=resolve or nobody, deadline_s=2)


NO_URLS = [
    "", " ", "x", "hooks.example.com", "//hooks.example.com/", "https:", "https:/", "https://",
    "https:///x", "https://:443/", "https://?x", "https:hooks.example.com", "ftp://example.com/",
    "file:///etc/passwd", "gopher://example.com/", "javascript:alert(1)", "data:text/plain,x",
    "unix:/var/run/docker.sock", "httpss://example.com/", "ws://example.com/",
    # user names and what else stands before a host
    "https://ada@example.com/", "https://ada:pw@example.com/", "https://@example.com/",
    "https://example.com@10.0.0.1/", "https://example.com:443@10.0.0.1/", "https://a%40b.com/",
    "https://example.com\\@10.0.0.1/", "https://example.com\\.evil.example/", "https:\\\\x.com/",
    # what another reader would cut out or read as an end
    " https://example.com/", "https://example.com/ ", "https://example.com/a b",
    "https://exa mple.com/", "https://example.com\t/", "https://exam\nple.com/",
    "https://example.com/\r\nHost: evil", "https://example.com/\x00", "https://example.com/\x7f",
    "https://example.com/\u2028", "https://example.com\u3000/", "https://example.com/\ud800",
    "https://exam\u00adple.com\u200b/",
    # hosts
    "https://example..com/", "https://.example.com/", "https://example.com../", "https://./",
    "https://-a.example/", "https://a-.example/", "https://a_b.example/", "https://*.example/",
    "https://exa%6dple.com/", "https://%31%30.0.0.1/", "https://" + "a" * 64 + ".example/",
    "https://" + "a." * 127 + "b/", "https://ä" + "." * 300 + "/", "https://evil.com＠x.com/",
    "https://evil.com／x.com/", "https://💣.example\u202e/", "https://xn--é.example/",
    # addresses in other spellings
    "https://2130706433/", "https://0x7f000001/", "https://0x7f.1/", "https://127.1/",
    "https://0177.0.0.1/", "https://017700000001/", "https://127.0.0.01/", "https://10.1/",
    "https://127.0.0.0x1/", "https://0/", "https://0x/", "https://127.0.0.1.1/", "https://256.1.1.1/",
    "https://1.2.3/", "https://example.1/", "https://example.0x1f/", "https://２１３０７０６４３３/",
    "https://[127.0.0.1]/", "https://[::1/", "https://::1/", "https://[::1]x/", "https://[]/",
    "https://[fe80::1%25eth0]/", "https://[fe80::1%eth0]/", "https://[v1.x]/", "https://[::1]]/",
    "https://[::g]/", "https://[example.com]/", "https://x[::1]/", "https://[1::2::3]/",
    # lengths
    "https://example.com/" + "x" * 2_048, "https://example.com/" + "ü" * 400,
    "https://" + "x" * 1_000_000, "https://example.com/#" + "x" * 2_048,
    # ports that are none
    "https://example.com:x/", "https://example.com:-1/", "https://example.com:443:443/",
    "https://example.com:4４3/", "https://example.com:+443/", "https://example.com:100000/",
]  # fmt: skip


@pytest.mark.parametrize("networks", [(), EVERYWHERE], ids=["public", "everywhere"])
@pytest.mark.parametrize("url", NO_URLS, ids=lambda url: ascii(url)[:40])
def test_what_is_no_address_of_a_receiver_is_refused(url, networks):
    with pytest.raises(Invalid, match="no address that a webhook can have"):
        webhooks(networks).check(url)


@pytest.mark.parametrize(
    "port",
    [
        0, 1, 21, 22, 23, 25, 53, 80, 110, 143, 389, 445, 465, 587, 993, 1023,
        2049, 5060, 6000, 6379, 6667, 10080, 11211, 65_536, 99_999,
    ],
)  # fmt: skip
def test_ports_of_other_protocols_are_refused(port):
    with pytest.raises(Invalid, match="port 443"):
        webhooks().check(f"https://example.com:{port}/")


@pytest.mark.parametrize("port", [443, 1024, 3000, 8080, 8443, 65_535])
def test_ports_that_receivers_use_are_allowed(port):
    webhooks().check(f"https://example.com:{port}/")


@pytest.mark.parametrize("url", ["http://example.com/", "HTTP://8.8.8.8/", "http://10.0.0.1/"])
def test_without_tls_nothing_leaves(url):
    with pytest.raises(Invalid, match="https"):
        webhooks().check(url)


NAMES_INSIDE = [
    "localhost", "LOCALHOST", "localhost.", "ｌｏｃａｌｈｏｓｔ", "metadata", "kubernetes", "redis",
    "a.localhost", "localhost.localdomain", "printer.local", "printer.local.", "db.internal",
    "vault.corp", "nas.lan", "router.home.arpa", "wiki.intranet", "git.private", "x。internal",
    "metadata.google.internal", "Metadata.Google.Internal.", "metadata.goog",
    "instance-data.ec2.internal",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES_INSIDE)
def test_names_inside_a_network_are_refused(name):
    with pytest.raises(Invalid, match="private network"):
        webhooks().check(f"https://{name}/")


@pytest.mark.parametrize("name", ["metadata.google.internal", "metadata.goog."])
def test_metadata_is_refused_by_name_whatever_is_allowed(name):
    with pytest.raises(Invalid):
        webhooks(EVERYWHERE).check(f"http://{name}/computeMetadata/v1/")


NEVER = [
    "169.254.169.254", "169.254.170.2", "169.254.0.1", "0.0.0.0", "0.1.2.3", "224.0.0.1",
    "239.255.255.250", "255.255.255.255", "168.63.129.16", "100.100.100.200", "192.0.0.192",
    "::", "::127.0.0.1", "::169.254.169.254", "::ffff:127.0.0.1", "::ffff:169.254.169.254",
    "::ffff:a9fe:a9fe", "::ffff:8.8.8.8", "::ffff:0:10.0.0.1", "64:ff9b::169.254.169.254",
    "64:ff9b::808:808", "64:ff9b:1::a9fe:a9fe", "2002:a9fe:a9fe::1", "2002:7f00:1::",
    "2001:0:a9fe:a9fe::1", "fe80::1", "febf::1", "fec0::1", "ff02::1", "ff0e::1",
    "fd00:ec2::254", "fd20:ce::254",
]  # fmt: skip
NOT_PUBLIC = [
    "10.0.0.1", "10.255.255.255", "127.0.0.1", "127.255.255.254", "172.16.0.1", "172.31.255.255",
    "192.168.1.1", "100.64.0.1", "100.127.255.255", "192.0.0.1", "192.0.0.9", "192.0.0.170",
    "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1",
    "240.0.0.1", "254.255.255.255", "::1", "100::1", "2001:1::1", "2001:2::1", "2001:3::1",
    "2001:10::1", "2001:20::1", "2001:1ff::1", "2001:db8::1", "3fff::1", "fc00::1", "fd12:3456::1",
    "4000::1", "5f00::1", "e000::1",
]  # fmt: skip
PUBLIC = [
    "8.8.8.8", "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
    "126.255.255.255", "128.0.0.1", "169.253.255.255", "169.255.0.1", "172.15.255.255",
    "172.32.0.1", "192.167.255.255", "192.169.0.1", "198.17.255.255", "198.20.0.1",
    "223.255.255.255", "2606:4700::1111", "2001:200::1", "2a00:1450:4001::1",
    "2001:4860:4860::8888",
]  # fmt: skip


@pytest.mark.parametrize("host", ["127.0.0.1.", "１２７.0.0.1", "10。0。0。1", "[::FFFF:A00:1]"])
def test_an_address_in_another_spelling_is_still_an_address(host):
    with pytest.raises(Invalid, match="private network"):
        webhooks().check(f"https://{host}/")


def literal(address, scheme="https"):
    return f"{scheme}://[{address}]/" if ":" in address else f"{scheme}://{address}/"


@pytest.mark.parametrize("address", NEVER + NOT_PUBLIC)
def test_an_address_that_is_not_public_is_refused_as_text_and_behind_a_name(address):
    with pytest.raises(Invalid, match="private network"):
        webhooks().check(literal(address))
    with pytest.raises(Invalid, match="private network"):
        webhooks(resolve=lambda _: [address]).post(Hook("1", "https://hooks.example.com/", {}))


@pytest.mark.parametrize("address", NEVER)
def test_what_is_nobodys_receiver_stays_refused_where_everything_is_allowed(address):
    with pytest.raises(Invalid, match="private network"):
        webhooks(EVERYWHERE).check(literal(address))
    with pytest.raises(Invalid, match="private network"):
        webhooks(EVERYWHERE, lambda _: [address]).post(Hook("1", "http://meta.example/", {}))


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_allowed(address):
    webhooks().check(literal(address))


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "10.1.2.3", "::1", "fd12::7"])
def test_a_network_that_the_operator_named_is_allowed(address, scheme):
    webhooks(PRIVATE).check(literal(address, scheme))


@pytest.mark.parametrize("address", ["192.168.1.1", "11.0.0.1", "8.8.8.8", "::2", "fd13::1"])
def test_what_lies_beside_the_named_networks_gains_no_http(address):
    with pytest.raises(Invalid):
        webhooks(PRIVATE).check(literal(address, "http"))


@pytest.mark.parametrize("url", ["http://example.com/hook", "http://internal.example.com:8080/"])
@pytest.mark.parametrize("networks", [PRIVATE, EVERYWHERE], ids=["private", "everywhere"])
def test_named_networks_give_no_http_to_names_of_the_internet(url, networks):
    with pytest.raises(Invalid, match="https"):
        webhooks(networks).check(url)


@pytest.mark.parametrize(
    "name", ["localhost", "hooks.corp", "kubernetes", "db.internal", "nas.local"]
)
def test_names_inside_lead_where_the_operator_allows(name):
    inside = webhooks(PRIVATE, lambda _: ["192.168.1.1"])
    inside.check(f"http://{name}/")
    with pytest.raises(Invalid, match="private network"):
        inside.post(Hook("1", f"http://{name}/", {}))


@pytest.mark.parametrize(
    "found",
    [
        ["8.8.8.8", "10.0.0.1"],
        ["10.0.0.1", "8.8.8.8"],
        ["2606:4700::1111", "8.8.8.8", "169.254.169.254"],
        ["8.8.8.8", "::ffff:10.0.0.1"],
        ["8.8.8.8", "fe80::1%lo"],
        ["8.8.8.8"] * 99 + ["0.0.0.0"],
    ],
)
def test_one_private_address_among_public_ones_refuses_the_name(found):
    with pytest.raises(Invalid, match="private network"):
        webhooks(resolve=lambda _: found).post(Hook("1", "https://hooks.example.com/", {}))


def test_a_public_name_is_not_reached_without_tls_where_networks_are_named():
    with pytest.raises(Invalid, match="https"):
        webhooks(PRIVATE, lambda _: ["8.8.8.8"]).post(Hook("1", "http://hooks.example.com/", {}))


@pytest.mark.parametrize("found", [[], ["nonsense"], ["10.0.0"], [""]])
def test_a_name_that_stands_for_nothing_may_be_mended(found):
    with pytest.raises(Unavailable, match="not known"):
        webhooks(resolve=lambda _: found).post(Hook("1", "https://hooks.example.com/", {}))


@pytest.mark.parametrize(
    ("url", "authority", "target"),
    [
        ("https://hooks.example.com", "hooks.example.com", "/"),
        ("HTTPS://Hooks.Example.COM:443/A", "hooks.example.com", "/A"),
        ("https://hooks.example.com:/A", "hooks.example.com", "/A"),
        ("https://hooks.example.com.:8443/?q", "hooks.example.com:8443", "/?q"),
        ("https://hooks.example.com?a=1&b=%20#part", "hooks.example.com", "/?a=1&b=%20"),
        ("https://hooks.example.com#@10.0.0.1/", "hooks.example.com", "/"),
        ("https://möbel.example/ö?ä=ß", "xn--mbel-5qa.example", "/%C3%B6?%C3%A4=%C3%9F"),
        ("https://bücher。example/", "xn--bcher-kva.example", "/"),
        ("https://xn--mbel-5qa.example/", "xn--mbel-5qa.example", "/"),
        ("https://a--b.example/", "a--b.example", "/"),
        ("https://example.com/a/../{b}|<c>\"'", "example.com", "/a/../%7Bb%7D%7C%3Cc%3E%22'"),
        ("https://example.com/\\@10.0.0.1", "example.com", "/%5C@10.0.0.1"),
        ("https://example.com/a@b:c;d=e,f", "example.com", "/a@b:c;d=e,f"),
        ("https://[2606:4700:0:0::1111]:8443/x", "[2606:4700::1111]:8443", "/x"),
        ("https://hooks.slack.com/services/T0/B0/x", "hooks.slack.com", "/services/T0/B0/x"),
        ("https://123.example.com/", "123.example.com", "/"),
    ],
)  # fmt: skip
def test_an_address_is_asked_for_in_one_form(url, authority, target):
    place = Reach().place(url)
    assert (place.authority, place.target) == (authority, target)


@given(st.text(max_size=60), st.sampled_from(["", "https://", "https://example.com/", "https://["]))
def test_any_text_is_an_address_or_refused(text, start):
    try:
        place = Reach().place(start + text)
    except Invalid:
        return
    sent = place.authority + place.target
    assert sent.isascii()
    assert sent.isprintable()
    assert " " not in sent


@pytest.mark.parametrize(
    "url",
    [
        "https://ada:pa55@example.com/s3cret",
        "https://10.0.0.1/s3cret?pa55",
        "https://example.com:25/s3cret",
        "http://example.com/s3cret",
        "https://example.com/s3cret pa55",
    ],
)
def test_a_refusal_tells_what_to_do_and_repeats_nothing_secret(url):
    with pytest.raises(Invalid) as refused:
        webhooks().check(url)
    assert not [word for word in ("s3cret", "pa55", "10.0.0.1") if word in refused.value.detail]
    assert re.search("Give one|go to port 443", refused.value.detail)
