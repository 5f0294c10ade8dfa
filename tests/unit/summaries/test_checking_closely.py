"""Words that are all allowed somewhere, put so that they say something else: refused, every one."""

from __future__ import annotations

import re

import pytest

from shared.domain.summaries.checking import flaws
from shared.domain.summaries.claims import tokens
from shared.domain.summaries.writing import write
from tests.unit.summaries.making import ALL, FALLING, GAPS, LEADS, RISING, STEADY
from tests.unit.summaries.test_checking import places, put

NOW = "Revenue fell 12 % to €12,346"
META = ", mostly because clicks rose 11 %, from 1,990 to 2,210."
ALONE = " The campaign Search Brand alone brought €2,190 less revenue."
FB = " The campaign FB_Retargeting alone brought €640 more revenue."
CLICKS = ", mostly because clicks fell 31 %, from 4,120 to 2,840."
FAST = (
    "€4,210 of €5,000 so far, and at this pace the rest lasts until 14 March instead of 30 March."
)
SLOW = "€1,210 of €5,000 so far, and at this pace €2,980 by 30 March."
TOPIC = "Spend of Search Brand 2.9 times the usual on 5 March"

OPENING = [
    # a change told as a level, or a level as a change
    "You lost revenue of €12,346.",
    "You lost €12,346 of revenue, down 12 %.",
    "Revenue fell by €12,346.",
    "Revenue fell 12 % by €12,346.",
    "Revenue fell €12,346.",
    "Revenue was lost: €12,346.",
    "Revenue is 12 % of €12,346.",
    "Revenue fell to 12 % of €12,346.",
    "Revenue is less than €12,346.",
    "Revenue fell 12 % to over €12,346.",
    "Revenue fell 12 % to under €12,346.",
    "Revenue fell 12 % to about €12,346.",
    "Revenue fell 12 % to at least €12,346.",
    "Revenue fell over 12 % to €12,346.",
    "Revenue fell 12 % to a lower €12,346.",
    "Revenue fell 12 % more, to €12,346.",
    # told as unchanged
    "Revenue stayed at €12,346.",
    "Revenue held at €12,346, against €14,034 the week before.",
    "Revenue remained at €12,346.",
    "Revenue is at €12,346 as before.",
    "Revenue keeps to €12,346.",
    "Revenue came to €12,346 again.",
    "Revenue came to €12,346, as in the week before.",
    "Revenue still came to €12,346.",
    "Revenue was steady, down 12 % to €12,346.",
    "Revenue came to the same €12,346.",
    "Revenue has been at €12,346 for weeks.",
    "Revenue fell 12 % to €12,346 and stayed there.",
    "Revenue came to €12,346.",
    # sign and unit
    "Revenue came to − €12,346, down 12 %.",
    "Revenue fell 12 % to − €12,346.",
    "Revenue fell 12 % to -€12,346.",
    "Revenue fell 12 % to −\u00a0€12,346.",
    "Revenue fell 12 % to €12,346-.",
    "Revenue fell 12 % to (€12,346).",
    "Revenue fell 12 % to €12,346/.",
    "Revenue fell 12 % to €12,346  %.",
    "Revenue fell 12 % to €12,346\u202f\u00a0%.",
    "Revenue fell 12 % to €12,346 %.",
    "Revenue fell 12 % to €12,346 %o.",
    "Revenue fell 12 % to €12,346 k.",
    "Revenue fell 12 % to €12,346 000.",
    "Revenue fell 12 % to 12,346.",
    "Revenue fell 12 to €12,346.",
    "Revenue fell 12 pp to €12,346.",
    # of another time
    "Before this week, revenue came to €12,346.",
    "Before this week, revenue fell 12 % to €12,346.",
    "After this week, revenue fell 12 % to €12,346.",
    "The week before, revenue fell 12 % to €12,346.",
    f"{NOW} the week before.",
    f"{NOW} in four weeks.",
    f"{NOW} before 3–9 March 2025.",
    f"{NOW} in the week before.",
    f"{NOW} since the week before.",
    f"{NOW} during the four weeks.",
    f"{NOW} for now.",
    f"{NOW} so far.",
    f"{NOW}, from €14,034 this week.",
    "Revenue fell 12 % a week to €12,346.",
    "For four weeks revenue has fallen: it fell 12 % to €12,346.",
    "Revenue is going to fall 12 % to €12,346.",
    "Revenue is to come to €12,346.",
    "Revenue is still falling: it fell 12 % to €12,346.",
    "Revenue keeps falling: it fell 12 % to €12,346.",
    "Revenue falls 12 % to €12,346 from this week.",
    # advice
    f"{NOW}. Raise your spend.",
    f"{NOW}. Consider a change: increase spend.",
    f"{NOW}. Hold spend.",
    f"{NOW}. Review your project now.",
    f"{NOW}. Look into spend.",
    f"{NOW}: change what you spend.",
    f"{NOW}, so raise your spend.",
    f"{NOW}. Spend more.",
    f"{NOW}. More spend brings more revenue.",
    f"{NOW}. Spend less, to gain revenue.",
    f"{NOW}. See to it.",
    f"{NOW}. You can take more.",
    # a cause, by whatever word
    "The drop in ROAS brought revenue to €12,346.",
    "The loss of ROAS took revenue to €12,346: revenue fell 12 %.",
    "A 14 % drop in ROAS brought revenue down 12 % to €12,346.",
    f"{NOW}, which made ROAS fall 14 % to 5.34.",
    f"{NOW}, and this brought ROAS down 14 % to 5.34.",
    f"{NOW} as spend rose 2.2 % to €2,310.",
    f"{NOW}, with spend up 2.2 % at €2,310.",
    f"{NOW}: spend rose 2.2 % to €2,310.",
    f"{NOW} after spend rose 2.2 % to €2,310.",
    f"{NOW} because ROAS fell 14 % to 5.34.",
    f"{NOW} although spend rose 2.2 % to €2,310.",
    f"{NOW}: spend paid back less.",
    "Higher spend made it so: revenue fell 12 % to €12,346.",
    # a statement put where it says more
    "Spend rose 2.2 % to €2,310. Revenue fell 12 % to €12,346.",
    f"{NOW}. Spend rose 2.2 % to €2,310. That is 5 % below the average of the four weeks before.",
    f"{NOW}. Spend rose 2.2 % to €2,310: spend paid back less.",
    f"{NOW}. {NOW}.",
]


