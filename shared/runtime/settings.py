"""Settings: one table, and the only reader of the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
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


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(name) for name in _names(text))


# Links and a mail's headers are made of it, so it holds nothing that means something there.
_ADDRESS = re.compile(
    r"(https?)://([A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])"
    r"(?::([0-9]{1,5}))?(?:/[A-Za-z0-9._~/-]*)?"
)
LONGEST_ADDRESS = 200


def _address(text: str) -> str:
    if not text:
        return text
    found = _ADDRESS.fullmatch(text) if len(text) <= LONGEST_ADDRESS else None
    if found is None or not 0 < int(found[3] or 443) <= 65_535:
        raise ValueError("is an address such as https://aims.example.com, without ? and #")
    if found[1] == "http" and not _on_this_machine(found[2].strip("[]")):
        raise ValueError("begins with https:// unless it is on this machine")
    return text.rstrip("/")


def _on_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


TABLE: tuple[Setting, ...] = (
    Setting("AIMS_PLATFORM", "local", _one_of("local", "google"), "adapter family"),
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
    Setting("AIMS_GOOGLE_PROJECT", "", str, "Google Cloud project of the Google family"),
    Setting("AIMS_FIRESTORE_DATABASE", "(default)", str, "Firestore database"),
    Setting(
        "AIMS_WAREHOUSE",
        "",
        _one_of("", "duckdb", "bigquery"),
        "where metrics are; empty: duckdb for local, bigquery for google",
    ),
    Setting("AIMS_BIGQUERY_DATASET", "marketing", str, "BigQuery dataset of the metrics"),
    Setting("AIMS_BIGQUERY_LOCATION", "EU", str, "BigQuery location of the dataset"),
    Setting("AIMS_MODEL", "offline", str, "Gemini model on Vertex AI; `offline` is none"),
    Setting("AIMS_MODEL_LOCATION", "global", str, "Vertex AI location of the model"),
    Setting("AIMS_SMTP_HOST", "", str, "mail server; empty: mail is written to DATA_DIR/mail"),
    Setting("AIMS_SMTP_PORT", "587", _whole(1, 65_535), "its port; 465 is TLS from the start"),
    Setting("AIMS_SMTP_USER", "", str, "account at the mail server; empty: none"),
    Setting("AIMS_SMTP_FROM", "aims@localhost", str, "sender of the suite's mail"),
    Setting("AIMS_SMTP_PASSWORD_SECRET", "smtp-password", str, "secret that holds its password"),
    Setting(
        "AIMS_WEBHOOK_NETWORKS",
        "",
        _networks,
        "private networks that webhooks may reach, by commas, such as 127.0.0.0/8; empty: none",
    ),
    Setting(
        "AIMS_PUBLIC_URL",
        "",
        _address,
        "where people reach the suite, such as https://aims.example.com; empty: mail has no links",
    ),
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
    google_project: str
    firestore_database: str
    warehouse: str
    bigquery_dataset: str
    bigquery_location: str
    model: str
    model_location: str
    smtp_host: str
    smtp_port: int
    smtp_user: str
    smtp_from: str
    smtp_password_secret: str
    webhook_networks: tuple[IPv4Network | IPv6Network, ...]
    public_url: str
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
    _check(settings, on_cloud_run="K_SERVICE" in environment)
    return settings


def _check(settings: Settings, *, on_cloud_run: bool) -> None:
    """What no single value shows. Raises Invalid."""
    if settings.auth == "demo" and on_cloud_run:
        raise Invalid("AIMS_AUTH=demo signs everybody in: it never runs on Cloud Run")
    if on_cloud_run and not (settings.token_keys and settings.event_keys):
        raise Invalid("AIMS_TOKEN_KEYS and AIMS_EVENT_KEYS name the issuers' keys on Cloud Run")
    google = settings.platform == "google" or settings.warehouse == "bigquery"
    if (google or settings.model != "offline") and not settings.google_project:
        raise Invalid("AIMS_GOOGLE_PROJECT names the project of what runs on Google Cloud")


def export(variables: Mapping[str, str]) -> None:
    """Set variables that vendor clients read themselves, such as an emulator's address."""
    os.environ.update(variables)
