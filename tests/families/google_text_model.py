"""Gemini's adapter in front of a Vertex-shaped server that plays the model.

The model says what the prompt's draft holds, whatever that is; without a draft it is overloaded.
So both families answer the same prompts, one with its draft and one with what came over the wire.
"""

from __future__ import annotations

from google.oauth2.credentials import Credentials

from shared.adapters.google.text_model import GeminiModel
from shared.ports import Answer, Completion, Prompt
from tests.servers.vertex import VertexServer, refuses, says


class PlayedGemini:
    """A GeminiModel whose server is told before each call what the model says."""

    def __init__(self, project: str) -> None:
        self._server = VertexServer()
        self._gemini = GeminiModel(
            project,
            "global",
            "gemini-3.8-flash",
            lambda *_: None,
            endpoint=self._server.url,
            credentials=Credentials("fake"),
        )

    def complete(self, prompt: Prompt, answer: type[Answer]) -> Completion[Answer]:
        said = prompt.draft
        reply = (
            refuses(503, "UNAVAILABLE", "3600") if said is None else says(said.model_dump_json())
        )
        self._server.will(reply)
        return self._gemini.complete(prompt, answer)

    def close(self) -> None:
        self._gemini.close()
        self._server.close()


def open_text_model(project: str) -> PlayedGemini:
    return PlayedGemini(project)
