"""The file a backup is: sealed with the keys of the installation, inside a tar, at its end the manifest."""

from __future__ import annotations

import io
import json
import secrets
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast

from baoxue.operation.tables import Table
from baoxue.platform import storage
from baoxue.platform.crypto import NotOpened
from baoxue.refusal import Refusal

_MAGIC = b"baoxue backup 1\n"
_ID = 16
# Entries by the beginning of their name: parts of the dump, kept files, the manifest.
DATABASE, FILES, MANIFEST = "database/", "files/", "manifest.json"


class BackupRefused(Refusal):
    """A backup cannot be made, or one cannot be restored here."""

    code = "backup-refused"


class BackupDamaged(Refusal):
    """A backup is cut short, was changed, or was made under other keys. Nothing has been touched."""

    code = "backup-damaged"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `files`: SHA-256 (hex) of each kept file as it lies sealed. `database`: of the dump."""

    made_at: str
    version: str
    server_major: int
    database: str
    tables: dict[str, Table]
    sequences: dict[str, int | None]
    files: dict[str, str]

    def to_json(self) -> bytes:
        """As it stands in the file."""
        fields = {name: getattr(self, name) for name in self.__slots__ if name != "tables"}
        return json.dumps({**fields, "tables": {n: t.to_json() for n, t in self.tables.items()}}).encode()

    @staticmethod
    def from_json(text: bytes) -> Manifest:
        """As it was written."""
        fields = json.loads(text)
        return Manifest(**{**fields, "tables": {name: Table(**table) for name, table in fields["tables"].items()}})


@contextmanager
def new_archive(file: BinaryIO) -> Iterator[tarfile.TarFile]:
    """A tar to be filled, which goes sealed into a file. Where the filling fails, what was written opens nowhere."""
    number = secrets.token_bytes(_ID)
    file.write(_MAGIC + number)
    sealed = storage.SealedWriter(file, place=_place(number))
    with tarfile.open(fileobj=cast(BinaryIO, sealed), mode="w|") as archive:
        yield archive
    sealed.close()


def add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    """Put one entry into an archive."""
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))


def entries(source: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """The entries of a backup in their order. Raises BackupDamaged as soon as a byte is not as it was written."""
    with source.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise BackupDamaged(f"“{source}”不是 baoxue 的备份文件。")
        plain = _Plain(source, storage.opened_blocks(file, place=_place(file.read(_ID))))
        with tarfile.open(fileobj=plain, mode="r|") as archive:
            for entry in archive:
                content = archive.extractfile(entry)
                if content is not None and _is_ours(entry.name):
                    yield entry.name, content


def _is_ours(name: str) -> bool:
    """Whether an entry may be put back: a name that leads out of the folder would be no backup of ours."""
    parts = Path(name).parts
    return len(parts) <= 3 and ".." not in parts and not name.startswith("/")


class _Plain(io.RawIOBase):
    """Blocks as a stream that can be read from."""

    def __init__(self, source: Path, blocks: Iterator[bytes]) -> None:
        self._source = source
        self._blocks = blocks
        self._held = b""

    def read(self, size: int = -1) -> bytes:
        """So many bytes; fewer only at the end."""
        taken = []
        while size:
            if not self._held:
                self._held = self._next()
                if not self._held:
                    break
            piece = self._held[:size] if size > 0 else self._held
            self._held = self._held[len(piece) :]
            size -= len(piece) if size > 0 else 0
            taken.append(piece)
        return b"".join(taken)

    def _next(self) -> bytes:
        try:
            return next(self._blocks, b"")
        except NotOpened:
            raise BackupDamaged(
                f"备份文件“{self._source}”打不开：不完整、被改动过，或不是用现在的密钥做的。没有恢复任何数据。"
            ) from None


def _place(number: bytes) -> str:
    return f"backup.{number.hex()}"
