"""Signing in through a bureau's own directory: OpenID Connect, authorization code with PKCE.

Sources: OpenID Connect Core 1.0 (3.1.2, 3.1.3.7), RFC 7636, RFC 9700. The directory says who somebody is; what they may
do here comes from the posts of the account that carries its name for them (`Account.oidc_subject`), as for everybody.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import httpx
from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from baoxue.access.errors import DirectoryRefused, DirectoryUnreachable

# Signatures by the directory's own key only: with a shared secret, or none, anybody who knows it could be the directory.
_ALGORITHMS = ["RS256", "PS256", "ES256", "ES384", "RS512", "EdDSA"]
_LEEWAY_SECONDS = 120
_TIMEOUT_SECONDS = 10
_DISCOVERY = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class Directory:
    """A directory as it is configured. `name`: how the sign-in page calls it."""

    issuer: str
    client_id: str
    client_secret: str
    name: str


def configured() -> Directory | None:
    """The directory of this installation, if one is named."""
    named: Mapping[str, str] = settings.BAOXUE_OIDC
    return Directory(**named) if named["issuer"] and named["client_id"] else None


def begin(directory: Directory, *, back: str) -> tuple[str, dict[str, str]]:
    """Where to send a person, and what the session holds until they come `back` (an address of ours)."""
    held = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}
    challenge = hashlib.sha256(held["verifier"].encode()).digest()
    asked = {
        "response_type": "code",
        "scope": "openid",
        "client_id": directory.client_id,
        "redirect_uri": back,
        "state": held["state"],
        "nonce": held["nonce"],
        "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    with _client() as client:
        endpoint = _described(client, directory)["authorization_endpoint"]
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}", held


def finish(
    directory: Directory, *, answered: Mapping[str, str], held: Mapping[str, str], back: str, now: datetime
) -> str:
    """The subject of the person who came back. Raises DirectoryRefused, DirectoryUnreachable."""
    if not secrets.compare_digest(answered.get("state", ""), held["state"]) or "code" not in answered:
        raise DirectoryRefused
    with _client() as client:
        described = _described(client, directory)
        form = {
            "grant_type": "authorization_code",
            "code": answered["code"],
            "redirect_uri": back,
            "code_verifier": held["verifier"],
        }
        try:
            told = client.post(
                described["token_endpoint"], data=form, auth=(directory.client_id, directory.client_secret)
            )
        except httpx.HTTPError:
            raise DirectoryUnreachable from None
        if told.status_code != httpx.codes.OK:
            raise DirectoryRefused
        keys = _got(client, described["jwks_uri"])
    return _subject(directory, _json(told).get("id_token", ""), keys, nonce=held["nonce"], now=now)


def _subject(directory: Directory, token: str, keys: dict[str, Any], *, nonce: str, now: datetime) -> str:
    try:
        claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=_ALGORITHMS).claims  # type: ignore[arg-type]
        audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        second = now.timestamp()
        sound = (
            claims["iss"] == directory.issuer
            and directory.client_id in audience
            and (len(audience) == 1 or claims.get("azp") == directory.client_id)
            and claims["nonce"] == nonce
            and claims["iat"] <= second + _LEEWAY_SECONDS
            and second < claims["exp"] + _LEEWAY_SECONDS
        )
        subject = claims["sub"]
    except (JoseError, KeyError, TypeError, ValueError):
        raise DirectoryRefused from None
    if not sound or not isinstance(subject, str) or not subject:
        raise DirectoryRefused
    return subject


def _client() -> httpx.Client:
    return httpx.Client(timeout=_TIMEOUT_SECONDS, follow_redirects=False)


def _described(client: httpx.Client, directory: Directory) -> dict[str, Any]:
    described = _got(client, directory.issuer.rstrip("/") + _DISCOVERY)
    needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if described.get("issuer") != directory.issuer or any(name not in described for name in needed):
        raise DirectoryUnreachable
    return described


def _got(client: httpx.Client, address: str) -> dict[str, Any]:
    try:
        told = client.get(address)
        told.raise_for_status()
    except httpx.HTTPError:
        raise DirectoryUnreachable from None
    return _json(told)


def _json(told: httpx.Response) -> dict[str, Any]:
    try:
        content = told.json()
    except ValueError:
        raise DirectoryUnreachable from None
    if not isinstance(content, dict):
        raise DirectoryUnreachable
    return content
