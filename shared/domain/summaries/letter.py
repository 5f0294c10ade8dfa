"""A summary as people read it: an e-mail in HTML and text, and the same as a page."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from shared.domain.anomalies.explaining.phrases import name as one_line
from shared.domain.pages import templates
from shared.domain.summaries import view
from shared.domain.summaries.chart import BAR, USUAL, described, heading, rows_of
from shared.domain.summaries.models import Narrative, Summary
from shared.domain.summaries.phrases import ON_LIKE_DAYS, Phrases
from shared.domain.summaries.plain import aligned, wrapped
from shared.domain.summaries.rendering import WIDTH
from shared.domain.wording import UNDEFINED, capital, label
from shared.ports import Image, Mail

TEMPLATES: Final = Path(__file__).parent / "templates"
FOUR: Final = "the four weeks before"


@dataclass(frozen=True, slots=True)
class Letter:
    """What is told, to one reader.

    `narrative` is in the words for `locale`, which may be the reader's own; `chart` is the PNG,
    None without one; `unsubscribe` the reader's own address for that. A `test` says that it is one,
    a `page` was sent to nobody.
    """

    summary: Summary
    narrative: Narrative
    locale: str | None
    chart: bytes | None = None
    unsubscribe: str | None = None
    test: bool = False
    page: bool = False


def mail_of(letter: Letter, mail_id: str, to: str) -> Mail:
    """The mail; `mail_id` is the same for the same week and person."""
    images = (Image(_image_name(letter.chart), letter.chart),) if letter.chart else ()
    source = f"cid:{images[0].name}" if images else None
    return Mail(
        mail_id=mail_id,
        to=to,
        subject=letter.narrative.subject,
        text=text_of(letter),
        html=_html(letter, source),
        images=images,
    )


def html_of(letter: Letter) -> str:
    """The same as a page that needs nothing else: its chart is within."""
    chart = letter.chart
    return _html(letter, f"data:image/png;base64,{b64encode(chart).decode()}" if chart else None)


def text_of(letter: Letter) -> str:
    """The same as plain text."""
    words = _words(letter)
    return templates(TEMPLATES).get_template("summary.txt").render(words)


def _html(letter: Letter, source: str | None) -> str:
    page = templates(TEMPLATES).get_template("summary.html")
    look = {"bar": BAR, "usual": USUAL, "width": WIDTH, "image": source}
    return page.render(_words(letter) | look)


def _image_name(png: bytes) -> str:
    """Another picture has another name: mail programs mix up what is named alike."""
    return f"chart-{sha256(png).hexdigest()[:16]}@summary"


def _words(letter: Letter) -> dict[str, Any]:
    facts = letter.summary.facts
    say = Phrases(facts, letter.locale)
    drawn = rows_of(facts, letter.locale)
    return {
        "letter": letter,
        "narrative": letter.narrative,
        "project": one_line(facts.project, view.LONGEST_NAME),
        "days": say.formats.days(facts.start, facts.end),
        "week": facts.week,
        "main": capital(label(facts.main)),
        **_compared(say),
        "tiles": view.tiles(say),
        "chart_heading": heading(facts),
        "chart_text": described(facts, letter.locale),
        "columns": view.columns(facts),
        "rows": view.rows(say),
        "more": view.more(facts),
        "bars": view.bars(say),
        "more_bars": view.more_bars(facts),
        "alerts": view.alerts(say),
        "more_alerts": view.more_alerts(facts),
        "wrap": wrapped,
        "channel_table": _channel_table,
        "day_table": aligned([(d["day"], d["shown"], f"usual {d['shown_usual']}") for d in drawn]),
    }


def _compared(say: Phrases) -> dict[str, str]:
    """What changes are changes of."""
    average = "4-week average" if say.weeks_before == FOUR else "average before"
    days = "" if say.facts.averaged == "weeks" else " of the same days"
    return {
        "before": "week before" if say.facts.whole else "days that both weeks have",
        "average": f"{average}{days}",
        "average_of": f"average of {say.weeks_before}{days and ', same days'}",
        "change_note": "" if say.facts.whole else f"Changes are those {ON_LIKE_DAYS}.",
    }


def _channel_table(columns: tuple[str, ...], rows: list[view.Row], main: str) -> str:
    told = [(row.name, *row.values, row.change.words if row.change else UNDEFINED) for row in rows]
    return aligned([("Channel", *columns, f"{main} change"), *told])
