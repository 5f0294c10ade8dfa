"""Who calls: RS256 ID tokens of one issuer, checked against its published keys.

Issuer, audience, expiry, issue time, subject and key id are required and checked; the algorithm is
fixed, so neither `none` nor an HMAC signed with a public key passes. Every failure is the same 401.
OpenID Connect Core 1.0, section 3.1.3.7.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from time import monotonic
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import jwt
from cachetools import TTLCache

from shared.domain.access import ACCOUNT, Caller
from shared.errors import Unauthenticated, Unavailable

LONGEST_TOKEN = 8192
KEYS_LIVE_S = 3600.0
KEYS_REFETCH_S = 30.0
FETCH_TIMEOUT_S = 5.0
LEEWAY_S = 30
KNOWN_TOKENS, KNOWN_S = 4096, 60.0

_ACCOUNT = re.compile(ACCOUNT)


class KeySet:
    """The public keys of an issuer, cached for an hour.

    An unknown key id asks again at most every 30 s: keys rotate, and made-up key ids must not
    turn into a request each. With the issuer down, keys already known go on being used.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: dict[str, jwt.PyJWK] = {}
        self._read_at = float("-inf")
        self._lock = threading.Lock()

    def key(self, kid: str) -> jwt.PyJWK:
        """The key with this id. Raises Unauthenticated (none) or Unavailable (issuer is down)."""
        with self._lock:
            age = monotonic() - self._read_at
            if age > KEYS_LIVE_S or (kid not in self._keys and age > KEYS_REFETCH_S):
                self._read()
            found = self._keys.get(kid)
        if found is None:
            raise Unauthenticated("The issuer does not publish the key that signed the token.")
        return found

    def _read(self) -> None:
        try:
            with urlopen(self._url, timeout=FETCH_TIMEOUT_S) as answer:  # noqa: S310 (from settings)
                published = json.loads(answer.read(1 << 20))
            self._keys = {
                row["kid"]: jwt.PyJWK.from_dict(row, algorithm="RS256")
                for row in published["keys"]
                if row.get("kty") == "RSA" and row.get("use", "sig") == "sig" and "kid" in row
            }
            self._read_at = monotonic()
        except (URLError, OSError, ValueError, KeyError, jwt.PyJWTError) as wrong:
            if not self._keys:
                raise Unavailable("The sign-in service cannot be reached; try again.") from wrong
            self._read_at = monotonic() - KEYS_LIVE_S + KEYS_REFETCH_S


class TokenVerifier:
    """Checks tokens of one issuer for one audience."""

    def __init__(self, *, issuer: str, audience: str, keys_url: str) -> None:
        self._issuer = issuer
        self._audience = audience
        self._keys = KeySet(keys_url)
        self._known: TTLCache[bytes, dict[str, Any]] = TTLCache(KNOWN_TOKENS, KNOWN_S)
        self._lock = threading.Lock()

    def claims(self, token: str) -> Mapping[str, Any]:
        """The claims of a good token. Raises Unauthenticated for any other.

        A token that was checked is known for a minute: its holder sends it with every request.
        """
        if len(token) > LONGEST_TOKEN:
            raise Unauthenticated("The token is too long.")
        name = sha256(token.encode("utf-8", "replace")).digest()
        with self._lock:
            claims = self._known.get(name)
        if claims is None:
            claims = self._checked(token)
            with self._lock:
                self._known[name] = claims
        # The leeway is for issuers whose clock is ahead of ours, not for a longer life. Tokens live
        # in real time, whatever day the suite's clock is set to.
        if datetime.now(UTC).timestamp() >= claims["exp"]:  # noqa: TID251
            raise Unauthenticated("The token has run out: sign in again.")
        return claims

    def _checked(self, token: str) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
            kid = header.get("kid")
            if header.get("alg") != "RS256" or not isinstance(kid, str):
                raise Unauthenticated("The token is not signed as it must be: RS256 with a key id.")
            claims: dict[str, Any] = jwt.decode(
                token,
                self._keys.key(kid),
                algorithms=["RS256"],
                issuer=self._issuer,
                audience=self._audience,
                leeway=LEEWAY_S,
                options={"require": ["exp", "iat", "iss", "aud", "sub"], "strict_aud": True},
            )
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as wrong:
            raise Unauthenticated("The token is not valid or no longer valid.") from wrong
        return claims

    def caller(self, authorization: str | None) -> Caller:
        """The person behind an `Authorization: Bearer …` header."""
        claims = self.claims(_bearer(authorization))
        uid, email = claims["sub"], claims.get("email")
        if not isinstance(uid, str) or not _ACCOUNT.fullmatch(uid):
            raise Unauthenticated("The token names nobody.")
        verified = isinstance(email, str) and claims.get("email_verified") is True
        return Caller(uid=uid, email=str(email).casefold() if verified else None)

    def require_service(self, authorization: str | None, email: str) -> None:
        """Pass only the service account with this verified e-mail."""
        claims = self.claims(_bearer(authorization))
        if claims.get("email") != email or claims.get("email_verified") is not True:
            raise Unauthenticated("This account may not deliver events.")


def _bearer(authorization: str | None) -> str:
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("Send an ID token: `Authorization: Bearer <token>`.")
    return token.strip()
