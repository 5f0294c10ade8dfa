"""How well a page's text stands out from its ground: WCAG 2.2, section 1.4.3."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

VOID = {"meta", "img", "br", "link", "input", "hr"}
_DARK = re.compile(r"prefers-color-scheme: dark\) \{(.*?)\n\}", re.DOTALL)
_RULE = re.compile(r"\.([a-z]+) \{([^}]*)\}")
_COLOUR = re.compile(r"(?:^|;)\s*(background|color):\s*(#[0-9a-f]{6})")


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def ratio(one: str, other: str) -> float:
    """From 1 to 21."""
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


@dataclass
class Text:
    """Some text of a page, and its colours."""

    said: str
    light: tuple[str, str]
    dark: tuple[str, str]


class _Reader(HTMLParser):
    def __init__(self, rules: dict[str, dict[str, str]]) -> None:
        super().__init__()
        self.rules, self.texts = rules, []
        start = {"background": "#ffffff", "color": "#000000"}
        self.stack = [("", start, dict(start), False)]

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        _, light, dark, hidden = self.stack[-1]
        own = dict(_COLOUR.findall(given.get("style") or ""))
        named = [self.rules.get(one, {}) for one in (given.get("class") or "").split()]
        over = {k: v for rules in named for k, v in rules.items()}
        hidden = hidden or tag in ("head", "script") or "display:none" in (given.get("style") or "")
        if tag not in VOID:
            self.stack.append((tag, light | own, dark | own | over, hidden))
        elif given.get("alt"):
            self._note(given["alt"], light | own, dark | own | over)

    def handle_endtag(self, tag):
        while self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data):
        _, light, dark, hidden = self.stack[-1]
        if data.strip() and not hidden:
            self._note(data.strip(), light, dark)

    def _note(self, said, light, dark):
        pair = ("color", "background")
        self.texts.append(Text(said, *(tuple(s[p] for p in pair) for s in (light, dark))))


def texts(html: str) -> Iterator[Text]:
    """Every text that a page shows; colours in `style`, those of the dark in `.class` rules."""
    dark = _DARK.search(html)
    rules = (
        {
            name: dict(_COLOUR.findall(body.replace(" !important", "").replace("{", "")))
            for name, body in _RULE.findall(dark[1])
        }
        if dark
        else {}
    )
    reader = _Reader({k: v for k, v in rules.items() if v})
    reader.feed(html)
    return iter(reader.texts)
