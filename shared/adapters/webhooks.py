"""The Webhooks port over HTTPS: one connection for each message, to an address that was checked.

The exchange is written out on a socket, since only the status of the answer matters, and since
every byte that a hostile receiver sends has to stay within one deadline and one bound.
Messages and signatures: https://www.standardwebhooks.com. HTTP/1.1: RFC 9112.
"""

from __future__ import annotations

import hmac
import json
import re
import socket
import ssl
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from functools import cached_property
from ipaddress import ip_address
from threading import Thread
from time import monotonic
from typing import Any
from urllib.parse import quote

from shared.adapters.addresses import Address, Network, Place, Reach
from shared.errors import Invalid, TooLarge, Unavailable
from shared.ports import Clock
from shared.ports.webhooks import Hook

MAX_BODY = 256 << 10
MAX_HEAD = 16 << 10  # of an answer
MAX_ID = 200
ATTEMPTS = 4  # a name may stand for thousands of addresses, which are not ours to knock at
CONNECT_S = 3.0  # for one of several addresses
FAREWELL_S = 0.5
CHUNK = 16 << 10

_PREFIX = "whsec_"
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5][0-9][0-9])(?: [^\r\n]*)?(?:\r\n|$)")
_INTERIM = frozenset(range(100, 200)) - {101}  # which would be another protocol
_LATER = frozenset([408, 425, 429, *range(500, 600)])

_NO_ANSWER = "The webhook's receiver cannot be reached or broke off. It is asked again later."
_TOO_SLOW = "The webhook's receiver did not answer in time. It is asked again later."
_NO_NAME = "The name in the webhook's address is not known now. Check it."
_NO_CERTIFICATE = (
    "The certificate of the webhook's receiver does not hold for its name now. "
    "Ask whoever runs it to renew it, or correct the address."
)
_NO_TLS = "The webhook's receiver does not speak TLS as it must. Ask whoever runs it."
_NO_SECRET = "The webhook's secret is none. Give text, or whsec_ and base64 after it."  # noqa: S105
_NOT_HTTP = "What is at the webhook's address does not answer as a web server. Check the address."
_REDIRECT = "The webhook's address leads elsewhere, which is not followed. Give the final address."


def system_resolver(name: str) -> list[str]:
    """The addresses of a name, as this machine finds them. Raises socket.gaierror."""
    return [str(info[4][0]) for info in socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)]


class HttpsWebhooks:
    """Keeps shared.ports.Webhooks. Proxies of the environment are not asked.

    `networks` are private networks that may be reached too, by http as well. `trust` says which
    certificates hold; None: those the system trusts. No message takes longer than `deadline_s`,
    the look-up of the name included: a look-up that takes longer ends later, in its own thread.
    """

    def __init__(
        self,
        clock: Clock,
        networks: Sequence[Network] = (),
        *,
        resolve: Callable[[str], Iterable[str]] = system_resolver,
        trust: ssl.SSLContext | None = None,
        deadline_s: float = 10.0,
    ) -> None:
        self._clock, self._reach, self._resolve = clock, Reach(tuple(networks)), resolve
        self._given_trust, self._deadline_s = trust, deadline_s

    def check(self, url: str) -> None:
        """Raises Invalid if no message may ever go there, without asking the network.

        By http that is all but addresses in `networks` and names that are local by their kind.
        """
        self._reach.check(url)

    def post(self, hook: Hook) -> None:
        """Deliver one message; returning means that the receiver took it (2xx)."""
        place = self._reach.place(hook.url)
        request = _request(hook, place, int(self._clock.now().timestamp()))
        until = monotonic() + self._deadline_s
        with _translated():
            addresses = self._addresses(place, until)
            with self._connected(place, addresses, until) as line:
                status = _exchanged(line, request, until)
        _judge(status)

    def _addresses(self, place: Place, until: float) -> list[Address]:
        """Every one of them may be reached: a name with one that may not is refused."""
        if place.literal:
            return [place.literal]
        addresses = _looked_up(self._resolve, place.host, _left(until))
        self._reach.require(addresses, place)
        return addresses

    @contextmanager
    def _connected(
        self, place: Place, addresses: list[Address], until: float
    ) -> Iterator[socket.socket]:
        """A line to one of these very addresses; the certificate holds for the name."""
        line = _opened(addresses, place.port, until)
        try:
            if not place.plain:
                line.settimeout(_left(until))
                line = self._trust.wrap_socket(line, server_hostname=place.host)
            yield line
        finally:
            line.close()

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        if self._given_trust:
            return self._given_trust
        trust = ssl.create_default_context()
        trust.set_alpn_protocols(["http/1.1"])
        return trust


