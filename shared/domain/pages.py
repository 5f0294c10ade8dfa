"""Where templates of mails and pages come from: everything put into HTML is escaped."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape


@cache
def templates(folder: Path) -> Environment:
    """The templates in a folder; one that names what it is not given fails."""
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"unbroken": _unbroken, "unlinked": unlinked}
    return made


def unlinked(text: str) -> str:
    """Text in which no mail program finds an address to link to: names hold whatever they like."""
    return _ADDRESS.sub("\\g<0>\N{ZERO WIDTH SPACE}", text)


_ADDRESS = re.compile(r"(?<=\w)\.(?=[^\W\d])|://|@")


def _unbroken(text: str) -> str:
    """A percentage stays on one line."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")
