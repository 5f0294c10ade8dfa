"""Gemini's adapter against Vertex AI's protocol: what each behaviour of the server becomes."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Literal

import pytest
from google.auth.exceptions import DefaultCredentialsError, RefreshError
from google.oauth2.credentials import Credentials
from pydantic import BaseModel, Field

from shared.adapters.google.text_model import ATTEMPTS, MAX_ANSWER_CHARS, GeminiModel
from shared.ports import ModelBlocked, ModelBusy, ModelMalformed, Prompt, Usage
from shared.ports.text_model import ModelMisconfigured
from tests.servers.vertex import (
    Reply,
    VertexServer,
    answer,
    blocks,
    date_in,
    declines,
    nothing,
    refuses,
    says,
)

GOOD = '{"spend": 12.5, "tone": "plain", "days": [{"kind": "day", "on": "2025-04-01"}]}'
HTML = Reply(b"<html>Welcome to the network</html>", headers={"Content-Type": "text/html"})
PAID = Usage(1000, 240, 3300)  # 1000 in at 1.50, 240 out (40 of them thoughts) at 7.50
UNANSWERED = Usage(1000, 0, 1500)


class Day(BaseModel):
    kind: Literal["day"] = "day"
    on: date


class Plan(BaseModel):
    """A plan."""

    spend: float = Field(ge=0)
    tone: Literal["plain", "warm"]
    days: list[Day] = Field(max_length=3)
    last: Day | None = Field(default=None, description="the last day")


@pytest.fixture
def server():
    server = VertexServer()
    yield server
    server.close()


class Metered(list):
    def __call__(self, project_id, usage):
        self.append((project_id, usage))


@pytest.fixture
def opened(server):
    models = []

    def open_model(model="gemini-3.8-flash", meter=lambda *_: None, credentials=None):
        models.append(
            GeminiModel(
                "acme-prod",
                "eu",
                model,
                meter,
                endpoint=server.url,
                credentials=credentials or Credentials("fake"),
            )
        )
        return models[-1]

    yield open_model
    for model in models:
        model.close()


def prompt(deadline_s=10.0):
    return Prompt("shop-4711", "You plan.", "Spend for shoes?", deadline_s=deadline_s)


def test_a_good_answer_comes_typed_priced_and_metered_once(server, opened):
    metered = Metered()
    server.will(says(GOOD))
    completion = opened(meter=metered).complete(prompt(), Plan)
    assert completion.value == Plan(spend=12.5, tone="plain", days=[Day(on=date(2025, 4, 1))])
    assert (completion.engine, completion.usage) == ("gemini", PAID)
    assert metered == [("shop-4711", PAID)]


@pytest.mark.parametrize(
    ("reply", "kind", "metered"),
    [
        (declines("SAFETY"), ModelBlocked, PAID),
        (declines("RECITATION"), ModelBlocked, PAID),
        (declines("PROHIBITED_CONTENT"), ModelBlocked, PAID),
        (declines("SPII"), ModelBlocked, PAID),
        (declines("BLOCKLIST"), ModelBlocked, PAID),
        (declines("MODEL_ARMOR"), ModelBlocked, PAID),
        (says(GOOD, "SAFETY"), ModelBlocked, PAID),
        (blocks("SAFETY"), ModelBlocked, UNANSWERED),
        (blocks("JAILBREAK"), ModelBlocked, UNANSWERED),
        (says(GOOD, "MAX_TOKENS"), ModelMalformed, PAID),
        (says(GOOD, "OTHER"), ModelMalformed, PAID),
        (says(GOOD, "MALFORMED_RESPONSE"), ModelMalformed, PAID),
        (says(GOOD[:-5]), ModelMalformed, PAID),
        (says(f"```json\n{GOOD}\n```"), ModelMalformed, PAID),
        (says(GOOD + " Hope that helps!"), ModelMalformed, PAID),
        (says(GOOD.replace("12.5", '"much"')), ModelMalformed, PAID),
        (says(GOOD.replace("12.5", "-1")), ModelMalformed, PAID),
        (says(GOOD.replace("plain", "rude")), ModelMalformed, PAID),
        (says(GOOD.replace("12.5", "NaN")), ModelMalformed, PAID),
        (says(GOOD.replace("12.5", "Infinity")), ModelMalformed, PAID),
        (says(GOOD.replace("12.5", "1e999")), ModelMalformed, PAID),
        (says(GOOD.replace("12.5", "9" * 5000)), ModelMalformed, PAID),
        (says("[" * 100_000), ModelMalformed, PAID),
        (says(""), ModelMalformed, PAID),
        (says(GOOD + " " * MAX_ANSWER_CHARS), ModelMalformed, PAID),
        (declines("STOP"), ModelMalformed, PAID),
        (nothing(), ModelMalformed, PAID),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_an_answer_of_no_use_is_not_asked_for_again_and_is_paid(
    server, opened, reply, kind, metered
):
    heard = Metered()
    server.will(reply)
    with pytest.raises(kind) as error:
        opened(meter=heard).complete(prompt(), Plan)
    assert not error.value.retryable
    assert len(server.calls) == 1
    assert heard == [("shop-4711", metered)]


@pytest.mark.parametrize(
    "first",
    [
        refuses(429, "RESOURCE_EXHAUSTED"),
        refuses(429, "RESOURCE_EXHAUSTED", "0"),
        refuses(429, "RESOURCE_EXHAUSTED", "soon"),
        refuses(429, "RESOURCE_EXHAUSTED", date_in(-5)),
        refuses(503, "UNAVAILABLE"),
        refuses(500, "INTERNAL"),
        refuses(504, "DEADLINE_EXCEEDED"),
        Reply(b"<html>Bad gateway</html>", 502),
        HTML,
        answer({"candidates": "many"}),
        answer({"candidates": [7]}),
        says(GOOD, cut=True),
        Reply(b"", 302, {"Location": "/login"}),
    ],
    ids=["429", "429-now", "429-odd", "429-past", "503", "500", "504", "502", "html", "json",
         "number", "cut", "302"],
)  # fmt: skip
def test_what_passes_is_tried_again_and_the_answer_counts_once(server, opened, first):
    heard = Metered()
    server.will(first, says(GOOD))
    assert opened(meter=heard).complete(prompt(), Plan).value.spend == 12.5
    assert len(server.calls) == 2
    assert heard == [("shop-4711", PAID)]


@pytest.mark.parametrize("reply", [refuses(503, "UNAVAILABLE"), HTML, says(GOOD, cut=True)])
def test_attempts_are_bounded_and_nothing_is_metered_without_an_answer(server, opened, reply):
    heard = Metered()
    server.will(*[reply] * 9)
    with pytest.raises(ModelBusy) as error:
        opened(meter=heard).complete(prompt(), Plan)
    assert error.value.retryable
    assert len(server.calls) == ATTEMPTS
    assert heard == []


@pytest.mark.parametrize("after", ["1", date_in(1)], ids=["seconds", "date"])
def test_it_waits_as_long_as_the_server_asks(server, opened, after):
    server.will(refuses(429, "RESOURCE_EXHAUSTED", after), says(GOOD))
    opened().complete(prompt(), Plan)
    first, second = server.calls
    assert 1.0 <= second.at - first.at < 3.0


@pytest.mark.parametrize("after", ["30", "9" * 400, date_in(3600)], ids=["s", "endless", "date"])
def test_a_wait_beyond_the_deadline_is_not_begun(server, opened, after):
    server.will(refuses(429, "RESOURCE_EXHAUSTED", after), says(GOOD))
    begun = time.monotonic()
    with pytest.raises(ModelBusy):
        opened().complete(prompt(deadline_s=5), Plan)
    assert time.monotonic() - begun < 2
    assert len(server.calls) == 1


@pytest.mark.parametrize(
    "reply", [says(GOOD, slow=2), says(GOOD, drip=0.02)], ids=["slow", "dripping"]
)
def test_the_deadline_holds_against_a_server_that_dawdles(server, opened, reply):
    model = opened()
    server.will(says(GOOD), reply)
    model.complete(prompt(), Plan)
    begun = time.monotonic()
    with pytest.raises(ModelBusy):
        model.complete(prompt(deadline_s=0.4), Plan)
    assert 0.35 < time.monotonic() - begun < 1.2


def test_the_deadline_covers_all_attempts_together(server, opened):
    server.will(refuses(503, "UNAVAILABLE", "1"), says(GOOD, slow=1))
    begun = time.monotonic()
    with pytest.raises(ModelBusy):
        opened().complete(prompt(deadline_s=1.5), Plan)
    assert 1.4 < time.monotonic() - begun < 1.9
    assert len(server.calls) == 2


def test_a_deadline_that_has_passed_asks_nothing(server, opened):
    with pytest.raises(ModelBusy):
        opened().complete(prompt(deadline_s=0), Plan)
    assert server.calls == []


def test_a_server_that_is_not_there_is_busy(server, opened):
    model = opened()
    server.close()
    with pytest.raises(ModelBusy):
        model.complete(prompt(), Plan)


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (400, "INVALID_ARGUMENT"),
        (401, "UNAUTHENTICATED"),
        (403, "PERMISSION_DENIED"),
        (404, "NOT_FOUND"),
    ],
)
def test_a_wrong_setup_is_the_operators_and_tells_callers_nothing(
    server, opened, caplog, status, name
):
    server.will(refuses(status, name))
    with pytest.raises(ModelMisconfigured, match="An operator must") as error:
        opened().complete(prompt(), Plan)
    assert (error.value.retryable, error.value.status) == (False, 503)
    assert len(server.calls) == 1
    assert f"{status} {name}" in caplog.text
    for secret in ("secret-project", "acme-prod", "user@example.com", "Spend for shoes"):
        assert secret not in error.value.detail
        assert secret not in caplog.text.partition("Traceback")[0]


class NoSignIn(Credentials):
    """Credentials that cannot be refreshed, for this reason."""

    def __init__(self, why):
        super().__init__(None)
        self.why = why

    def refresh(self, request):
        raise self.why


@pytest.mark.parametrize(
    ("why", "kind"),
    [
        (DefaultCredentialsError("no key at /home/me/key.json"), ModelMisconfigured),
        (RefreshError("invalid_grant"), ModelMisconfigured),
        (RefreshError("later", retryable=True), ModelBusy),
    ],
    ids=["none", "refused", "passing"],
)
def test_signing_in_that_fails_is_told_apart(server, opened, why, kind):
    with pytest.raises(kind) as error:
        opened(credentials=NoSignIn(why)).complete(prompt(), Plan)
    assert str(why) not in error.value.detail
    assert server.calls == []


def test_a_meter_that_fails_loses_no_answer(server, opened, caplog):
    def broken(*_):
        raise RuntimeError("no documents")

    server.will(says(GOOD))
    assert opened(meter=broken).complete(prompt(), Plan).usage == PAID
    assert "could not be metered" in caplog.text


def test_an_answer_without_counts_is_not_metered(server, opened):
    heard = Metered()
    server.will(says(GOOD, usage=None))
    assert opened(meter=heard).complete(prompt(), Plan).usage == Usage(0, 0, 0)
    assert heard == []


def test_a_fraction_of_a_millionth_counts_as_one(server, opened):
    server.will(says(GOOD, usage={"promptTokenCount": 1}))
    assert opened().complete(prompt(), Plan).usage == Usage(1, 0, 2)


def test_a_model_without_a_known_price_costs_nothing_and_says_so(server, opened, caplog):
    server.will(says(GOOD))
    completion = opened("gemini-99-ultra").complete(prompt(), Plan)
    assert completion.usage == Usage(1000, 240, 0)
    assert "No price is known for the model gemini-99-ultra" in caplog.text


def test_the_wire_carries_the_prompt_its_bounds_and_nothing_else_of_the_tenant(server, opened):
    server.will(says(GOOD))
    opened().complete(prompt(), Plan)
    (call,) = server.calls
    assert (call.project, call.location, call.model) == ("acme-prod", "eu", "gemini-3.8-flash")
    assert "shop-4711" not in call.raw + json.dumps(call.headers)
    assert call.headers["Authorization"] == "Bearer fake"
    body = call.body
    assert body.keys() == {"contents", "systemInstruction", "safetySettings", "generationConfig"}
    assert body["contents"] == [{"role": "user", "parts": [{"text": "Spend for shoes?"}]}]
    assert body["systemInstruction"]["parts"] == [{"text": "You plan."}]
    assert {s["category"]: s["threshold"] for s in body["safetySettings"]} == {
        f"HARM_CATEGORY_{harm}": "BLOCK_MEDIUM_AND_ABOVE"
        for harm in ("HARASSMENT", "HATE_SPEECH", "SEXUALLY_EXPLICIT", "DANGEROUS_CONTENT")
    }
    config = body["generationConfig"]
    schema = config.pop("responseJsonSchema")
    assert config == {
        "candidateCount": 1,
        "maxOutputTokens": 8192,
        "responseMimeType": "application/json",
        "thinkingConfig": {"thinking_level": "LOW"},  # protobuf's JSON has either spelling
    }
    assert schema["required"] == ["spend", "tone", "days"]


def test_the_schema_on_the_wire_has_only_words_that_vertex_reads(server, opened):
    server.will(says(GOOD))
    opened().complete(prompt(), Plan)
    assert server.calls[0].body["generationConfig"]["responseJsonSchema"] == {
        "title": "Plan",
        "description": "A plan.",
        "type": "object",
        "required": ["spend", "tone", "days"],
        "properties": {
            "spend": {"title": "Spend", "type": "number", "minimum": 0},
            "tone": {"title": "Tone", "type": "string", "enum": ["plain", "warm"]},
            "days": {
                "title": "Days", "type": "array", "items": {"$ref": "#/$defs/Day"}, "maxItems": 3,
            },
            "last": {
                "description": "the last day",
                "anyOf": [{"$ref": "#/$defs/Day"}, {"type": "null"}],
            },
        },
        "$defs": {
            "Day": {
                "title": "Day",
                "type": "object",
                "required": ["on"],
                "properties": {
                    "kind": {"title": "Kind", "type": "string", "enum": ["day"]},
                    "on": {"title": "On", "type": "string", "format": "date"},
                },
            }
        },
    }  # fmt: skip


def test_an_older_model_gets_a_temperature_and_a_budget_of_thought(server, opened):
    server.will(says(GOOD))
    opened("gemini-2.5-flash").complete(prompt(), Plan)
    config = server.calls[0].body["generationConfig"]
    assert (config["temperature"], config["thinkingConfig"]) == (0.0, {"thinking_budget": 512})


def test_many_callers_share_one_model(server, opened):
    heard = Metered()
    model = opened(meter=heard)
    server.will(*[says(GOOD, slow=0.1)] * 32)
    with ThreadPoolExecutor(32) as callers:
        answers = list(callers.map(lambda _: model.complete(prompt(), Plan), range(32)))
    assert len({id(each.value) for each in answers}) == 32
    assert heard == [("shop-4711", PAID)] * 32