@pytest.mark.parametrize("text", OPENING)
def test_an_opening_that_says_other_than_ours_is_refused(text):
    told = write(FALLING, None)
    assert flaws(FALLING, told, put(told, "opening", None, text))


ENTRIES = [
    *[
        (FALLING, "changed", 0, text + ALONE)
        for text in (
            "Google Ads brought a lower €2,310 of revenue" + CLICKS,
            "Google Ads brought under €2,310 of revenue" + CLICKS,
            "Google Ads stood below €2,310 of revenue" + CLICKS,
            "Google Ads brought €2,310 of revenue" + CLICKS,
            "Revenue from Google Ads fell to €2,310" + CLICKS,
            "Google Ads lost revenue: €2,310" + CLICKS,
            "Google Ads brought €2,310 less revenue because clicks fell 31 %, from 4,120 to"
            " 2,840.",
            "Google Ads brought €2,310 less revenue, all because clicks fell 31 %, from 4,120 to"
            " 2,840.",
            "Google Ads brought €2,310 less revenue" + CLICKS.replace("because", "although"),
            "Google Ads brought €2,310 less revenue" + CLICKS.replace("because", "before"),
            "Clicks fell 31 %, from 4,120 to 2,840, mostly because Google Ads brought €2,310 less"
            " revenue.",
            "Mostly, Google Ads brought €2,310 less revenue because clicks fell 31 %, from 4,120 to"
            " 2,840.",
        )
    ],
    (FALLING, "changed", 0,
     "Google Ads brought €2,310 less revenue." + ALONE[:-1] + CLICKS),
    (FALLING, "changed", 0,
     "Google Ads brought €2,310 less revenue" + CLICKS + ALONE.replace(" alone", "")),
    *[
        (FALLING, "changed", 1, text + FB)
        for text in (
            "Meta brought €710 more revenue, although clicks rose 11 %, from 1,990 to 2,210.",
            "Meta brought €710 more revenue because clicks rose 11 %, from 1,990 to 2,210.",
            "Meta brought €710 more revenue while clicks rose 11 %, from 1,990 to 2,210.",
            "Meta brought €710 more revenue, and so clicks rose 11 %, from 1,990 to 2,210.",
            "Meta brought €710 more revenue, mostly before clicks rose 11 %, from 1,990 to 2,210.",
            "Meta brought €710 more revenue, mostly as clicks rose to 11 %, from 1,990 to 2,210.",
            "Meta brought €710 more revenue, mostly because clicks rose 11 %, to 1,990 from 2,210.",
            "Clicks rose 11 % because Meta brought €710 more revenue.",
        )
    ],
    *[
        (RISING, "changed", 0, text)
        for text in (
            "Meta brought over €710 of revenue.",
            f"Meta brought over €710 of revenue{META}",
            f"Meta brought an increased €710 of revenue{META}",
            f"Meta brought more than €710 revenue{META}",
            f"Meta rose to €710 of revenue{META}",
            f"Revenue from Meta rose to €710{META}",
            f"Meta brought €710 of revenue more than others{META}",
            f"You brought €710 more revenue{META}",
            f"Your project brought €710 more revenue{META}",
            f"Demo shop brought €710 more revenue{META}",
            f"Demo shop gained €710 of revenue{META}",
            "Demo shop had 11 % more clicks, from 1,990 to 2,210, and Meta brought €710 more"
            " revenue.",
            f"Meta brought €710 more revenue{META.replace('clicks', 'your clicks')}",
            "Consider less spend.",
        )
    ],
    (RISING, "opening", None, "Revenue rose 16 % to €16,345. Consider less spend."),
    (RISING, "opening", None, "Revenue rose 16 % to €16,345. Reduced spend brought ROAS to 7.08."),
    (RISING, "opening", None, "Revenue rose 16 % to €16,345. Hold spend down."),
    *[
        (GAPS, "caveats", 2, text)
        for text in (
            "LinkedIn and My Portal have data this week, unlike the weeks before, which have no"
            " data.",
            "LinkedIn and My Portal have data this week, unlike the weeks before: no data.",
            "LinkedIn and My Portal have data this week, unlike no weeks before.",
            "LinkedIn and no My Portal have data this week, unlike the weeks before.",
            "LinkedIn has no data this week, unlike My Portal and the weeks before.",
            "LinkedIn and My Portal have no data, unlike this week, the weeks before.",
            "LinkedIn and My Portal have no data this week, like the weeks before.",
            "LinkedIn and My Portal have no data this week or the weeks before.",
            "LinkedIn and My Portal have no data this week.",
            "Unlike LinkedIn and My Portal, this week have no data the weeks before.",
            "No LinkedIn and My Portal data this week, unlike the weeks before.",
            "LinkedIn. My Portal have no data this week, unlike the weeks before.",
        )
    ],
    (GAPS, "caveats", 0,
     "Data arrived for 3–4 March; no days that both weeks have are only compared."),
    (GAPS, "caveats", 0,
     "No, data arrived for 3–4 March; only days that both weeks have are compared."),
    (GAPS, "caveats", 1, "Email has data for no 7 March."),
    *[
        (FALLING, "pacing", 0, text)
        for text in (
            f"Search Brand is spending fast: {FAST}",
            f"Search Brand is not spending too fast: {FAST}",
            f"Search Brand is spending: {FAST}",
            f"Search Brand is spending faster: {FAST}",
            f"Search Brand spends it all: {FAST}",
            f"Search Brand is spending too slowly: {FAST}",
            f"Search Brand is spending too fast: {FAST.replace(' so far', '')}",
            f"Search Brand is spending too fast: {FAST.replace('at this pace ', '')}",
            f"Search Brand is spending too fast: {FAST.replace('lasts until', 'is spent by')}",
            f"Search Brand is spending too fast: {FAST.replace('instead of', 'from')}",
        )
    ],
    (FALLING, "pacing", 1, f"FB_Retargeting is spending slowly: {SLOW}"),
    (FALLING, "pacing", 1, f"FB_Retargeting is slow: {SLOW}"),
    *[
        (RISING, "pacing", 0, text)
        for text in (
            "Newsletter's budget is spent: €2,480 of €5,000, on track to last until 30 March.",
            "Newsletter spent its budget: €2,480 of €5,000 is to last until 30 March, on track.",
            "Newsletter is on track to last until 30 March with its budget of €2,480: €5,000"
            " spent.",
            "Newsletter is on track with its budget: €2,480 of €5,000 to last until 30 March.",
        )
    ],
    *[
        (LEADS, "pacing", 0, text)
        for text in (
            "Shoes Spring is over $420 of its budget of $5,000 and runs until 30 March.",
            "Shoes Spring is over its budget of $420: $5,000 until 30 March.",
            "Shoes Spring runs over until 30 March: it is at $420 of its budget of $5,000.",
            "Shoes Spring is over $420 over its budget of $5,000 and runs until 30 March.",
            "Shoes Spring is $420 below its budget of $5,000 and runs until 30 March.",
        )
    ],
    *[
        (FALLING, "next", 3, text)
        for text in (
            "FB_Retargeting can take more budget: it brought more for what was spent.",
            "FB_Retargeting can take more budget: see whether it brought more for what was spent.",
            "See FB_Retargeting take more budget: it brought more for what was spent.",
            "See that FB_Retargeting can take more budget: it brought more for what was spent.",
            "Let FB_Retargeting take more budget: it brought more for what was spent.",
            "See whether FB_Retargeting can take budget: it brought more for what was spent.",
            "See whether more budget can take FB_Retargeting: it brought more for what was spent.",
            "See whether FB_Retargeting can take more budget. Raise it.",
        )
    ],
    (FALLING, "next", 1, "Slow down: Search Brand is left €37.60 a day until it ends."),
    (FALLING, "next", 1, "Search Brand is slow: down €37.60 a day until it ends."),
    (FALLING, "next", 2, "Check it: Google Ads was spent for less."),
    (FALLING, "anomalies", 0,
     f"New and critical: {TOPIC} (an impact of about €1,234 this week)."),
    (FALLING, "anomalies", 0, f"New: {TOPIC} (critical impact about €1,234)."),
    (FALLING, "anomalies", 2, "Resolved this week: No spend on Google_Display on 1–2 March."),
    (STEADY, "changed", 0, "No channel moved much of revenue."),
    (STEADY, "changed", 0, "No, channel moved revenue by much."),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "field", "at", "text"), ENTRIES, ids=lambda v: str(v)[:50])
