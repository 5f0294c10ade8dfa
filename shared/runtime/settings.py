"""Settings: one table, and the only reader of the environment."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from shared.errors import Invalid


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: how it is read and what it is for."""

    variable: str
    default: str
    read: Callable[[str], Any]
    purpose: str

    @property
    def field(self) -> str:
        """Its name on Settings."""
        return self.variable.removeprefix("AIMS_").lower()


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"is one of {', '.join(choices)}")
        return text

    return read


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = int(text)
        if not low <= number <= high:
            raise ValueError(f"is between {low} and {high}")
        return number

    return read


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


TABLE: tuple[Setting, ...] = (
    Setting("AIMS_PLATFORM", "local", _one_of("local"), "adapter family"),
    Setting("AIMS_DATA_DIR", ".data", Path, "folder of the embedded stores"),
    Setting("AIMS_TODAY", "", _day, "fix the clock's date (YYYY-MM-DD); empty is the real date"),
    Setting(
        "AIMS_AUTH",
        "required",
        _one_of("required", "demo"),
        "`demo` signs every caller in as demo@example.com; loopback only",
    ),
    Setting("AIMS_TOKEN_ISSUER", "https://aims.local", str, "`iss` of people's ID tokens"),
    Setting("AIMS_TOKEN_AUDIENCE", "aims", str, "`aud` of people's ID tokens"),
    Setting("AIMS_TOKEN_KEYS", "", str, "its JWKS URL; empty: DATA_DIR/auth/jwks.json"),
    Setting("AIMS_EVENT_ISSUER", "https://aims.local", str, "`iss` of push subscriptions' tokens"),
    Setting("AIMS_EVENT_AUDIENCE", "aims-events", str, "`aud` of push subscriptions' tokens"),
    Setting("AIMS_EVENT_KEYS", "", str, "its JWKS URL; empty: DATA_DIR/auth/jwks.json"),
    Setting("AIMS_EVENT_CALLER", "push@aims.local", str, "e-mail of the account that may push"),
    Setting("AIMS_CORS_ORIGINS", "", _names, "origins that browsers may call from, by commas"),
    Setting(
        "AIMS_AI_OPERATIONS_PER_HOUR",
        "20",
        _whole(1, 1_000_000),
        "compute-heavy calls per user and hour",
    ),
    Setting(
        "AIMS_LOG_LEVEL",
        "info",
        _one_of("debug", "info", "warning", "error"),
        "least severity that is logged",
    ),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one process, read once."""

    platform: str
    data_dir: Path
    today: date | None
    auth: str
    token_issuer: str
    token_audience: str
    token_keys: str
    event_issuer: str
    event_audience: str
    event_keys: str
    event_caller: str
    cors_origins: tuple[str, ...]
    ai_operations_per_hour: int
    log_level: str


def load(overrides: Mapping[str, str] | None = None) -> Settings:
    """Read the table from the environment, overrides first.

    Raises Invalid, naming the variable that is wrong.
    """
    environment = {**os.environ, **(overrides or {})}
    values: dict[str, Any] = {}
    for setting in TABLE:
        text = environment.get(setting.variable, setting.default)
        try:
            values[setting.field] = setting.read(text)
        except ValueError as wrong:
            raise Invalid(f"{setting.variable}={text!r}: {wrong}") from wrong
    settings = Settings(**values)
    if settings.auth == "demo" and "K_SERVICE" in environment:
        raise Invalid("AIMS_AUTH=demo signs everybody in: it never runs on Cloud Run")
    return settings
