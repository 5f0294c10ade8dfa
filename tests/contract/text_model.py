"""The promises of shared.ports.TextModel that hold without a model behind it."""

from __future__ import annotations

from typing import Literal

import pytest
from pydantic import BaseModel, Field

from shared.ports import Completion, ModelBusy, ModelMalformed, Prompt


class Note(BaseModel):
    text: str = Field(min_length=1)
    tone: Literal["plain", "warm"] = "plain"


class Other(BaseModel):
    text: str
    more: int = 1


def prompt(draft=None):
    return Prompt("shop", "You write notes.", "Write one.", draft)


def test_a_draft_is_the_answer_and_says_who_gave_it(text_model):
    draft = Note(text="Spend rose.", tone="warm")
    assert text_model.complete(prompt(draft), Note) == Completion(draft, "offline")


def test_a_draft_of_another_type_is_the_answer_if_it_fits(text_model):
    completion = text_model.complete(prompt(Other(text="Spend rose.")), Note)
    assert completion.value == Note(text="Spend rose.")


@pytest.mark.parametrize(
    "draft",
    [Note.model_construct(text=""), Note.model_construct(text="x", tone="rude"), Other(text="")],
    ids=["unchecked", "unknown-word", "other-type"],
)
def test_a_draft_that_does_not_fit_is_malformed(text_model, draft):
    with pytest.raises(ModelMalformed) as error:
        text_model.complete(prompt(draft), Note)
    assert not error.value.retryable


def test_without_a_draft_it_says_that_it_cannot(text_model):
    with pytest.raises(ModelBusy, match="No language model is configured"):
        text_model.complete(prompt(), Note)