def test_an_entry_that_says_other_than_ours_is_refused(facts, field, at, text):
    told = write(facts, None)
    assert flaws(facts, told, put(told, field, at, text))


LIKE_DAYS = "Revenue came to €12,346, down 12 % on the days that both weeks have."


@pytest.mark.parametrize(
    "text",
    [
        "Revenue fell 12 % to €12,346.",
        "Revenue came to €12,346, down 12 %.",
        "Revenue came to €12,346 on the days that both weeks have, down 12 %.",
        "On the days that both weeks have, revenue came to €12,346, down 12 %.",
        "Revenue fell 12 % this week to €12,346, on the days that both weeks have.",
        "Revenue fell 12 % to €12,346 on the days that both weeks have.",
        "Revenue came to €12,346, down 12 % on the days that weeks have.",
        "Revenue came to €12,346, down 12 % on both weeks.",
        "Revenue came to €12,346, down 12 %. Both weeks have the days.",
        "Revenue came to €12,346, down 12 % this week on the days that both weeks have.",
    ],
)
def test_what_a_comparison_is_limited_to_stays_with_it(text):
    told = write(FALLING, None).model_copy(update={"opening": LIKE_DAYS})
    good = LIKE_DAYS.replace("came to €12,346,", "reached €12,346 this week,")
    assert flaws(FALLING, told, told.model_copy(update={"opening": good})) == []
    assert flaws(FALLING, told, told.model_copy(update={"opening": text}))


