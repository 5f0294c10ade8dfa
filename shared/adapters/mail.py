"""The Courier port kept by SMTP, and the one place where a mail becomes a message.

Internet message format: RFC 5322, RFC 2045 and RFC 2047. Images of the HTML: RFC 2387 and RFC 2392.
One-click unsubscribing: RFC 8058.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from ipaddress import ip_address
from time import monotonic
from typing import Any
from urllib.parse import quote

from shared.errors import Invalid, NotFound, TooLarge, Unavailable
from shared.ports import Clock, Image, Mail

MAX_BYTES = 1 << 20
MAX_LINE = 998  # RFC 5322, section 2.1.1
MAX_WORD = 500  # of a subject that travels as it is: a line is folded at spaces only
MAX_ID = 200
MAX_ADDRESS = 320  # with its name
MAX_IMAGES = 10
PNG = b"\x89PNG\r\n\x1a\n"
IMPLICIT_TLS = 465
TOO_LARGE = 552  # a mail server's status for a message beyond its bound

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?P<domain>{_LABEL}(?:\.{_LABEL})*)")
_NAMED = re.compile(r'"?(?P<name>[^<>"]*?)"?\s*<(?P<address>[^<>]*)>')
_BREAKS = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]")
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_HEADER_VALUE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")
_FOLDED = re.compile(r"(?i)from|to|date|mime-version|content-(?!id$).*")
_IMAGE_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}(?:@[A-Za-z0-9_-]{1,40}(?:\.[A-Za-z0-9_-]{1,40})?)?")
_OURS = re.compile(  # headers that this module writes, or that speak of the road
    _FOLDED.pattern
    + r"|content-.*|subject|message-id|auto-submitted|sender|cc|bcc|received|return-path|resent-.*"
)


class _Policy(EmailPolicy):
    """Leaves given headers as they are: folding turns long URLs and ids into encoded-words."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        return super().header_store_parse(name, value) if _FOLDED.fullmatch(name) else (name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        if _FOLDED.fullmatch(name):
            return super().fold_binary(name, value)
        return f"{name}: {value}{self.linesep}".encode("ascii")


_POLICY = _Policy(linesep="\r\n")


def message(mail: Mail, sender: str, at: datetime) -> EmailMessage:
    """The message that `bytes()` writes as it travels; `sender` is `name@domain` or with a name.

    Raises Invalid (an address, subject, header or image that is none) or TooLarge (beyond 1 MiB).
    """
    images = sum(len(image.png) for image in mail.images)
    _require_small(len(mail.text) + len(mail.html or "") + images)
    _require_images(mail)
    given, whose = _headers(mail), address(sender)
    made = EmailMessage(policy=_POLICY)
    made["From"], made["To"], made["Subject"] = whose, address(mail.to), _subject(mail.subject)
    made["Date"], made["Message-ID"] = at, f"<{file_safe(mail.mail_id)}@{whose.domain}>"
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's out-of-office answers it
    for name, value in given.items():
        made[name] = value
    try:
        made.set_content(mail.text)
        if mail.html is not None:
            made.add_alternative(mail.html, subtype="html")
            _attach(mail.images, made)
        _require_small(len(bytes(made)))
    except UnicodeError as error:
        raise Invalid("The mail holds characters that no text can hold. Remove them.") from error
    return made


def address(text: str) -> Address:
    """One address, with or without a name; Invalid for anything else."""
    named = _NAMED.fullmatch(text[: MAX_ADDRESS + 1])
    spec = named["address"] if named else text
    if len(text) > MAX_ADDRESS or _BREAKS.search(text) or not _ADDRESS.fullmatch(spec):
        raise Invalid("This is no e-mail address. Give one, such as name@example.com.")
    return Address(named["name"].strip() if named else "", addr_spec=spec)


def file_safe(mail_id: str) -> str:
    """A mail's id in letters, digits, `-`, `_`, `~` and `%`; Invalid if empty or too long."""
    with suppress(UnicodeError):
        name = quote(mail_id, safe="").replace(".", "%2E")
        if 0 < len(name) <= MAX_ID:
            return name
    raise Invalid("A mail needs a short id of its own.")


def _require_small(size: int) -> None:
    if size > MAX_BYTES:
        raise TooLarge("The mail is larger than 1 MiB. Shorten it, or link to what it holds.")


def _require_images(mail: Mail) -> None:
    names = {image.name for image in mail.images}
    if len(mail.images) > MAX_IMAGES or len(names) < len(mail.images):
        raise Invalid(f"A mail carries at most {MAX_IMAGES} images, each with a name of its own.")
    if mail.images and mail.html is None:
        raise Invalid("Images belong to a mail's HTML, and this mail has none.")
    for image in mail.images:
        if not _IMAGE_NAME.fullmatch(image.name) or not image.png.startswith(PNG):
            raise Invalid(f"{image.name[:40]!r} is no image that a mail can carry. Give a PNG.")


def _attach(images: tuple[Image, ...], made: EmailMessage) -> None:
    """Beside the HTML, in a part of their own: programs that show only text never load them."""
    *_, html = made.iter_parts()
    for at, image in enumerate(images, start=1):
        cid, shown = f"<{image.name}>", f"image-{at}.png"
        html.add_related(image.png, "image", "png", cid=cid, disposition="inline", filename=shown)
        html.set_param("type", "text/html")  # which of the parts is shown: RFC 2387, section 3.1


