"""The TextModel port with no model behind it: it hands out our own drafts and says so."""

from __future__ import annotations

from pydantic import ValidationError

from shared.ports import Answer, Completion, ModelBusy, ModelMalformed, Prompt


class OfflineModel:
    """Keeps shared.ports.TextModel; deterministic, needs no network."""

    def complete(self, prompt: Prompt, answer: type[Answer]) -> Completion[Answer]:
        """The prompt's draft, checked against the type like any answer; ModelBusy without one."""
        if prompt.draft is None:
            raise ModelBusy(
                "No language model is configured here, and this needs one. Configure Gemini,"
                " or ask in a way that can be answered without it."
            )
        try:
            value = answer.model_validate(prompt.draft.model_dump(round_trip=True, by_alias=True))
        except ValidationError as error:
            raise ModelMalformed(f"The draft is not a valid {answer.__name__}.") from error
        return Completion(value, engine="offline")
