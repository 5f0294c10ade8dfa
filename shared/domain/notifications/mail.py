"""A notice as an e-mail: text, and the same as HTML that needs no images and no network."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from shared.domain.notifications.models import Notice
from shared.domain.notifications.notice import heading, impact, rest, span, title
from shared.ports import Mail

TEMPLATES = Path(__file__).parent / "templates"


def written(told: Notice, mail_id: str, to: str) -> Mail:
    """The mail that tells somebody; `mail_id` is the same for the same notice and person."""
    words = {
        "heading": heading(told),
        "project": told.project,
        "items": [(item, impact(item), span(item)) for item in told.items],
        "rest": rest(told),
    }
    text, html = (
        _templates().get_template(f"anomalies.{kind}").render(words) for kind in ("txt", "html")
    )
    return Mail(mail_id=mail_id, to=to, subject=title(told), text=text, html=html)


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["unbroken"] = _unbroken
    return made


def _unbroken(text: str) -> str:
    """A percentage stays on one line."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")
