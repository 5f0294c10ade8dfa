"""Settings are one table: complete, documented, and clear when wrong."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from shared.errors import Invalid
from shared.runtime.settings import TABLE, Settings, load

README = Path(__file__).parents[3] / "README.md"


def test_the_table_and_the_settings_are_the_same():
    assert [s.field for s in TABLE] == [f.name for f in dataclasses.fields(Settings)]


@pytest.mark.parametrize("setting", TABLE, ids=lambda s: s.variable)
def test_the_readme_names_every_setting_with_its_default(setting):
    default = f"`{setting.default}`" if setting.default else ""
    row = f"| `{setting.variable}` | {default} | {setting.purpose} |"
    assert row in README.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "variable,value",
    [
        ("AIMS_PLATFORM", "aws"),
        ("AIMS_AUTH", "off"),
        ("AIMS_TODAY", "tomorrow"),
        ("AIMS_AI_OPERATIONS_PER_HOUR", "0"),
        ("AIMS_AI_OPERATIONS_PER_HOUR", "many"),
        ("AIMS_LOG_LEVEL", "loud"),
    ],
)
def test_a_wrong_setting_is_named(variable, value):
    with pytest.raises(Invalid, match=variable):
        load({variable: value})


ADDRESSES = {
    "": "",
    "https://aims.example.com": "https://aims.example.com",
    "https://aims.example.com/": "https://aims.example.com",
    "https://aims.example.com:8443": "https://aims.example.com:8443",
    "https://aims.example.com/a/b-c_d.e~f/": "https://aims.example.com/a/b-c_d.e~f",
    "https://10.0.0.1": "https://10.0.0.1",
    "https://[2001:db8::1]:8443": "https://[2001:db8::1]:8443",
    "http://localhost:8080": "http://localhost:8080",
    "http://127.0.0.1:8080": "http://127.0.0.1:8080",
    "http://127.1.2.3": "http://127.1.2.3",
    "http://[::1]:8080/": "http://[::1]:8080",
    f"https://a.example/{'a' * 182}": f"https://a.example/{'a' * 182}",
}


@pytest.mark.parametrize(("given", "read"), ADDRESSES.items())
def test_an_address_is_a_host_and_a_plain_path(given, read):
    assert load({"AIMS_PUBLIC_URL": given}).public_url == read


NO_ADDRESSES = [
    "aims.example.com",
    "//aims.example.com",
    "ftp://aims.example.com",
    "javascript:alert(1)",
    "HTTPS://aims.example.com",
    "http://aims.example.com",
    "http://10.0.0.1",
    "http://localhost.example.com",
    "http://127.0.0.1.example.com",
    "http://localhost@example.com",
    "https://user@example.com",
    "https://user:secret@example.com",
    "https://aims.example.com/?x=1",
    "https://aims.example.com?x=1",
    "https://aims.example.com/#top",
    "https://aims.example.com/a>,<mailto:me@x.example",
    "https://aims.example.com/a,b",
    "https://aims.example.com/a b",
    "https://aims.example.com/%0a",
    "https://aims.example.com/ä",
    "https://äims.example.com",
    "https://aims.example.com\n",
    " https://aims.example.com",
    "https://aims.example.com\r\nBcc: me@x.example",
    "https://aims.example.com:0",
    "https://aims.example.com:65536",
    "https://aims.example.com:",
    "https://aims.example.com:٨٠",
    "https://-aims.example.com",
    "https://aims.example.com.",
    "https://",
    "https:///a",
    f"https://a.example/{'a' * 183}",
]


@pytest.mark.parametrize("given", NO_ADDRESSES)
def test_what_a_link_cannot_be_made_of_is_no_address(given):
    with pytest.raises(Invalid, match="AIMS_PUBLIC_URL"):
        load({"AIMS_PUBLIC_URL": given})


@pytest.mark.parametrize(
    "chosen",
    [{"AIMS_PLATFORM": "google"}, {"AIMS_WAREHOUSE": "bigquery"}, {"AIMS_MODEL": "gemini-x"}],
    ids=["platform", "warehouse", "model"],
)
def test_what_runs_on_google_cloud_needs_its_project(chosen):
    with pytest.raises(Invalid, match="AIMS_GOOGLE_PROJECT"):
        load(chosen)
    assert load({**chosen, "AIMS_GOOGLE_PROJECT": "p"}).google_project == "p"


def test_on_cloud_run_the_issuers_keys_are_named():
    keys = {
        "AIMS_TOKEN_KEYS": "https://issuer.example/keys",
        "AIMS_EVENT_KEYS": "https://e.example",
    }
    for missing in keys:
        with pytest.raises(Invalid, match=missing):
            load({"K_SERVICE": "projects", **keys, missing: ""})
    load({"K_SERVICE": "projects", **keys})


def test_demo_sign_in_never_runs_on_cloud_run():
    with pytest.raises(Invalid, match="Cloud Run"):
        load({"AIMS_AUTH": "demo", "K_SERVICE": "projects"})
