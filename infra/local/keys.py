"""The keys of a data folder: the local issuer's pair with tokens signed with it, and the one that
signs links to unsubscribe. Each is made once.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from shared.domain.summaries.unsubscribing import SECRET, SHORTEST_KEY


@dataclass(frozen=True, slots=True)
class Issuer:
    """Signs tokens that the local suite accepts."""

    key: rsa.RSAPrivateKey
    kid: str
    name: str

    def token(self, claims: dict[str, Any], *, now: datetime, ttl: timedelta) -> str:
        """An RS256 token with these claims, valid from now for `ttl`."""
        stamped = {"iss": self.name, "iat": now, "exp": now + ttl, **claims}
        return jwt.encode(stamped, self.key, algorithm="RS256", headers={"kid": self.kid})

    def person(self, email: str, *, audience: str, now: datetime, ttl: timedelta) -> str:
        """An ID token of a person; locally the account id is the e-mail address."""
        email = email.strip().casefold()
        claims = {"aud": audience, "sub": email, "email": email, "email_verified": True}
        return self.token(claims, now=now, ttl=ttl)


def issuer(data_dir: Path, name: str) -> Issuer:
    """The issuer of this data folder; its key pair is made at the first call."""
    folder = data_dir / "auth"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    private = folder / "private.pem"
    if not private.exists():
        _write_once(private, _new_key())
    key = serialization.load_pem_private_key(private.read_bytes(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ValueError(f"{private} holds no RSA key")
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    kid = sha256(public["n"].encode()).hexdigest()[:16]
    row = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid, "n": public["n"]}
    _write_once(folder / "jwks.json", json.dumps({"keys": [{**row, "e": public["e"]}]}).encode())
    return Issuer(key, kid, name)


def unsubscribe_key(data_dir: Path) -> Path:
    """The file with the key of links to unsubscribe; its folder is where secrets are."""
    folder = data_dir / "secrets"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (folder / SECRET).exists():
        _write_once(folder / SECRET, secrets.token_urlsafe(SHORTEST_KEY).encode())
    return folder / SECRET


def _new_key() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _write_once(path: Path, content: bytes) -> None:
    # Two processes may start on one folder: the first to link its file wins, whole or not at all.
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
