"""The Bus port on Cloud Pub/Sub, by its plain publish call.

The vendor's batching client gathers messages in threads and waits for more, for ever if need be.
Here a call sends what it was given at once, in as few requests as the limits allow, and returns
when Pub/Sub has stored them all. No ordering key is set: nothing in the suite relies on order.

Source: https://cloud.google.com/pubsub/docs/reference/rpc/google.pubsub.v1#publisher
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock

from google import pubsub_v1
from google.api_core import exceptions as vendor
from google.api_core.retry import Retry, if_exception_type
from google.api_core.timeout import ConstantTimeout
from google.auth.exceptions import GoogleAuthError

from shared.adapters.wire import MOST_BYTES, check_topic, encoded
from shared.errors import Invalid, TooLarge, Unavailable
from shared.ports import Message

_MOST_MESSAGES = 1000  # a request
_ATTEMPT_S = 3.0
_DEADLINE_S = 3.0  # the outbox keeps what Pub/Sub does not take; nobody waits for it
_FRAME_BYTES = 8  # of one message in a request
_PASSING = (
    vendor.Aborted,
    vendor.Cancelled,
    vendor.DeadlineExceeded,
    vendor.InternalServerError,
    vendor.ResourceExhausted,
    vendor.ServiceUnavailable,
    vendor.Unknown,
)
# What Pub/Sub says, the first that fits, and what we say of it. A topic or a right that is missing
# is a mistake of the deployment, so the same call succeeds once that is mended.
_SAID: tuple[tuple[type[Exception], type[Invalid] | type[TooLarge] | type[Unavailable], str], ...]
_SAID = (
    (vendor.NotFound, Unavailable, "The topic {topic} is not there. Deploy it, then try again."),
    (vendor.Forbidden, Unavailable, "Publishing to {topic} is not allowed. Grant the service it."),
    (vendor.Unauthorized, Unavailable, "Pub/Sub does not know this service. Check its account."),
    (GoogleAuthError, Unavailable, "There are no credentials for Pub/Sub. Check the account."),
    (vendor.InvalidArgument, Invalid, "Pub/Sub does not take such a message."),
    (vendor.GoogleAPIError, Unavailable, "Pub/Sub does not answer. Try again later."),
)


class PubSubBus:
    """Keeps shared.ports.Bus.

    A request to Pub/Sub is tried for `deadline_s` seconds, the last attempt begun by then ends
    within 10 more (or `deadline_s`, if that is less).
    """

    def __init__(self, project: str, deadline_s: float = _DEADLINE_S) -> None:
        self._project = project
        self._deadline_s = deadline_s
        self._opening = Lock()
        self._client: pubsub_v1.PublisherClient | None = None

    def publish(self, topic: str, messages: Sequence[Message]) -> None:
        """Hand over all messages, in requests of at most 1,000 messages and 10 MB."""
        check_topic(topic)
        ready = [_vendor_message(message) for message in messages]
        path = f"projects/{self._project}/topics/{topic}"
        with _translated(topic):
            for batch in _batches(ready):
                self._send(pubsub_v1.PublishRequest(topic=path, messages=batch))

    def close(self) -> None:
        """Release the connection; a later publish opens another."""
        with self._opening:
            client, self._client = self._client, None
        if client is not None:
            client.transport.close()  # type: ignore[no-untyped-call]

    def _send(self, request: pubsub_v1.PublishRequest) -> None:
        retry = Retry(
            predicate=if_exception_type(*_PASSING),
            initial=0.1,
            maximum=5.0,
            timeout=self._deadline_s,
        )
        attempt = min(_ATTEMPT_S, self._deadline_s)
        timeout = ConstantTimeout(attempt)  # type: ignore[no-untyped-call]
        self._opened().publish(request, retry=retry, timeout=timeout)

    def _opened(self) -> pubsub_v1.PublisherClient:
        with self._opening:
            if self._client is None:
                self._client = pubsub_v1.PublisherClient()
            return self._client


def _vendor_message(message: Message) -> pubsub_v1.PubsubMessage:
    data = encoded(message).encode("ascii")
    return pubsub_v1.PubsubMessage(data=data, attributes=message.attributes())


def _batches(
    messages: Iterable[pubsub_v1.PubsubMessage],
) -> Iterator[list[pubsub_v1.PubsubMessage]]:
    batch: list[pubsub_v1.PubsubMessage] = []
    held = 0
    for message in messages:
        size = pubsub_v1.PubsubMessage.pb(message).ByteSize() + _FRAME_BYTES
        if batch and (len(batch) == _MOST_MESSAGES or held + size > MOST_BYTES):
            yield batch
            batch, held = [], 0
        batch.append(message)
        held += size
    if batch:
        yield batch


@contextmanager
def _translated(topic: str) -> Iterator[None]:
    try:
        yield
    except (vendor.GoogleAPIError, GoogleAuthError) as error:
        ours, text = next((ours, text) for said, ours, text in _SAID if isinstance(error, said))
        raise ours(text.format(topic=topic)) from error
