"""A notice as a webhook's message: our own JSON, or Slack's.

https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks and, for the bounds,
https://docs.slack.dev/reference/block-kit/blocks
"""

from __future__ import annotations

from typing import Any

from shared.domain.notifications.models import Item, Notice
from shared.domain.notifications.notice import impact, line, rest, span, title
from shared.domain.notifications.preferences import Webhook
from shared.ports import Hook

MOST_HEADER, MOST_SECTION, MOST_FALLBACK = 150, 2900, 2900  # Slack takes 150, 3,000 and 40,000

_ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_BULLETS = {"warning": ":large_orange_diamond:", "critical": ":red_circle:"}


def message(hook: Webhook, told: Notice, name: str) -> Hook:
    """The message that `hook` asks for; `name` is the same for the same notice and person."""
    body = _slack(told) if hook.format == "slack" else _json(told)
    return Hook(hook_id=name, url=hook.url, body=body, secret=hook.secret)


def _json(told: Notice) -> dict[str, Any]:
    return {
        "type": "marketing_anomaly",
        "id": told.id,
        "project": {"id": told.project_id, "name": told.project},
        "created_at": told.created_at.isoformat(),
        "title": title(told),
        "anomalies": [_item(item) for item in told.items],
        "more": sum(told.others.values()),
    }


def _item(item: Item) -> dict[str, Any]:
    fields = item.model_dump(mode="json")
    return {"id": fields.pop("anomaly_id"), **fields}


def _slack(told: Notice) -> dict[str, Any]:
    header = {"type": "plain_text", "text": line(title(told), MOST_HEADER), "emoji": False}
    blocks: list[dict[str, Any]] = [{"type": "header", "text": header}]
    blocks += [{"type": "section", "text": _marked(_section(item))} for item in told.items]
    if more := rest(told):
        blocks.append({"type": "context", "elements": [_marked(more)]})
    return {"text": escaped(title(told), MOST_FALLBACK), "blocks": blocks}


def _section(item: Item) -> str:
    amount = impact(item)
    facts = " · ".join([*([f"Impact {amount}"] if amount else []), span(item)])
    # Escaped one by one: at most 1,400 characters, five times as many for signs that are escaped.
    headline, explanation = escaped(item.headline, 600), escaped(item.explanation, 2000)
    return f"{_BULLETS[item.severity]} *{headline}*\n{explanation}\n_{escaped(facts, 200)}_"


def _marked(text: str) -> dict[str, Any]:
    # Verbatim: Slack makes no links and mentions out of names.
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def escaped(text: str, most: int) -> str:
    """Text for Slack's mrkdwn, at most so many characters and no sign cut in two."""
    signs: list[str] = []
    size = 0
    for sign in text:
        written = _ESCAPED.get(sign, sign)
        size += len(written)
        if size >= most:
            return "".join([*signs, "…"])
        signs.append(written)
    return "".join(signs)
