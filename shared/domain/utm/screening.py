"""Where in a link personal data stand: in its tags, in the URL's parameters and fragment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shared.domain.utm.address import Address
from shared.domain.utm.fields import FIELDS, Field
from shared.domain.utm.pii import doubtful, personal, suspect
from shared.domain.utm.refusal import Flaw, Notice

_Texts = Mapping[Field, str]


def flaws_of(given: _Texts, tags: _Texts) -> Iterator[Flaw]:
    """The fields with personal data, as they were given or as they will stand in the link."""
    for field in FIELDS:
        if found := personal(field, given.get(field, "")) or personal(field, tags.get(field, "")):
            yield flaw_of(field, field, found)


def flaw_of(field: str, where: str, what: str) -> Flaw:
    """The refusal of personal data in a field of the request."""
    why = "Remove it: Google Analytics forbids personal data."
    return Flaw("pii", field, f"{where} holds {what}. {why}")


def personal_in(address: Address) -> tuple[str, str] | None:
    """The first parameter of an address with personal data: its name in quotes and what it holds.

    The parameters of a fragment count too.
    """
    for name, value in _parameters(address):
        if what := personal(name, value):
            return "without a plain name" if personal("", name) else repr(name[:80]), what
    return None


def doubts(address: Address, tags: _Texts) -> Iterator[Notice]:
    """About the first parameter and the first tag that may hold personal data."""
    for name, value in _parameters(address):
        if doubtful(name, value):
            yield _doubt(f"The URL's parameter {name[:80]!r}")
            break
    for field, value in tags.items():
        if doubtful(field, value):
            yield _doubt(field)
            break


def _doubt(where: str) -> Notice:
    return Notice(
        "maybe_pii",
        f"{where} may hold a phone number or an e-mail address. If it does, remove it: Google "
        "Analytics forbids personal data.",
    )


def _parameters(address: Address) -> Iterator[tuple[str, str]]:
    for text in (address.query, address.fragment[1:]):
        if text and suspect(text):
            for token in text.split("&"):
                name, _, value = token.partition("=")
                yield name, value
