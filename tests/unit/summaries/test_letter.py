"""The summary as a mail and a page, read as mail programs and people read it."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from shared.adapters.mail import message
from shared.domain.formats import Formats
from shared.domain.pages import templates
from shared.domain.summaries.letter import TEMPLATES, html_of, mail_of, text_of
from shared.domain.summaries.models import Narrative
from tests.unit.summaries import making
from tests.unit.summaries.contrast import ratio, texts
from tests.unit.summaries.letters import (
    ALL,
    AT,
    CROWDED,
    FALLING,
    HOSTILE,
    LEAVE,
    LONG,
    letter,
)

CUT_BY_GMAIL = 102_000
TAGS = {
    "html", "head", "meta", "title", "style", "body", "div", "table", "thead", "tbody", "tr", "th",
    "td", "p", "h1", "h2", "span", "strong", "bdi", "br", "img", "ul", "ol", "li", "a",
}  # fmt: skip


class Page(HTMLParser):
    """The elements of a page, and its text."""

    def __init__(self, html):
        super().__init__()
        self.found, self.said = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.said += data

    def all(self, tag):
        return [attrs for name, attrs in self.found if name == tag]


def sent(facts, **more):
    return mail_of(letter(facts, **more), "m-1", "ada@example.com")


def plain(text):
    """As it is read: blanks are blanks, marks that nobody sees are not there."""
    return " ".join(text.replace("\u200b", "").split())


@pytest.mark.parametrize("name", ALL)
def test_every_week_makes_a_whole_mail(name):
    mail = sent(ALL[name])
    assert len(mail.html.encode()) < CUT_BY_GMAIL
    assert len(bytes(message(mail, "aims@suite.example", AT))) < 150_000
    page = Page(mail.html)
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("h1")) == 1
    assert {tag for tag, _ in page.found} <= TAGS


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("page", [html_of, lambda told: mail_of(told, "m", "a@b.example").html])
def test_a_page_needs_nothing_from_elsewhere(name, page):
    html = page(letter(ALL[name]))
    read = Page(html)
    assert [a["href"] for a in read.all("a")] == [LEAVE]
    assert all(i["src"].startswith(("cid:", "data:image/png;base64,")) for i in read.all("img"))
    assert not {"script", "link", "iframe", "form", "base", "object"} & {t for t, _ in read.found}
    assert not re.search(r"url\(|@import|background=", html)


def test_the_chart_travels_with_the_mail_and_says_what_it_shows():
    told = letter(FALLING)
    mail = mail_of(told, "m-1", "ada@example.com")
    (image,) = mail.images
    (shown,) = Page(mail.html).all("img")
    assert (shown["src"], image.png) == (f"cid:{image.name}", told.chart)
    assert "Monday €1,800 (usual €1,900)" in shown["alt"].replace("\u00a0", " ")
    (on_page,) = Page(html_of(told)).all("img")
    assert base64.b64decode(on_page["src"].partition(",")[2]) == told.chart


def test_a_mail_without_a_chart_is_whole():
    mail = sent(FALLING, chart=None)
    assert mail.images == ()
    assert Page(mail.html).all("img") == []


@pytest.mark.parametrize("name", ALL)
def test_html_and_text_tell_the_same_figures(name):
    told = letter(ALL[name])
    both = plain(Page(html_of(told)).said), plain(text_of(told))
    for words in (told.narrative.opening, *told.narrative.changed, *told.narrative.next):
        assert all(plain(words) in said for said in both)
    for figure in ("spend", told.summary.facts.main):
        if known := told.summary.facts.figure(figure):
            formats = Formats(told.locale, told.summary.facts.currency)
            shown = plain(formats.told(figure, known.value))
            assert all(shown in said for said in both)


def test_a_change_is_told_by_sign_and_words_not_by_colour():
    said = plain(Page(html_of(letter(FALLING))).said)
    assert (
        "Revenue €12,346 ▼ down 12 % on week before ▼ down 5 % on 4-week average"
        in said.replace("12%", "12 %").replace("5%", "5 %")
    )
    assert "▲ up 20" in said


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (making.FIRST, "no week before to compare with"),
        (making.REFUNDED, "after €1,500 the week before"),
        (making.UNSPENT, "No spend"),
        (making.EMPTY, "No data available for this period"),
        (making.GAPS, "No data arrived for 3–4 March"),
    ],
)
def test_what_is_not_known_is_said(facts, words):
    assert words in plain(Page(html_of(letter(facts))).said)


@pytest.mark.parametrize("read", [html_of, text_of])
def test_changes_say_which_days_they_are_of(read):
    said = [plain(read(letter(one))) for one in (making.GAPS, making.FALLING)]
    assert ["Changes are those on the days that both weeks have." in one for one in said] == [
        True,
        False,
    ]
    assert ["days that both weeks have" in one for one in said] == [True, False]
    assert "week before</span>" not in said[0]
    assert "same days" in said[0]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"pace": "early"}, "Only just begun"),
        ({"pace": "early"}, "; ends 30 March"),
        ({"end": making.MONDAY, "left_a_day": None}, "; ended 3 March"),
        ({"end": making.MONDAY.replace(year=2026), "runs_out_on": None}, "by 3 March 2026"),
    ],
)
def test_a_budget_says_when_it_ends_and_ended(changed, words):
    one = making.FAST.model_copy(update=changed)
    facts = FALLING.model_copy(update={"pacing": (one,)})
    assert words in plain(Page(html_of(letter(facts))).said)


def test_a_week_without_data_shows_no_empty_tables():
    said = Page(html_of(letter(making.EMPTY)))
    assert [words for words in ("Channels", "Budgets", "Anomalies") if words in said.said] == []
    assert "CHANNELS" not in text_of(letter(making.EMPTY))


def test_long_lists_are_counted_out():
    said = plain(Page(html_of(letter(CROWDED))).said)
    assert "and 6 more" in said  # of twelve channels
    assert "and 14 more in the list of anomalies" in said
    assert "and 195 more campaigns with a budget" in said
    assert LONG in said


def test_the_gravest_and_newest_anomaly_comes_first():
    said = plain(Page(html_of(letter(FALLING))).said)
    order = ["Critical, new", "Warning, still open", "Critical, over"]
    assert sorted(order, key=said.index) == order


def test_money_is_written_as_its_reader_writes_it():
    told = letter(FALLING.model_copy(update={"locale": "de-DE"}))
    for said in (html_of(told), text_of(told)):
        assert "12.346 €" in said.replace("\u00a0", " ")


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_no_name_becomes_markup_or_a_link_or_a_header(hostile):
    words = Narrative(
        **dict.fromkeys(("subject", "preheader", "opening"), hostile.replace("\r\n", " ")),
        **dict.fromkeys(("changed", "anomalies", "pacing", "next", "caveats"), (hostile,)),
    )
    facts = CROWDED.model_copy(update={"project": hostile})
    told = letter(facts, narrative=words)
    html = html_of(told)
    assert {tag for tag, _ in Page(html).found} <= TAGS
    assert not [a for _, a in Page(html).found if any(n.startswith("on") for n in a)]
    assert len(Page(html).all("style")) == 1
    for said in (Page(html).said, text_of(told)):
        assert "https://evil" not in said
        assert "www.evil" not in said
        assert "49" not in re.findall(r"\b49\b", said)


@pytest.mark.parametrize("name", ALL)
def test_text_fits_in_a_narrow_window(name):
    lines = plain_lines(text_of(letter(ALL[name])))
    assert max(map(len, lines)) <= 78
    assert not [line for line in lines if line.endswith(" ") and line != "-- "]
    assert "\n\n\n" not in text_of(letter(ALL[name]))


def plain_lines(text):
    return [line.replace("\u200b", "") for line in text.splitlines() if LEAVE not in line]


def test_the_table_of_channels_is_aligned():
    table = text_of(letter(making.FALLING)).partition("CHANNELS\n")[2].partition("\n\n")[0]
    lines = table.splitlines()
    assert lines[0].split() == ["Channel", "Spend", "Revenue", "ROAS", "Revenue", "change"]
    assert len({len(line) for line in lines}) == 1


@pytest.mark.parametrize("read", [text_of, html_of])
def test_the_foot_says_why_it_came_and_how_it_stops(read):
    with_link, without = (read(letter(FALLING, unsubscribe=u)) for u in (LEAVE, None))
    assert LEAVE in with_link
    assert "PATCH" not in with_link
    assert "PATCH" in without
    assert "unsubscribe" not in without
    assert "because you are a member of" in plain(with_link)


@pytest.mark.parametrize("read", [text_of, html_of])
@pytest.mark.parametrize(("sort", "says"), [("page", "Members of"), ("test", "asked for a test")])
def test_the_foot_of_what_did_not_come_by_itself_is_true_too(read, sort, says):
    text = plain(read(replace(letter(FALLING, unsubscribe=None), **{sort: True})))
    assert says in text
    assert "because you are a member" not in text
    assert "PATCH" not in text


@pytest.mark.parametrize("read", [text_of, html_of])
def test_a_test_says_that_it_is_one(read):
    told = letter(FALLING)
    assert "This is a test" in read(replace(told, test=True))
    assert "This is a test" not in read(told)


def test_tables_are_for_data_or_say_that_they_are_not():
    page = Page(html_of(letter(FALLING)))
    data = [a for a in page.all("table") if a.get("role") != "presentation"]
    assert len(data) == 1
    assert all(head.get("scope") for head in page.all("th"))
    assert len(page.all("th")) == 1 + 4 + 3


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(name, scheme):
    shown = list(texts(html_of(letter(ALL[name], test=True))))
    assert len(shown) > 5
    weak = [t.said for t in shown if ratio(*getattr(t, scheme)) < 4.5]
    assert weak == []


def test_the_dark_has_colours_of_its_own():
    assert all(t.dark != t.light for t in texts(html_of(letter(FALLING, test=True))))


def unsubscribe(state, action="?token=a.b", name="the weekly summary"):
    page = templates(TEMPLATES).get_template("unsubscribe.html")
    return page.render(state=state, action=action, list_name=name)


def test_the_page_asks_with_one_button():
    page = Page(unsubscribe("ask"))
    assert page.all("form") == [{"method": "post", "action": "?token=a.b"}]
    assert page.all("button") == [
        {"type": "submit", "name": "List-Unsubscribe", "value": "One-Click"}
    ]
    assert page.all("input") == []


@pytest.mark.parametrize(
    ("state", "words"), [("done", "You will get no more mails"), ("invalid", "Nothing has changed")]
)
def test_the_page_says_what_has_happened_and_asks_no_more(state, words):
    page = Page(unsubscribe(state))
    assert words in page.said
    assert "/v1/me/preferences" in page.said
    assert page.all("form") == []


@pytest.mark.parametrize("state", ["ask", "done", "invalid"])
def test_the_page_is_quiet_and_hides_from_searching(state):
    html = unsubscribe(state, '"><script>', "<b>x</b>")
    page = Page(html)
    assert {"name": "robots", "content": "noindex, nofollow"} in page.all("meta")
    assert not {"script", "b", "img", "link", "a"} & {tag for tag, _ in page.found}
    assert not [a for _, a in page.found if "style" in a or any(n.startswith("on") for n in a)]
    assert not re.search(r"https?:|url\(|@import", html)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_the_page_is_readable_in_light_and_dark(scheme):
    found = re.findall(r"--(\w+): (#[0-9a-f]{6})", unsubscribe("ask"))
    colours = [dict(found[:7]), dict(found[7:])][scheme]
    pairs = [("ink", "card"), ("soft", "card"), ("on", "act")]
    assert [p for p in pairs if ratio(*(colours[one] for one in p)) < 4.5] == []
