"""The Webhooks port: one signed message to an address that a person gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Hook:
    """One message. `hook_id` is the same for the same fact, so that the receiver knows a repeat.

    With a `secret` it is signed as https://www.standardwebhooks.com describes: the headers
    webhook-id, webhook-timestamp and webhook-signature. The key is what stands in base64 after
    `whsec_`; of any other secret its UTF-8 bytes, which the receiver gives its library as bytes.
    """

    hook_id: str  # not empty; at most 200 characters as it travels: percent-encoded but for ":"
    url: str
    body: Mapping[str, Any]  # JSON, at most 256 KiB as UTF-8
    secret: str | None = None


class Webhooks(Protocol):
    """Sends messages to addresses that people gave: hostile until proved otherwise."""

    def check(self, url: str) -> None:
        """Raises Invalid if no message may ever go there, without asking the network."""

    def post(self, hook: Hook) -> None:
        """Deliver one message; returning means that the receiver took it (2xx).

        Only https, only to public addresses: checked for every address that the name stands for,
        and the connection goes to an address that was checked. Redirects are not followed. It is
        over after ten seconds whatever the receiver does. If the line breaks after the last byte,
        the message may have been taken all the same.

        Raises Invalid (the address may not be reached, or the receiver refuses for good: 4xx but
        408, 425 and 429; 3xx; no web server), TooLarge, or Unavailable (may succeed later: 408,
        425, 429, 5xx, no or a broken connection, an unknown name, a certificate that does not
        hold, which its owner may renew). No text of an error holds a part of the URL.
        """
