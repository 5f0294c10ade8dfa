"""The TextModel port kept by Gemini on Vertex AI.

https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from functools import cache
from random import SystemRandom
from time import monotonic, sleep
from typing import Any

import httpx2
from google import genai
from google.auth.credentials import Credentials
from google.auth.exceptions import GoogleAuthError
from google.genai import errors, types
from pydantic import BaseModel, ValidationError

from shared.adapters.google.prices import PRICES, cost_micros
from shared.ports import Answer, Completion, ModelBlocked, ModelBusy, ModelMalformed, Prompt, Usage
from shared.ports.text_model import ModelMisconfigured

Meter = Callable[[str, Usage], None]

ATTEMPTS = 3
BACKOFF_S = 0.5  # before the second attempt, doubled before each further one, with full jitter
CALLS_AT_ONCE = 64
LEAST_SERVER_S = 10
MAX_OUTPUT_TOKENS = 8192  # thoughts count towards it
MAX_ANSWER_CHARS = 200_000

SAFETY = {
    "HARM_CATEGORY_HARASSMENT": "BLOCK_MEDIUM_AND_ABOVE",
    "HARM_CATEGORY_HATE_SPEECH": "BLOCK_MEDIUM_AND_ABOVE",
    "HARM_CATEGORY_SEXUALLY_EXPLICIT": "BLOCK_MEDIUM_AND_ABOVE",
    "HARM_CATEGORY_DANGEROUS_CONTENT": "BLOCK_MEDIUM_AND_ABOVE",
}

DECLINED = {  # finish reasons that the same prompt will meet again
    "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MODEL_ARMOR", "LANGUAGE",
}  # fmt: skip

LASTING = set(range(400, 500)) - {408, 429, 499}  # statuses that will be the same next time
STRANGE = (  # no connection, or somebody between who does not speak Vertex AI's JSON
    httpx2.HTTPError,
    errors.UnknownApiResponseError,
    json.JSONDecodeError,
    ValidationError,
)

# What Vertex AI reads of a JSON schema; it may refuse the rest, and our own check covers it.
SCHEMA_WORDS = {
    "$defs", "type", "format", "title", "description", "enum", "items", "prefixItems", "minItems",
    "maxItems", "minimum", "maximum", "anyOf", "oneOf", "properties", "additionalProperties",
    "required",
}  # fmt: skip

BUSY = "The language model is busy or did not answer in time. Try again in a minute."
BLOCKED = "The language model declined this for safety. Put it another way."
MALFORMED = "The language model's answer did not have the form asked for. Ask in a simpler way."
MISCONFIGURED = (
    "The language model is not set up correctly here, whatever is asked. An operator must check"
    " its name, its location and the permission to use it."
)

_log = logging.getLogger(__name__)
_random = SystemRandom()


class GeminiModel:
    """Keeps shared.ports.TextModel with one model of Vertex AI.

    `meter(project_id, usage)` hears once of every answer that was paid for, whether it was good or
    not; an answer that arrives after its deadline is not waited for. A model without a known
    price costs 0, and the log says so.
    """

    def __init__(  # noqa: PLR0913 - the last two are for tests and other clouds
        self,
        project: str,
        location: str,
        model: str,
        meter: Meter,
        *,
        endpoint: str | None = None,
        credentials: Credentials | None = None,
    ) -> None:
        self._client = genai.Client(
            vertexai=True,
            project=project,
            location=location,
            credentials=credentials,
            http_options=types.HttpOptions(base_url=endpoint),
        )
        self._model, self._meter = model, meter
        self._calls = ThreadPoolExecutor(CALLS_AT_ONCE, thread_name_prefix="gemini")
        if model not in PRICES:
            _log.warning("No price is known for the model %s: its cost counts as 0.", model)

    def complete(self, prompt: Prompt, answer: type[Answer]) -> Completion[Answer]:
        """The model's answer, read strictly and checked against the type."""
        response = self._response(prompt, answer, monotonic() + prompt.deadline_s)
        usage = self._metered(prompt.project_id, response.usage_metadata)
        return Completion(_read(_text(response), answer), "gemini", usage)

    def close(self) -> None:
        """End the connections; calls still running are abandoned."""
        self._calls.shutdown(wait=False, cancel_futures=True)
        self._client.close()

    def _response(
        self, prompt: Prompt, answer: type[BaseModel], deadline: float
    ) -> types.GenerateContentResponse:
        for attempt in range(ATTEMPTS):
            try:
                return self._ask(prompt, answer, deadline - monotonic())
            except _Passing as passing:
                wait = passing.after
                if wait is None:
                    wait = _random.uniform(0, BACKOFF_S * 2**attempt)
                if attempt == ATTEMPTS - 1 or monotonic() + wait >= deadline:
                    raise
                sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def _ask(
        self, prompt: Prompt, answer: type[BaseModel], seconds: float
    ) -> types.GenerateContentResponse:
        if seconds <= 0:
            raise ModelBusy(BUSY)
        config = _config(self._model, prompt.system, answer, seconds)
        # The client's timeout bounds one read, and signing in has none: this bounds it all.
        call = self._calls.submit(
            self._client.models.generate_content,
            model=self._model,
            contents=prompt.user,
            config=config,
        )
        try:
            with _translated():
                return call.result(seconds)
        except TimeoutError as slow:
            call.cancel()
            raise ModelBusy(BUSY) from slow

    def _metered(
        self, project_id: str, said: types.GenerateContentResponseUsageMetadata | None
    ) -> Usage:
        if said is None:
            return Usage(0, 0, 0)
        used = said.prompt_token_count or 0
        made = (said.candidates_token_count or 0) + (said.thoughts_token_count or 0)
        usage = Usage(used, made, cost_micros(self._model, used, made))
        try:
            self._meter(project_id, usage)
        except Exception:  # noqa: BLE001 (the answer is paid for: no failure to count may lose it)
            _log.exception("An answer of %s could not be metered: %s", self._model, usage)
        return usage


