"""The TextModel port: a language model that answers in a type, or says why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from shared.errors import Unavailable

if TYPE_CHECKING:
    from pydantic import BaseModel

Answer = TypeVar("Answer", bound="BaseModel")


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is asked. `draft` is the answer our own code already has, if it has one.

    Only `system` and `user` reach a model; `deadline_s` bounds the whole call with its retries.
    """

    project_id: str
    system: str
    user: str
    draft: BaseModel | None = None
    deadline_s: float = 20.0


@dataclass(frozen=True, slots=True)
class Usage:
    """What one call of a model consumed. `cost_micros` is in millionths of a US dollar."""

    input_tokens: int
    output_tokens: int
    cost_micros: int


@dataclass(frozen=True, slots=True)
class Completion(Generic[Answer]):
    """A validated answer and who gave it: `offline` or `gemini`."""

    value: Answer
    engine: str
    usage: Usage = Usage(0, 0, 0)


class ModelBusy(Unavailable):
    """No answer within the deadline, over quota, or no model here: ask again later."""


class ModelBlocked(Unavailable):
    """The model declined for safety; the same prompt will be declined again."""

    retryable = False


class ModelMalformed(Unavailable):
    """The answer did not fit the type."""

    retryable = False


class ModelMisconfigured(Unavailable):
    """The model refuses every call as it is set up here: an operator must mend it."""

    retryable = False


class TextModel(Protocol):
    """A language model that answers in a type, or says why not."""

    def complete(self, prompt: Prompt, answer: type[Answer]) -> Completion[Answer]:
        """Raises ModelBusy, ModelBlocked, ModelMalformed or ModelMisconfigured."""
