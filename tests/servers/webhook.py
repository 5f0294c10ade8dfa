"""A receiver of webhooks on this machine: real sockets, real TLS, and as hostile as it is told."""

from __future__ import annotations

import socket
import ssl
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from threading import Event, Thread
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@dataclass(frozen=True)
class Arrival:
    """A request that was read to its end. Names of headers are in lower case."""

    line: str
    headers: dict[str, str]
    body: bytes
    raw: bytes


def status(code: int, *headers: str) -> bytes:
    """An answer without a body."""
    return "\r\n".join([f"HTTP/1.1 {code} Said", *headers, "", ""]).encode()


@dataclass
class Receiver:
    """Reads a request, then does what `behaves` says: bytes to send, or a function of the line.

    `first` happens instead of all that, for receivers that never get so far. `tls` is None for
    plain HTTP. `named` are the names that clients asked for in TLS.
    """

    behaves: bytes | Callable[[Receiver, Any], None] = OK
    first: Callable[[Receiver, Any], None] | None = None
    tls: ssl.SSLContext | None = None
    host: str = "127.0.0.1"
    port: int = 0
    connections: int = 0
    arrivals: list[Arrival] = field(default_factory=list)
    named: list[str | None] = field(default_factory=list)
    closing: Event = field(default_factory=Event)
    _lines: list[Any] = field(default_factory=list)
    _threads: list[Thread] = field(default_factory=list)

    def start(self) -> Receiver:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        self._door = socket.create_server((self.host, self.port), family=family, backlog=64)
        self.port = self._door.getsockname()[1]
        self._run(self._accept)
        return self

    def close(self) -> None:
        self.closing.set()
        for line in (self._door, *self._lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()
        for thread in self._threads:
            thread.join()

    def drip(self, line: Any, data: bytes, pause: float = 0.02) -> None:
        """Send one byte after another, for ever."""
        while not self.closing.is_set():
            for number in range(len(data)):
                line.sendall(data[number : number + 1])
                if self.closing.wait(pause):
                    return

    def _run(self, job: Callable[..., None], *args: Any) -> None:
        thread = Thread(target=job, args=args)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._door.accept()
                self.connections += 1
                self._lines.append(line)
                self._run(self._serve, line)

    def _serve(self, line: Any) -> None:
        with suppress(OSError, ValueError):
            try:
                line = self._spoken(line)
                if self.first:
                    self.first(self, line)
                    return
                self.arrivals.append(_read(line))
                if isinstance(self.behaves, bytes):
                    line.sendall(self.behaves)
                else:
                    self.behaves(self, line)
            finally:
                with suppress(OSError):
                    line.shutdown(socket.SHUT_WR)
                line.close()

    def _spoken(self, line: Any) -> Any:
        if not self.tls:
            return line
        self.tls.sni_callback = lambda _, name, __: self.named.append(name)
        secured = self.tls.wrap_socket(line, server_side=True)
        self._lines.append(secured)
        return secured


def _read(line: Any) -> Arrival:
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(line)
    head, _, body = data.partition(b"\r\n\r\n")
    first, *rest = head.decode("ascii").split("\r\n")
    pairs = [row.split(": ", 1) for row in rest]
    headers = {name.lower(): value for name, value in pairs}
    assert len(headers) == len(rest), "a header came twice"
    while len(body) < int(headers["content-length"]):
        body += _more(line)
    return Arrival(first, headers, body, head + b"\r\n\r\n" + body)


def _more(line: Any) -> bytes:
    if not (data := line.recv(65_536)):
        raise ConnectionError
    return data


@dataclass(frozen=True)
class Authority:
    """A certificate authority made for one run of the tests."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def trust(self) -> ssl.SSLContext:
        """A client that trusts this authority alone."""
        pem = self.certificate.public_bytes(serialization.Encoding.PEM).decode()
        return ssl.create_default_context(cadata=pem)

    def server(self, *names: str, ended: timedelta = timedelta(days=-1)) -> ssl.SSLContext:
        """A server with a certificate for these names and addresses, which ended so long ago."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = (
            _unsigned(names[0], key, self.certificate.subject, datetime.now(UTC) - ended)
            .add_extension(x509.SubjectAlternativeName([_san(name) for name in names]), False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
            .add_extension(_signed_by(self.key), False)
            .sign(self.key, hashes.SHA256())
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:
            pem = Path(folder) / "both.pem"
            pem.write_bytes(made.public_bytes(serialization.Encoding.PEM) + _private(key))
            context.load_cert_chain(pem)
        return context


_SIGNS_CERTIFICATES = x509.KeyUsage(
    False, False, False, False, False, key_cert_sign=True, crl_sign=True,
    encipher_only=False, decipher_only=False,
)  # fmt: skip


@cache
def authority(name: str = "AIMS tests") -> Authority:
    """The authority of this name."""
    key = ec.generate_private_key(ec.SECP256R1())
    whose = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (
        _unsigned(name, key, whose, datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .add_extension(_SIGNS_CERTIFICATES, True)
        .sign(key, hashes.SHA256())
    )
    return Authority(key, made)


def _unsigned(
    name: str, key: ec.EllipticCurvePrivateKey, issuer: x509.Name, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(until - timedelta(days=9))
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    )


def _signed_by(key: ec.EllipticCurvePrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def _san(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
