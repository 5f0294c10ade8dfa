"""A notice as an e-mail: text, and the same as HTML that needs no images and no network."""

from __future__ import annotations

from pathlib import Path

from shared.domain.notifications.models import Notice
from shared.domain.notifications.notice import heading, impact, rest, span, title
from shared.domain.pages import templates
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
        templates(TEMPLATES).get_template(f"anomalies.{kind}").render(words)
        for kind in ("txt", "html")
    )
    return Mail(mail_id=mail_id, to=to, subject=title(told), text=text, html=html)
