"""The promises of shared.ports.TextModel: our own draft answers, or a model that says the same."""

from __future__ import annotations

from typing import Literal

import pytest
from pydantic import BaseModel, Field

from shared.ports import ModelBusy, ModelMalformed, Prompt


class Note(BaseModel):
    text: str = Field(min_length=1)
    tone: Literal["plain", "warm"] = "plain"


class Other(BaseModel):
    text: str
    more: int = 1


def prompt(draft=None):
    return Prompt("shop", "You write notes.", "Write one.", draft)


def test_an_answer_is_of_the_type_and_says_who_gave_it(text_model):
    said = Note(text="Spend rose – überall.", tone="warm")
    completion = text_model.complete(prompt(said), Note)
    assert completion.value == said
    assert type(completion.value) is Note
    assert completion.engine in ("offline", "gemini")


def test_an_answer_of_another_type_counts_if_it_fits(text_model):
    completion = text_model.complete(prompt(Other(text="Spend rose.")), Note)
    assert completion.value == Note(text="Spend rose.")


@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
@pytest.mark.parametrize(
    "said",
    [Note.model_construct(text=""), Note.model_construct(text="x", tone="rude"), Other(text="")],
    ids=["unchecked", "unknown-word", "other-type"],
)
def test_an_answer_that_does_not_fit_is_malformed(text_model, said):
    with pytest.raises(ModelMalformed) as error:
        text_model.complete(prompt(said), Note)
    assert not error.value.retryable


def test_with_no_answer_to_give_it_says_that_it_cannot(text_model):
    with pytest.raises(ModelBusy, match="language model") as error:
        text_model.complete(prompt(), Note)
    assert error.value.retryable