def _subject(text: str) -> str:
    """The subject as it travels. Python 3.13's policy doubles spaces where it folds it."""
    if _BREAKS.search(text) or len(text) > MAX_LINE:
        raise Invalid("A mail's subject is one line of at most 998 characters.")
    plain = text.isascii() and "=?" not in text and all(len(w) < MAX_WORD for w in text.split(" "))
    charset = "us-ascii" if plain else "utf-8"
    # An encoded word has 75 characters at most: RFC 2047, section 2.
    return Header(text, charset, maxlinelen=75, header_name="Subject").encode(linesep="\r\n")


def _headers(mail: Mail) -> dict[str, str]:
    for name, value in mail.headers.items():
        fits = len(name) + len(value) + 2 <= MAX_LINE and _HEADER_VALUE.fullmatch(value)
        if not fits or not _HEADER_NAME.fullmatch(name) or _OURS.fullmatch(name):
            raise Invalid(f"The mail header {name[:40]!r} is not one that may be given like this.")
    return dict(mail.headers)


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Whom to hand mail to, and as whom. No `user`: no signing in.

    TLS is spoken from the start on port 465 or with `tls_first`, elsewhere after STARTTLS; only a
    server on this machine may do without. `tls` says whom to trust; None: whom the system trusts.
    """

    host: str
    port: int
    user: str
    sender: str
    tls: ssl.SSLContext | None = None
    tls_first: bool = False
    deadline_s: float = 20.0

    @property
    def speaks_tls_first(self) -> bool:
        """Whether the first byte is TLS already."""
        return self.tls_first or self.port == IMPLICIT_TLS

    @property
    def on_this_machine(self) -> bool:
        """Whether nothing that is said to it leaves the machine."""
        with suppress(ValueError):
            return ip_address(self.host).is_loopback
        return self.host == "localhost"


class SmtpCourier:
    """Keeps shared.ports.Courier with one connection for each mail.

    No answer of the server is waited for longer than `deadline_s`. If the line breaks after the
    last byte, the mail may have been taken all the same: a repeat has the same Message-ID, by
    which mail programs recognise it.
    """

    def __init__(self, server: SmtpServer, password: Callable[[], str], clock: Clock) -> None:
        self._server, self._password, self._clock = server, password, clock
        self._sender = address(server.sender)

    def send(self, mail: Mail) -> None:
        """Hand the mail to the server."""
        raw = bytes(message(mail, self._server.sender, self._clock.now()))
        to = address(mail.to).addr_spec
        with _translated(), self._signed_in(monotonic() + self._server.deadline_s) as client:
            client.sendmail(self._sender.addr_spec, [to], raw)

    @contextmanager
    def _signed_in(self, until: float) -> Iterator[smtplib.SMTP]:
        client = self._connected()
        try:
            _bound(client, until)
            self._secured(client)
            _bound(client, until)
            if self._server.user:
                client.login(self._server.user, self._password())
            _bound(client, until)
            yield client
            with suppress(OSError):  # it has the mail: how it says goodbye is its own affair
                client.quit()
        finally:
            client.close()

    def _connected(self) -> smtplib.SMTP:
        where, us = (self._server.host, self._server.port), self._sender.domain
        if self._server.speaks_tls_first:
            trust = self._trust()
            return smtplib.SMTP_SSL(*where, us, timeout=self._server.deadline_s, context=trust)
        return smtplib.SMTP(*where, us, timeout=self._server.deadline_s)

    def _secured(self, client: smtplib.SMTP) -> None:
        client.ehlo_or_helo_if_needed()
        if self._server.speaks_tls_first:
            return
        if not self._server.on_this_machine or client.has_extn("starttls"):
            client.starttls(context=self._trust())

    def _trust(self) -> ssl.SSLContext:
        return self._server.tls or ssl.create_default_context()


def _bound(client: smtplib.SMTP, until: float) -> None:
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError
    if client.sock:
        client.sock.settimeout(left)


_LATER = "The mail server did not take the mail. It can be sent again later."
_OPERATOR = "Mail cannot be sent as it is set up here. An operator must check "


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (smtplib.SMTPAuthenticationError, NotFound, UnicodeError) as error:
        raise Unavailable(_OPERATOR + "the mail server's user name and password.") from error
    except (smtplib.SMTPNotSupportedError, ssl.SSLError) as error:
        raise Unavailable(_OPERATOR + "that the mail server offers TLS and sign-in.") from error
    except smtplib.SMTPRecipientsRefused as error:
        (status, _), *_rest = error.recipients.values()
        if _for_good(status):
            raise Invalid("The mail server refuses this recipient. Check the address.") from error
        raise Unavailable(_LATER) from error
    except smtplib.SMTPResponseException as error:
        raise _judged(error) from error
    except OSError as error:  # no connection, a broken one, a silent one
        raise Unavailable(_LATER) from error


def _judged(error: smtplib.SMTPResponseException) -> Exception:
    """A refusal of the sender or of the whole message."""
    if error.smtp_code == TOO_LARGE:
        return TooLarge("The mail is larger than the mail server takes. Shorten it.")
    if not _for_good(error.smtp_code):
        return Unavailable(_LATER)
    if isinstance(error, smtplib.SMTPDataError):
        return Invalid("The mail server refuses this mail for good. Change what it says.")
    return Unavailable(_OPERATOR + "the mail server and the sender's address.")


def _for_good(status: int) -> bool:
    return 500 <= status < 600
