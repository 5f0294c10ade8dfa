"""What a person wants to be told, where, and when they are left alone.

Kept under `preferences` of the account: only what was chosen, so that a new default reaches
everybody who has not. An edit is a merge patch (RFC 7396): what is absent stays, null resets.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    Field,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
)

from shared.domain.access import Caller
from shared.domain.anomalies.finding import Severity
from shared.domain.people import ATTEMPTS, remember
from shared.domain.projects import Locale, ProjectId, Zone
from shared.domain.requests import Body
from shared.domain.suite import Suite
from shared.errors import Conflict, FieldError, Invalid, Stale
from shared.ports import Put

SHORTEST_KEY = 16  # bytes
MOST_MUTED = 200
_TIME, _SECRET = "([01][0-9]|2[0-3]):[0-5][0-9]", "[!-~]{16,200}"


def _a_time(text: str) -> str:
    if not re.fullmatch(_TIME, text):
        raise ValueError("is a time such as 22:00")
    return text


def _a_key(secret: str) -> str:
    """https://www.standardwebhooks.com: after `whsec_` comes base64."""
    if not re.fullmatch(_SECRET, secret):
        raise ValueError("is 16 to 200 letters, digits and signs of ASCII, without spaces")
    if secret.startswith("whsec_"):
        text = secret.removeprefix("whsec_").rstrip("=")
        try:
            key = b64decode(text + "=" * (-len(text) % 4), validate=True)
        except ValueError as wrong:
            raise ValueError("is text, or whsec_ and base64 after it") from wrong
        if len(key) < SHORTEST_KEY:
            raise ValueError(f"holds at least {SHORTEST_KEY} bytes in base64 after whsec_")
    return secret


def _each_once(ids: tuple[str, ...]) -> tuple[str, ...]:
    once = tuple(dict.fromkeys(ids))
    if len(once) > MOST_MUTED:
        raise ValueError(f"holds at most {MOST_MUTED} projects")
    return once


