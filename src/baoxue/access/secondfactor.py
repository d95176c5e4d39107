"""One-time codes (RFC 6238: 30 seconds, six digits), and the recovery codes for a lost telephone."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

import pyotp
import segno

_STEP = 30
_RECOVERY_CODES = 8
# No l, o, 0, 1: read from paper and typed by hand.
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


def new_secret() -> str:
    """A fresh secret, base 32."""
    return pyotp.random_base32()


def step_of(code: str, *, secret: str, now: datetime) -> int | None:
    """The time step a code belongs to (the present one, one before or after); None when it is wrong."""
    totp = pyotp.TOTP(secret)
    present = int(now.timestamp()) // _STEP
    for step in (present, present - 1, present + 1):
        if secrets.compare_digest(totp.at(step * _STEP), code.strip()):
            return step
    return None


def uri(secret: str, *, username: str) -> str:
    """What an authenticator application reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name="保学")


def picture(secret: str, *, username: str) -> str:
    """The same as a QR code, an SVG without any style of its own."""
    return str(
        segno.make(uri(secret, username=username), error="m").svg_inline(
            scale=4, border=2, svgclass="qr", lineclass=None, omitsize=False
        )
    )


def new_recovery_codes() -> tuple[list[str], list[str]]:
    """Fresh recovery codes: as shown once, and their hashes as kept. They are random: a plain hash protects them."""
    codes = [random_word(10) for _ in range(_RECOVERY_CODES)]
    return codes, [recovery_digest(code) for code in codes]


def recovery_digest(code: str) -> str:
    """Hash of a recovery code, however it was spaced."""
    plain = "".join(sign for sign in code.casefold() if sign in _LETTERS)
    return hashlib.sha256(plain.encode()).hexdigest()


def random_word(length: int) -> str:
    """Random letters and digits that are not mistaken for each other on paper; 5 bits each."""
    return "".join(secrets.choice(_LETTERS) for _ in range(length))
