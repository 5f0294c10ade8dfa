"""A message as it travels on any bus, and what a bus refuses to carry: Pub/Sub's limits.

Source: https://cloud.google.com/pubsub/quotas#resource_limits
"""

from __future__ import annotations

import json
import re

from shared.errors import Invalid, TooLarge
from shared.ports import Message

# 10 MB a request, less what the attributes and the topic's name take in it at most.
MOST_BYTES = 10_000_000 - 10_000
_ATTRIBUTE_BYTES = 1024
_TOPIC = re.compile(r"(?!goog)[A-Za-z][A-Za-z0-9._~+%-]{2,254}")


def encoded(message: Message) -> str:
    """The payload as JSON in ASCII. Raises Invalid or TooLarge."""
    _check_attributes(message)
    try:
        text = json.dumps(message.payload(), allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        raise Invalid("A message's body holds JSON values only.") from error
    if len(text) > MOST_BYTES:
        raise TooLarge("A message holds at most 10 MB. Split it.")
    return text


def check_topic(topic: str) -> None:
    """Raises Invalid if no topic can have this name."""
    if not _TOPIC.fullmatch(topic):
        raise Invalid("A topic's name is 3 to 255 letters, digits and signs, a letter first.")


def _check_attributes(message: Message) -> None:
    try:
        longest = max(len(value.encode()) for value in message.attributes().values())
    except UnicodeEncodeError as error:
        raise Invalid("An attribute of a message is valid Unicode.") from error
    if longest > _ATTRIBUTE_BYTES:
        raise Invalid("An attribute of a message holds at most 1,024 bytes.")
