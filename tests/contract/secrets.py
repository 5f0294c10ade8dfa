"""The promises of shared.ports.Secrets."""

from __future__ import annotations

import pytest

from shared.errors import NotFound


@pytest.fixture
def secrets(family):
    return family.secrets()


@pytest.mark.parametrize(
    ("stored", "value"),
    [
        (b"hunter2", "hunter2"),
        ("pässwörd 🔑".encode(), "pässwörd 🔑"),
        (b" two words ", " two words "),
        (b"echoed into place\n", "echoed into place"),
        (b"from an editor\r\n", "from an editor"),
        (b"-----BEGIN-----\nabc\n-----END-----\n", "-----BEGIN-----\nabc\n-----END-----"),
        (b"x" * 65_536, "x" * 65_536),
    ],
    ids=["word", "letters", "blanks", "echoed", "editor", "lines", "largest"],
)
def test_a_secret_is_its_text_without_line_breaks_at_its_end(secrets, stored, value):
    secrets.store("smtp-password", stored)
    assert secrets.get("smtp-password") == value


def test_secrets_are_told_apart(secrets):
    secrets.store("one", b"1")
    secrets.store("two", b"2")
    assert (secrets.get("one"), secrets.get("two"), secrets.get("one")) == ("1", "2", "1")


def test_a_rotated_secret_is_seen_within_five_minutes(secrets, clock):
    secrets.store("smtp-password", b"old")
    assert secrets.get("smtp-password") == "old"
    secrets.store("smtp-password", b"new")
    clock.step(minutes=5)
    assert secrets.get("smtp-password") == "new"


def test_a_secret_that_was_taken_away_is_gone_within_five_minutes(secrets, clock):
    secrets.store("smtp-password", b"old")
    assert secrets.get("smtp-password") == "old"
    secrets.remove("smtp-password")
    clock.step(minutes=5)
    with pytest.raises(NotFound):
        secrets.get("smtp-password")


@pytest.mark.parametrize(
    "name",
    ["missing", "", ".", "..", "../documents.sqlite", "a/b", "/etc/hostname", "a\x00b", "n" * 256,
     "smtp-password\n", "projects/other/secrets/x"],
)  # fmt: skip
def test_a_name_that_names_no_secret_is_not_found(secrets, name):
    secrets.store("smtp-password", b"hunter2")
    with pytest.raises(NotFound) as error:
        secrets.get(name)
    assert not name or len(name) < 3 or name not in error.value.detail


def test_what_is_no_text_is_no_secret(secrets):
    secrets.store("smtp-password", b"\xff\xfe")
    with pytest.raises(NotFound):
        secrets.get("smtp-password")
