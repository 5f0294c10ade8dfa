"""A mail server on this machine: aiosmtpd, with TLS, sign-in and the refusals it is told."""

from __future__ import annotations

import asyncio
import ssl
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

USER, PASSWORD = "aims", "correct horse"


@dataclass(frozen=True)
class Delivery:
    """A mail that was taken."""

    sender: str
    recipients: list[str]
    raw: bytes
    over_tls: bool
    user: str | None


@dataclass
class SmtpPost:
    """What the server does and what it took. An answer in `says` replaces the real one.

    `says` maps a command (RCPT, DATA …) to an answer such as "550 No such user"; `wait` delays a
    command by seconds; at one that is in `hangs_up` the connection is lost.
    """

    starttls: bool = True
    tls_first: bool = False
    auth: bool = True
    says: dict[str, str] = field(default_factory=dict)
    wait: dict[str, float] = field(default_factory=dict)
    hangs_up: set[str] = field(default_factory=set)
    taken: list[Delivery] = field(default_factory=list)
    port: int = 0
    _sessions: list[SMTP] = field(default_factory=list)

    def start(self) -> SmtpPost:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever)
        self._thread.start()
        self._server = self._run(self._listen())
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def close(self) -> None:
        self._run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def handle_MAIL(self, server, session: Any, envelope: Any, sender: str, _):  # noqa: N802
        if answer := await self._scripted(server, "MAIL"):
            return answer
        envelope.mail_from = sender
        return "250 OK"

    async def handle_RCPT(self, server, session: Any, envelope: Any, to: str, _):  # noqa: N802
        if answer := await self._scripted(server, "RCPT"):
            return answer
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, server, session: Any, envelope: Any):  # noqa: N802
        if answer := await self._scripted(server, "DATA"):
            return answer
        user = session.auth_data.login.decode() if session.auth_data else None
        over_tls = self.tls_first or session.ssl is not None
        self.taken.append(
            Delivery(envelope.mail_from, envelope.rcpt_tos, envelope.content, over_tls, user)
        )
        return "250 OK"

    async def handle_QUIT(self, server, session: Any, envelope: Any):  # noqa: N802
        return await self._scripted(server, "QUIT") or "221 Bye"

    async def _scripted(self, server: SMTP, command: str) -> str | None:
        await asyncio.sleep(self.wait.get(command, 0))
        if command in self.hangs_up:
            server.transport.abort()
            return "421 nobody reads this"
        return self.says.get(command)

    def _authenticate(self, _: Any, __: Any, ___: Any, how: str, given: Any) -> AuthResult:
        right = LoginPassword(USER.encode(), PASSWORD.encode())
        return AuthResult(success=given == right, handled=False, auth_data=given)

    def _session(self) -> SMTP:
        upgrades = self.starttls and not self.tls_first
        session = SMTP(
            self,
            hostname="mail.test",
            tls_context=server_tls() if upgrades else None,
            authenticator=self._authenticate if self.auth else None,
            auth_required=self.auth and upgrades,
            auth_require_tls=upgrades,
            data_size_limit=4 << 20,
            loop=self._loop,
        )
        self._sessions.append(session)
        return session

    async def _listen(self) -> Any:
        tls = server_tls() if self.tls_first else None
        return await self._loop.create_server(self._session, "127.0.0.1", 0, ssl=tls)

    async def _stop(self) -> None:
        self._server.close()
        for session in self._sessions:
            if session.transport:
                session.transport.abort()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0.01)  # transports close their sockets a turn later

    def _run(self, job: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(job, self._loop).result(10)


@cache
def certificate() -> tuple[str, str]:
    """A self-signed certificate for 127.0.0.1, and its key, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.test")])
    places = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(places, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return made.public_bytes(serialization.Encoding.PEM).decode(), private.decode()


def server_tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        pem = Path(folder) / "both.pem"
        pem.write_text("".join(certificate()))
        context.load_cert_chain(pem)
    return context


def trusting() -> ssl.SSLContext:
    """What a client must trust to reach this server."""
    return ssl.create_default_context(cadata=certificate()[0])
