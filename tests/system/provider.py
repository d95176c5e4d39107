"""A tiny OpenID provider on the loopback, for the tests: one key, one client, codes that are used once."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from baoxue.platform import clock

CLIENT, SECRET = "baoxue", "a secret of the tests, long enough to sign with"


class Provider:
    """`claims` change what an id token says, `signed_by` who signs it; both spoil it where a test wants that."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.signed_by: tuple[str, Any] = ("RS256", self.key)
        self.claims: dict[str, Any] = {}
        self._codes: dict[str, dict[str, str]] = {}

    def authorize(self, address: str, *, subject: str) -> dict[str, str]:
        """What a browser brings back after a person proved at `address` to be `subject`."""
        asked = dict(parse_qsl(urlsplit(address).query))
        code = f"code-{len(self._codes)}"
        self._codes[code] = {**asked, "subject": subject}
        return {"code": code, "state": asked["state"]}

    def described(self) -> dict[str, str]:
        """The discovery document."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }

    def token(self, form: dict[str, str], authorization: str) -> dict[str, str] | None:
        """The answer of the token endpoint; None = refused."""
        asked = self._codes.pop(form["code"], None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        client = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if (
            asked is None
            or authorization != f"Basic {client}"
            or challenge.decode() != asked["code_challenge"]
            or form["redirect_uri"] != asked["redirect_uri"]
        ):
            return None
        now = int(clock.now().timestamp())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": asked["subject"], "nonce": asked["nonce"], "iat": now}
        algorithm, key = self.signed_by
        header = {"alg": algorithm, "kid": "one"}
        return {
            "id_token": jwt.encode(header, {**claims, "exp": now + 300, **self.claims}, key, algorithms=[algorithm])
        }


def another_key() -> tuple[str, Any]:
    """A key the provider does not publish."""
    return "RS256", RSAKey.generate_key(2048, {"kid": "one"})


def shared_secret() -> tuple[str, Any]:
    """The client's secret as a key, which everybody who set the client up knows."""
    return "HS256", OctKey.import_key(SECRET)


@contextmanager
def provider() -> Iterator[Provider]:
    """A provider at work."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            keys = {"keys": [made.key.as_dict(private=False)]}
            self._answer({"/.well-known/openid-configuration": made.described(), "/keys": keys}.get(self.path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._answer(made.token(form, self.headers.get("Authorization", "")))

        def _answer(self, content: object) -> None:
            self.send_response(400 if content is None else 200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(content).encode())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Provider(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
