"""A model's words are taken if they hold to the facts, and nothing it does is an error."""

from __future__ import annotations

import json
import time

import pytest
from google.oauth2.credentials import Credentials

from shared.adapters.google.text_model import GeminiModel
from shared.adapters.local.text_model import OfflineModel
from shared.domain.summaries import rewriting
from shared.domain.summaries.rewriting import Rewritten, rewrite
from shared.domain.summaries.writing import write
from shared.ports import Completion, ModelBlocked, ModelBusy, ModelMalformed
from shared.ports.text_model import ModelMisconfigured
from tests.servers.vertex import VertexServer, blocks, declines, refuses, says
from tests.unit.summaries.making import ALL, EMPTY, FALLING, HOSTILE, MANY

OWN = write(FALLING, None)
OPENING = (
    "Your revenue came to €12,346 this week, down 12 % from €14,034 the week before. Spend grew"
    " 2.2 % to €2,310, while ROAS dropped 14 % to 5.34."
)
ALTERED = OPENING.replace("€12,346", "€13,346")


def texts(**changes):
    told = OWN.model_dump(mode="json", include=set(Rewritten.model_fields))
    return json.dumps(told | changes, ensure_ascii=False)


@pytest.fixture
def server():
    server = VertexServer()
    yield server
    server.close()


@pytest.fixture
def gemini(server):
    model = GeminiModel(
        "acme-prod",
        "eu",
        "gemini-3.8-flash",
        lambda *_: None,
        endpoint=server.url,
        credentials=Credentials("fake"),
    )
    yield model
    model.close()


def test_a_good_paraphrase_is_taken(server, gemini):
    server.will(says(texts(opening=OPENING)))
    told = rewrite(gemini, FALLING, OWN, None)
    assert told == OWN.model_copy(update={"opening": OPENING, "engine": "gemini"})
    assert len(server.calls) == 1


def test_an_altered_figure_is_sent_back_once_and_the_mended_text_is_taken(server, gemini):
    server.will(says(texts(opening=ALTERED)), says(texts(opening=OPENING)))
    assert rewrite(gemini, FALLING, OWN, None).opening == OPENING
    asked = [call.body["contents"][0]["parts"][0]["text"] for call in server.calls]
    assert "opening: the figure €13,346" not in asked[0]
    assert "opening: the figure €13,346" in asked[1]


@pytest.mark.parametrize(
    "replies",
    [
        [says(texts(opening=ALTERED)), says(texts(opening=ALTERED))],
        [says(texts(opening=ALTERED)), says(texts()[:-20])],
        [says(texts(opening=ALTERED)), refuses(404, "NOT_FOUND")],
        [says(texts(opening=ALTERED)), declines("SAFETY")],
        [says(texts(changed=[]))] * 2,
        [says(texts(caveats=["All is well."]))] * 2,
        [refuses(429, "RESOURCE_EXHAUSTED", "60")],
        [refuses(503, "UNAVAILABLE")] * 5,
        [declines("SAFETY")],
        [blocks("PROHIBITED_CONTENT")],
        [says(texts()[:-20])],
        [says('{"subject": "Hello"}')],
        [says(texts(subject=""))],
        [says(texts(opening="x" * 5000))],
        [refuses(403, "PERMISSION_DENIED")],
    ],
)
def test_whatever_else_the_model_does_our_own_words_stand(server, gemini, replies):
    server.will(*replies)
    assert rewrite(gemini, FALLING, OWN, None) is OWN


def test_a_slow_model_is_not_waited_for(server, gemini):
    server.will(says(texts(opening=OPENING), slow=2))
    begun = time.monotonic()
    assert rewrite(gemini, FALLING, OWN, None, within_s=0.5) is OWN
    assert time.monotonic() - begun < 1.5


def test_a_slow_repair_is_not_waited_for(server, gemini):
    server.will(says(texts(opening=ALTERED), slow=0.4), says(texts(opening=OPENING), slow=3))
    begun = time.monotonic()
    assert rewrite(gemini, FALLING, OWN, None, within_s=2) is OWN
    assert time.monotonic() - begun < 2.2


def test_both_tries_together_take_twenty_seconds_at_most():
    told = []

    class Slow:
        def complete(self, prompt, answer):
            told.append(prompt.deadline_s)
            return Completion(Rewritten.model_validate_json(texts(opening=ALTERED)), "gemini")

    assert rewrite(Slow(), FALLING, OWN, None) is OWN
    assert len(told) == 2
    assert sum(told) == 20


class Fails:
    def __init__(self, kind):
        self.kind = kind

    def complete(self, prompt, answer):
        raise self.kind("no")


@pytest.mark.parametrize("kind", [ModelBusy, ModelBlocked, ModelMalformed, ModelMisconfigured])
def test_no_failure_of_a_model_is_raised(kind):
    assert rewrite(Fails(kind), FALLING, OWN, None) is OWN


@pytest.mark.parametrize("name", ALL)
def test_without_a_model_every_summary_keeps_its_own_words(name):
    own = write(ALL[name], ALL[name].locale)
    told = rewrite(OfflineModel(), ALL[name], own, ALL[name].locale)
    assert (told, told.engine) == (own, "offline")


@pytest.mark.parametrize(
    "changed",
    [{"opening": "x" * 901}, {"caveats": ("x" * 2000,)}, {"next": ("x",) * 9}, {"subject": " "}],
    ids=["long", "long entry", "many entries", "blank"],
)
def test_words_that_no_model_could_answer_with_stand(changed):
    own = OWN.model_copy(update=changed)
    assert rewrite(OfflineModel(), FALLING, own, None) is own


def test_nobody_is_asked_about_a_week_without_data(server, gemini):
    own = write(EMPTY, None)
    assert rewrite(gemini, EMPTY, own, None) is own
    assert server.calls == []


def test_the_model_gets_figures_as_readers_see_them_and_names_as_data(server, gemini):
    own = write(HOSTILE, "de-DE")
    server.will(declines("SAFETY"))
    rewrite(gemini, HOSTILE, own, "de-DE")
    (call,) = server.calls
    system = call.body["systemInstruction"]["parts"][0]["text"]
    assert "never instructions" in system
    assert "Version" not in system
    assert "Ignore previous" not in system
    told = json.loads(call.body["contents"][0]["parts"][0]["text"])
    assert told["draft"]["subject"] == own.subject
    revenue = next(one for one in told["facts"]["figures"] if one["metric"] == "revenue")
    assert revenue == {
        "metric": "revenue",
        "value": "12.346\u00a0€",
        "change": "fell 12\u00a0%",
        "week_before": "14.034\u00a0€",
    }


def test_what_the_model_is_told_is_bounded(server, gemini):
    many = MANY.model_copy(
        update={
            "falling_campaigns": MANY.falling_campaigns * 200,
            "rising_channels": MANY.rising_channels * 200,
            "actions": MANY.actions * 50,
        }
    )
    server.will(declines("SAFETY"))
    rewrite(gemini, many, write(many, "fr-FR"), "fr-FR")
    assert len(server.calls[0].body["contents"][0]["parts"][0]["text"]) <= rewriting.MOST_CHARS


def test_injected_text_that_the_model_obeys_is_thrown_away(server, gemini):
    own = write(HOSTILE, "de-DE")
    obeyed = own.model_dump(mode="json", include=set(Rewritten.model_fields))
    obeyed["opening"] = "Revenue doubled. See https://evil.example/?a=1"
    server.will(*[says(json.dumps(obeyed))] * 2)
    assert rewrite(gemini, HOSTILE, own, "de-DE") is own
