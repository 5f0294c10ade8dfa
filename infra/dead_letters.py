"""`python -m infra.dead_letters`: what was given up on a topic, and giving it another try."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from typing import Any

import click

from shared.runtime.catalog import functions

INSTALL = ".venv/bin/python -m pip install --require-hashes -r requirements-dev.txt"
CALL_S = 20.0
EMPTY_AFTER_S = 3.0
LEASE_S = 600
ADDED_BY_PUBSUB = "CloudPubSub"  # how it says where a dead letter comes from

PROJECT = click.option(
    "--project", required=True, envvar="AIMS_GOOGLE_PROJECT", help="Google Cloud project."
)
LIMIT = click.option(
    "--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="At most."
)


class Topic(click.ParamType[str]):
    """A topic that a function takes messages from."""

    name = "TOPIC"

    def convert(self, value: Any, param: Any, ctx: Any) -> str:
        """Check it."""
        topics = sorted({f.topic for f in functions().values() if f.topic})
        if value not in topics:
            self.fail(f"{value!r} is none of {', '.join(topics)}", param, ctx)
        return str(value)


@click.group()
def cli() -> None:
    """Messages that a function refused twenty times. How to remove them: terraform/README.md."""


@cli.command("list")
@click.argument("topic", type=Topic())
@PROJECT
@LIMIT
def list_letters(topic: str, project: str, limit: int) -> None:
    """Show what was given up on TOPIC, one line of JSON each. Takes nothing away."""
    with _plainly(), _Letters(project, topic) as letters:
        for received in letters.pull(limit):
            click.echo(_line(received.message))


@cli.command()
@click.argument("topic", type=Topic())
@PROJECT
@LIMIT
def replay(topic: str, project: str, limit: int) -> None:
    """Publish what was given up on TOPIC once more. What was done already is recognised."""
    with _plainly(), _Letters(project, topic) as letters:
        count = 0
        for received in letters.pull(limit):
            letters.send_again(received)
            count += 1
        click.echo(f"{count} published again to {topic}")


class _Letters:
    """The dead letters of one topic, leased until closed; what was not sent again goes back."""

    def __init__(self, project: str, topic: str) -> None:
        from google.cloud.pubsub_v1 import (  # type: ignore[import-untyped]
            PublisherClient,
            SubscriberClient,
        )

        self._stack = ExitStack()
        self._reader = self._stack.enter_context(SubscriberClient())
        self._writer = PublisherClient()
        self._stack.callback(self._writer.stop)
        self._place = f"projects/{project}/subscriptions/{topic}-dead-letter"
        self._topic = f"projects/{project}/topics/{topic}"
        self._leased: list[str] = []

    def __enter__(self) -> _Letters:
        return self

    def __exit__(self, *_: object) -> None:
        with self._stack:
            if self._leased:
                self._lease(self._leased, 0)

    def pull(self, limit: int) -> Iterator[Any]:
        """Up to so many, each once."""
        from google.api_core.exceptions import DeadlineExceeded

        left = limit
        while left:
            try:
                wanted = {"subscription": self._place, "max_messages": min(left, 100)}
                batch = self._reader.pull(wanted, timeout=EMPTY_AFTER_S, retry=None)
            except DeadlineExceeded:
                return
            found = list(batch.received_messages)
            if not found:
                return
            self._leased += [received.ack_id for received in found]
            self._lease([received.ack_id for received in found], LEASE_S)
            left -= len(found)
            yield from found

    def send_again(self, received: Any) -> None:
        """Publish, then take away: a crash between the two sends twice and loses nothing."""
        kept = received.message.attributes.items()
        attributes = {k: v for k, v in kept if not k.startswith(ADDED_BY_PUBSUB)}
        sent = self._writer.publish(self._topic, received.message.data, **attributes)
        sent.result(timeout=CALL_S)
        done = {"subscription": self._place, "ack_ids": [received.ack_id]}
        self._reader.acknowledge(done, timeout=CALL_S)
        self._leased.remove(received.ack_id)

    def _lease(self, ack_ids: list[str], seconds: int) -> None:
        asked = {
            "subscription": self._place,
            "ack_ids": ack_ids,
            "ack_deadline_seconds": seconds,
        }
        self._reader.modify_ack_deadline(asked, timeout=CALL_S)


@contextmanager
def _plainly() -> Iterator[None]:
    if find_spec("google.api_core") is None:
        raise click.ClickException(f"Google's packages are not installed: {INSTALL}")
    from google.api_core.exceptions import GoogleAPIError, NotFound, PermissionDenied
    from google.auth.exceptions import GoogleAuthError

    try:
        yield
    except GoogleAuthError as error:
        said = "Sign in first: `gcloud auth application-default login`."
        raise click.ClickException(said) from error
    except PermissionDenied as error:
        said = "Your account may not do this: it needs roles/pubsub.editor."
        raise click.ClickException(said) from error
    except NotFound as error:
        raise click.ClickException("There is no such topic in this project.") from error
    except GoogleAPIError as error:
        raise click.ClickException(f"Pub/Sub refused: {error}".splitlines()[0]) from error


def _line(message: Any) -> str:
    try:
        payload = json.loads(message.data)
    except ValueError:
        payload = message.data.decode("utf-8", "replace")
    shown = {
        "published": message.publish_time.isoformat(timespec="seconds"),
        "attributes": dict(message.attributes),
        "payload": payload,
    }
    return json.dumps(shown, ensure_ascii=False)


if __name__ == "__main__":
    cli(prog_name="python -m infra.dead_letters")