@pytest.mark.parametrize(
    "text",
    [
        f"You brought €710 more revenue{META}",
        f"Your project brought €710 more revenue{META}",
        f"The project brought €710 more revenue{META}",
        f"The project Meta brought €710 more revenue{META}",
        f"Meta and its channels brought €710 more revenue{META}",
    ],
)
@pytest.mark.parametrize("project", ["Meta", "Google Ads", "Search Brand"])
def test_a_project_with_a_channels_name_is_not_told_of_as_the_channel(project, text):
    facts = RISING.model_copy(update={"project": project})
    told = write(facts, None)
    assert flaws(facts, told, put(told, "changed", 0, text))
    whole = told.opening.replace("Revenue", "Meta's revenue", 1)
    assert flaws(facts, told, put(told, "opening", None, whole))
    of_meta = re.sub("^Revenue", "Revenue from Meta", told.opening)
    assert flaws(facts, told, put(told, "opening", None, of_meta))


INSERTED = ("not", "no", "only", "still", "over", "less", "now", "before", "because", "of")


@pytest.mark.parametrize("name", ["falling", "gaps", "leads"])
def test_no_word_can_be_put_in_anywhere(name):
    facts, told = ALL[name], write(ALL[name], None)
    for field, at, text in places(told):
        pieces = text.split(" ")
        for index in range(len(pieces) + 1):
            for word in INSERTED:
                altered = " ".join([*pieces[:index], word, *pieces[index:]])
                assert flaws(facts, told, put(told, field, at, altered)), altered


@pytest.mark.parametrize("name", [one for one in ALL if one != "hostile"])
def test_no_word_can_be_left_out_or_change_places(name):
    facts, told = ALL[name], write(ALL[name], None)
    for field, at, text in places(told):
        pieces = text.split(" ")
        for index, piece in enumerate(pieces):
            rest = [*pieces[:index], *pieces[index + 1 :]]
            size = field == "opening" and "%" in piece  # which way it went may be told without
            if not size and piece not in ("the", "that"):
                assert flaws(facts, told, put(told, field, at, " ".join(rest))), rest
            moved = [*rest[: index + 1], piece, *rest[index + 1 :]]
            if moved != pieces:
                assert flaws(facts, told, put(told, field, at, " ".join(moved))), moved


def test_nothing_of_a_text_is_overlooked_but_its_spaces():
    text = "Ré 12 % a\u200b–!€5 3 March {x} ١٢ \u0301"
    kept = "".join(one.text for one in tokens(text))
    assert re.sub(r"\s", "", kept) == re.sub(r"\s", "", text)