def _request(hook: Hook, place: Place, at: int) -> bytes:
    body = _json(hook.body)
    headers = {
        "Host": place.authority,
        "User-Agent": "AIMS-Webhooks/1",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Accept-Encoding": "identity",
        "Connection": "close",
        "webhook-id": _header_safe(hook.hook_id),
        "webhook-timestamp": str(at),
    }
    if hook.secret is not None:
        signed = f"{headers['webhook-id']}.{at}.".encode() + body
        headers["webhook-signature"] = _signature(_key(hook.secret), signed)
    lines = [f"POST {place.target} HTTP/1.1", *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body


def _json(body: Mapping[str, Any]) -> bytes:
    try:
        text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        raw = text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise Invalid("A webhook's body holds JSON values only.") from error
    if len(raw) > MAX_BODY:
        raise TooLarge("A webhook's body holds at most 256 KiB. Shorten it.")
    return raw


def _header_safe(hook_id: str) -> str:
    """The id without a dot, which would be read as the end of it in what is signed."""
    with suppress(UnicodeError):
        safe = quote(hook_id, safe=":").replace(".", "%2E")
        if 0 < len(safe) <= MAX_ID:
            return safe
    raise Invalid("A webhook's message needs a short id of its own.")


def _key(secret: str) -> bytes:
    try:
        if secret.startswith(_PREFIX):
            text = secret.removeprefix(_PREFIX).rstrip("=")
            key = b64decode(text + "=" * (-len(text) % 4), validate=True)
        else:
            key = secret.encode()
    except ValueError as error:
        raise Invalid(_NO_SECRET) from error
    if not key:
        raise Invalid(_NO_SECRET)
    return key


def _signature(key: bytes, signed: bytes) -> str:
    return "v1," + b64encode(hmac.digest(key, signed, "sha256")).decode()


def _looked_up(resolve: Callable[[str], Iterable[str]], name: str, seconds: float) -> list[Address]:
    """What the name stands for. The system's resolver knows no deadline: a thread waits for it."""
    answer: Future[list[Address]] = Future()

    def ask() -> None:
        try:
            answer.set_result([ip_address(text) for text in resolve(name)])
        except OSError as error:
            answer.set_exception(error)
        except ValueError:  # no name, or no address
            answer.set_exception(socket.gaierror())

    Thread(target=ask, name="webhook-lookup", daemon=True).start()
    addresses = answer.result(seconds)
    if not addresses:
        raise socket.gaierror
    return addresses


def _opened(addresses: list[Address], port: int, until: float) -> socket.socket:
    *others, last = addresses[:ATTEMPTS]
    for address in others:
        with suppress(OSError):
            return socket.create_connection((str(address), port), min(CONNECT_S, _left(until)))
    return socket.create_connection((str(last), port), _left(until))


def _exchanged(line: socket.socket, request: bytes, until: float) -> int:
    for start in range(0, len(request), CHUNK):  # TLS counts its time anew for each record
        line.settimeout(_left(until))
        line.sendall(request[start : start + CHUNK])
    status = _status(line, until)
    _leave(line, until)
    return status


def _status(line: socket.socket, until: float) -> int:
    """The status of the final answer. Its headers are bounded, and read to their end only."""
    data, seen = b"", 0
    while seen <= MAX_HEAD:
        head, ended, rest = data.partition(b"\r\n\r\n")
        if not ended:
            line.settimeout(_left(until))
            more = line.recv(4096)
            if not more:
                raise ConnectionError
            data, seen = data + more, seen + len(more)
        elif (status := _code(head)) in _INTERIM:
            data = rest
        else:
            return status
    raise Invalid(_NOT_HTTP)


def _code(head: bytes) -> int:
    found = _STATUS.match(head)
    if not found:
        raise Invalid(_NOT_HTTP)
    return int(found[1])


def _leave(line: socket.socket, until: float) -> None:
    """Let an honest receiver finish a short answer; closing at once would cut it off."""
    until = min(until, monotonic() + FAREWELL_S)
    with suppress(OSError):
        for _ in range(4):
            line.settimeout(_left(until))
            if not line.recv(1024):
                return


def _left(until: float) -> float:
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError
    return left


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise Unavailable(_NO_CERTIFICATE) from error
    except ssl.SSLError as error:
        raise Unavailable(_NO_TLS) from error
    except socket.gaierror as error:
        raise Unavailable(_NO_NAME) from error
    except TimeoutError as error:
        raise Unavailable(_TOO_SLOW) from error
    except OSError as error:
        raise Unavailable(_NO_ANSWER) from error


def _judge(status: int) -> None:
    if 200 <= status < 300:
        return
    if status in _LATER:
        raise Unavailable(f"The webhook's receiver is busy or down (status {status}).")
    if 300 <= status < 400:
        raise Invalid(_REDIRECT)
    raise Invalid(
        f"The webhook's receiver refuses the message for good (status {status}). "
        "Check the webhook's address and what the receiver expects."
    )