class _Passing(ModelBusy):
    """A failure worth another attempt, `after` so many seconds if the server said when."""

    def __init__(self, after: float | None = None) -> None:
        super().__init__(BUSY)
        self.after = after


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except errors.APIError as error:
        if error.code not in LASTING:
            raise _Passing(_retry_after(error)) from error
        _log.error("Vertex AI refused the call: %s %s", error.code, error.status)
        raise ModelMisconfigured(MISCONFIGURED) from error
    except GoogleAuthError as error:
        if error.retryable:
            raise _Passing from error
        _log.error("Signing in to Vertex AI failed: %s", type(error).__name__)
        raise ModelMisconfigured(MISCONFIGURED) from error
    except STRANGE as error:
        raise _Passing from error


def _retry_after(error: errors.APIError) -> float | None:
    """Seconds that the server asks to wait; a date counts from the server's own clock."""
    headers: Any = getattr(error.response, "headers", {})
    after = headers.get("Retry-After", "")
    if after.isascii() and after.isdigit():
        return float(after[:9])
    try:
        until, now = (parsedate_to_datetime(d) for d in (after, headers.get("Date", "")))
        seconds = (until - now).total_seconds()
    except (ValueError, TypeError):
        return None
    return max(0.0, seconds)


def _config(
    model: str, system: str, answer: type[BaseModel], seconds: float
) -> types.GenerateContentConfig:
    # Gemini 3 is made for its own temperature and measures thought in levels, Gemini 2 in tokens.
    older = model.startswith("gemini-2")
    return types.GenerateContentConfig(
        system_instruction=system,
        response_mime_type="application/json",
        temperature=0.0 if older else None,
        thinking_config=types.ThinkingConfig(thinking_budget=512)
        if older
        else types.ThinkingConfig(thinking_level=types.ThinkingLevel.LOW),
        candidate_count=1,
        max_output_tokens=MAX_OUTPUT_TOKENS,
        safety_settings=[
            types.SafetySetting(
                category=types.HarmCategory(category), threshold=types.HarmBlockThreshold(threshold)
            )
            for category, threshold in SAFETY.items()
        ],
        # As a field of this config the library would read the answer by it, leniently, and lose
        # what was paid for an answer that breaks its reader.
        http_options=types.HttpOptions(
            timeout=max(1, round(seconds * 1000)),
            # The library would send what is left; the service refuses to be given under ten.
            headers={"X-Server-Timeout": str(max(LEAST_SERVER_S, math.ceil(seconds)))},
            extra_body={"generationConfig": {"responseJsonSchema": _schema(answer)}},
        ),
    )


@cache
def _schema(answer: type[BaseModel]) -> Any:
    return _supported(answer.model_json_schema())


def _supported(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_supported(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}  # Vertex AI allows no word beside it
    kept = {word: _supported(said) for word, said in schema.items() if word in SCHEMA_WORDS}
    for word in {"properties", "$defs"} & kept.keys():  # their keys are names, not words
        kept[word] = {name: _supported(part) for name, part in schema[word].items()}
    if isinstance(schema.get("const"), str):
        kept["enum"] = [schema["const"]]
    return kept


def _text(response: types.GenerateContentResponse) -> str:
    """The text of an answer that the model ended by itself."""
    feedback = response.prompt_feedback
    if feedback and feedback.block_reason:
        raise ModelBlocked(BLOCKED)
    if not response.candidates:
        raise ModelMalformed(MALFORMED)
    candidate = response.candidates[0]
    if candidate.finish_reason and candidate.finish_reason.value in DECLINED:
        raise ModelBlocked(BLOCKED)
    if candidate.finish_reason is not types.FinishReason.STOP:
        raise ModelMalformed(MALFORMED)
    parts = (candidate.content and candidate.content.parts) or []
    return "".join(part.text for part in parts if part.text and not part.thought)


def _read(text: str, answer: type[Answer]) -> Answer:
    if len(text) > MAX_ANSWER_CHARS:
        raise ModelMalformed(MALFORMED)
    try:
        json.loads(text, parse_constant=_refused, parse_float=_finite)
        return answer.model_validate_json(text)
    except (ValueError, RecursionError) as error:
        raise ModelMalformed(MALFORMED) from error


def _refused(number: str) -> float:
    raise ValueError(f"{number} is no JSON")


def _finite(number: str) -> float:
    return float(number) if math.isfinite(float(number)) else _refused(number)
