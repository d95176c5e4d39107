"""Protected data: SM4-GCM under rotatable keys, found by HMAC-SM3.

Sources: GB/T 32907 (SM4), GB/T 32905 (SM3), GB/T 17964 (modes), RFC 5116 (what a nonce must be).

The keys lie outside the database, in the file `BAOXUE_KEYFILE` names, JSON:
`{"active": "2", "data": {"1": "<32 hex>", "2": "<32 hex>"}, "index": "<64 hex>"}`. New values are written under the
active key; old ones stay readable under theirs until `baoxue keys rotate` has written them anew. The index key does not
change with it: it finds values, it does not open them.
"""

from __future__ import annotations

import functools
import json
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC

from baoxue.refusal import Refusal

_LAYOUT = 1
# Where in a sealed value the number of its key stands.
KEY_AT = 1
_NONCE = 12
_TAG = 16
DIGEST_SIZE = 32
TOKEN_LENGTH = 24
_MOST_KEYS = 255


class KeysNotUsable(Refusal):
    """The key file is missing, unreadable or incomplete."""

    code = "keys-not-usable"


class NotOpened(Refusal):
    """A protected value does not open: another key, another place, or changed bytes."""

    code = "protected-value-not-opened"


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys of an installation. `data`: by number; `active`: number new values are written under; `index`: 32 bytes."""

    active: int
    data: Mapping[int, bytes]
    index: bytes

    def seal(self, plain: bytes, *, place: str) -> bytes:
        """Encrypt bytes for one place (`table.column` or a kind of file); they open only there.

        Layout: version (1 byte) ‖ number of the key (1) ‖ nonce (12) ‖ ciphertext ‖ tag (16).
        """
        nonce = os.urandom(_NONCE)
        encryptor = Cipher(SM4(self.data[self.active]), modes.GCM(nonce)).encryptor()
        head = bytes((_LAYOUT, self.active))
        encryptor.authenticate_additional_data(head + place.encode())
        sealed = encryptor.update(plain) + encryptor.finalize()
        return head + nonce + sealed + encryptor.tag

    def open(self, sealed: bytes, *, place: str) -> bytes:
        """Decrypt what was sealed for this place. Raises NotOpened."""
        head, nonce = sealed[:2], sealed[2 : 2 + _NONCE]
        if len(sealed) < 2 + _NONCE + _TAG or head[0] != _LAYOUT or head[1] not in self.data:
            raise NotOpened("受保护的数据打不开：格式不对，或缺少当时的密钥。")
        body, tag = sealed[2 + _NONCE : -_TAG], sealed[-_TAG:]
        decryptor = Cipher(SM4(self.data[head[1]]), modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(head + place.encode())
        try:
            return decryptor.update(body) + decryptor.finalize()
        except InvalidTag:
            raise NotOpened("受保护的数据打不开：密钥不对，或数据被改动过。") from None

    def token(self, code: str, *, kind: str) -> str:
        """What stands in the database for a code of a closed list that must not be read there: 24 hex digits."""
        return self.digest(code, kind=kind).hex()[:TOKEN_LENGTH]

    def digest(self, value: str, *, kind: str) -> bytes:
        """Keyed hash (32 bytes) by which a value of a kind is found; equal values of a kind have equal digests."""
        mac = HMAC(self.index, SM3())
        mac.update(kind.encode() + b"\0" + value.encode())
        return mac.finalize()

    def digests(self, values: Iterable[str], *, kind: str) -> list[bytes]:
        """`digest` of many values of a kind, in a third of the time."""
        begun = HMAC(self.index, SM3())
        begun.update(kind.encode() + b"\0")
        return [_finished(begun, value) for value in values]


def _finished(begun: HMAC, value: str) -> bytes:
    mac = begun.copy()
    mac.update(value.encode())
    return mac.finalize()


def new_keyfile(path: Path) -> None:
    """Write a key file with fresh keys, mode 600. Raises FileExistsError: keys are never overwritten."""
    content = {"active": "1", "data": {"1": secrets.token_hex(16)}, "index": secrets.token_hex(32)}
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file)


def read_keyfile(path: Path) -> Keyring:
    """Read a key file. Raises KeysNotUsable; the sentence names the file, never a key."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        keys = {int(number): bytes.fromhex(key) for number, key in content["data"].items()}
        ring = Keyring(int(content["active"]), keys, bytes.fromhex(content["index"]))
    except OSError:
        raise KeysNotUsable(f"读不到密钥文件 {path}；请检查 BAOXUE_KEYFILE 和文件权限。") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise KeysNotUsable(f"密钥文件 {path} 的内容不完整；请从备份恢复，不要新建。") from None
    sizes = {len(key) for key in keys.values()}
    if sizes != {16} or len(ring.index) != 32 or ring.active not in keys or not all(0 < n < 256 for n in keys):
        raise KeysNotUsable(f"密钥文件 {path} 的内容不完整；请从备份恢复，不要新建。")
    return ring


def add_key(path: Path) -> int:
    """Add a fresh key and make it the active one; gives its number. Old keys stay: old values and backups need them.

    The file is replaced in one step: it is never half written. Raises KeysNotUsable.
    """
    number = max(read_keyfile(path).data) + 1
    if number > _MOST_KEYS:
        raise KeysNotUsable(f"密钥文件 {path} 已有 {_MOST_KEYS} 个密钥，不能再加。")
    content = json.loads(path.read_text(encoding="utf-8"))
    content["data"][str(number)] = secrets.token_hex(16)
    content["active"] = str(number)
    aside = path.with_name(f"{path.name}.new")
    aside.unlink(missing_ok=True)
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    kept = path.stat()
    os.chown(aside, kept.st_uid, kept.st_gid)
    aside.replace(path)
    return number


def keyring() -> Keyring:
    """The keys of this installation, read anew when the file has changed. Raises KeysNotUsable."""
    from django.conf import settings

    path = settings.BAOXUE_KEYFILE
    try:
        changed_at = os.stat(path).st_mtime_ns  # noqa: PTH116 - once for each value that is opened
    except OSError:
        changed_at = 0
    return _read(path, changed_at)


@functools.lru_cache(maxsize=4)
def _read(path: str, _changed_at: int) -> Keyring:
    return read_keyfile(Path(path))