def _like(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^{pattern}$"})


TimeOfDay = Annotated[str, AfterValidator(_a_time), _like(_TIME)]
Url = Annotated[str, StringConstraints(min_length=1, max_length=2048)]
Secret = Annotated[str, AfterValidator(_a_key), _like(_SECRET)]
Format = Literal["json", "slack"]
Projects = Annotated[
    tuple[ProjectId, ...],
    AfterValidator(_each_once),
    Field(json_schema_extra={"maxItems": MOST_MUTED}),
]


class AnomalyChannels(Body):
    """Where anomalies are told, and from what severity on."""

    in_app: bool = True
    email: bool = True
    webhook: bool = False
    least_severity: Severity = "warning"


class QuietHours(Body):
    """From when to when mail and webhooks wait; it may span midnight. Equal times: never.

    What was held goes when the hours were to end, even if they are changed or lifted before.
    """

    start: TimeOfDay
    end: TimeOfDay
    timezone: Zone
    except_critical: bool = False


class Webhook(Body):
    """Where messages are posted. `json` is signed with the secret; `slack` may go without one."""

    url: Url = Field(repr=False)
    format: Format = "json"
    secret: Secret | None = Field(default=None, repr=False)


class Preferences(Body):
    """All of a person's preferences, with the defaults."""

    marketing_summaries: bool = True
    anomalies: AnomalyChannels = AnomalyChannels()
    quiet_hours: QuietHours | None = None
    webhook: Webhook | None = None
    muted_projects: Projects = ()
    locale: Locale | None = None


class AnomalyChannelsEdit(Body):
    """A change of where anomalies are told; null resets a field."""

    in_app: bool | None = None
    email: bool | None = None
    webhook: bool | None = None
    least_severity: Severity | None = None


class QuietHoursEdit(Body):
    """A change of the quiet hours; the first one names start, end and time zone."""

    start: TimeOfDay | None = None
    end: TimeOfDay | None = None
    timezone: Zone | None = None
    except_critical: bool | None = None


class WebhookEdit(Body):
    """A change of the webhook; the first one names the address."""

    url: Url | None = Field(default=None, repr=False)
    format: Format | None = None
    secret: Secret | None = Field(default=None, repr=False)


class PreferencesEdit(Body):
    """A change of preferences: what is absent stays as it is, null resets it."""

    marketing_summaries: bool | None = None
    anomalies: AnomalyChannelsEdit | None = None
    quiet_hours: QuietHoursEdit | None = None
    webhook: WebhookEdit | None = None
    muted_projects: Projects | None = None
    locale: Locale | None = None


class WebhookShown(BaseModel):
    """A webhook without what must stay secret: its address is shortened to the host."""

    url: str
    format: Format
    secret_set: bool


class PreferencesShown(BaseModel):
    """Preferences as their owner sees them."""

    marketing_summaries: bool
    anomalies: AnomalyChannels
    quiet_hours: QuietHours | None
    webhook: WebhookShown | None
    muted_projects: tuple[str, ...]
    locale: str | None


def chosen(stored: Mapping[str, Any]) -> Preferences:
    """A person's preferences, with the defaults for what they did not choose.

    What does not hold here counts as not chosen, such as a time zone that this machine does not
    know: one person's broken preference must not keep others from being told.
    """
    try:
        return Preferences.model_validate(stored)
    except ValidationError as broken:
        names = {error["loc"][0] for error in broken.errors()}
    return Preferences.model_validate({k: v for k, v in stored.items() if k not in names})


def shown(preferences: Preferences) -> PreferencesShown:
    """Preferences as their owner sees them."""
    hook = preferences.webhook
    fields = preferences.model_dump(exclude={"webhook"})
    secret_set = hook is not None and hook.secret is not None
    return PreferencesShown(
        **fields,
        webhook=hook and WebhookShown(url=host(hook), format=hook.format, secret_set=secret_set),
    )


def host(hook: Webhook) -> str:
    """`https://hooks.slack.com/…`: the rest of an address may be as good as a password."""
    parts = urlsplit(hook.url)
    return f"{parts.scheme}://{parts.netloc}/…"


def read_preferences(suite: Suite, caller: Caller) -> tuple[Preferences, str]:
    """The caller's preferences and their version."""
    user = remember(suite, caller)
    return chosen(user.data["preferences"]), user.version


def edit_preferences(
    suite: Suite, caller: Caller, edit: PreferencesEdit, if_match: str | None
) -> tuple[Preferences, str]:
    """Change what the edit names. Raises Stale if `if_match` is not the newest version, Invalid
    naming the field.
    """
    patch = edit.model_dump(mode="json", exclude_unset=True)
    for _ in range(ATTEMPTS):
        user = remember(suite, caller)
        if if_match not in (None, user.version):
            raise Stale("Your preferences were changed in the meantime: read them again.")
        preferences = _valid(_merged(user.data["preferences"], patch))
        _require_sound(suite, preferences, patch)
        kept = {
            **user.data,
            "preferences": preferences.model_dump(mode="json", exclude_unset=True),
            "updated_at": suite.clock.now().isoformat(),
        }
        try:
            suite.documents.commit(Put(user.path, kept, if_version=user.version))
        except Stale:
            continue
        return read_preferences(suite, caller)
    raise Conflict("Your preferences are being changed from many places at once. Try again.")


def _merged(stored: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """RFC 7396, section 2."""
    merged = dict(stored)
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, dict):
            held = merged.get(name)
            merged[name] = _merged(held if isinstance(held, dict) else {}, value)
        else:
            merged[name] = value
    return merged


def _valid(merged: Mapping[str, Any]) -> Preferences:
    try:
        return Preferences.model_validate(merged)
    except ValidationError as wrong:
        found = wrong.errors(include_url=False, include_context=False, include_input=False)
        flaws = [
            FieldError(".".join(map(str, e["loc"])), e["msg"].removeprefix("Value error, "))
            for e in found
        ]
        raise _refused(flaws) from None  # what was refused may be a secret


def _require_sound(suite: Suite, preferences: Preferences, patch: Mapping[str, Any]) -> None:
    if flaws := list(_flaws(preferences)):
        raise _refused(flaws)
    hook = preferences.webhook
    if hook is not None and "url" in (patch.get("webhook") or ()):
        try:
            suite.webhooks.check(hook.url)
        except Invalid as error:
            raise _refused([FieldError("webhook.url", error.detail)]) from error


def _flaws(preferences: Preferences) -> Iterator[FieldError]:
    hook = preferences.webhook
    if hook is not None and hook.format == "json" and hook.secret is None:
        yield FieldError(
            "webhook.secret", "A webhook of the format json is signed: give 16 to 200 characters."
        )
    if hook is None and preferences.anomalies.webhook:
        yield FieldError(
            "anomalies.webhook", "There is no webhook to send to: set `webhook`, or turn this off."
        )


def _refused(flaws: list[FieldError]) -> Invalid:
    return Invalid("Mend what is named in `errors` and send the body again.", errors=flaws)
