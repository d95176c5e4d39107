"""Files of the system (uploads, snapshots, exports), encrypted at rest under the data folder.

A file is sealed in blocks, so that a large one needs little memory; each block is bound to its position and to whether
it is the last, so that none can be left out or moved. Names on disk are random: they tell nothing.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from baoxue.platform.crypto import KEY_AT, NotOpened, keyring

_BLOCK = 1 << 20
_HEAD = 4
# No sealed block is longer; a longer one said to be is a damaged file, and is not read into memory.
_LONGEST_SEALED = _BLOCK + 1024


def folder() -> Path:
    """Where sealed files lie."""
    return Path(settings.DATA_DIR) / "files"


class SealedWriter:
    """Writes a stream sealed in blocks, for one place. `close` writes the last block: without it nothing opens."""

    def __init__(self, target: BinaryIO, *, place: str) -> None:
        self._target = target
        self._place = place
        self._held = bytearray()
        self._number = 0

    def write(self, plain: bytes) -> int:
        """Take plain bytes. One block stays held back: it may be the last."""
        self._held += plain
        while len(self._held) > _BLOCK:
            self._put(bytes(self._held[:_BLOCK]), last=False)
            del self._held[:_BLOCK]
        return len(plain)

    def close(self) -> None:
        """Write what is held back, as the last block."""
        self._put(bytes(self._held), last=True)
        self._held.clear()

    def _put(self, block: bytes, *, last: bool) -> None:
        sealed = keyring().seal(block, place=f"{self._place}#{self._number}{'.' if last else ''}")
        self._target.write(len(sealed).to_bytes(_HEAD, "big") + sealed)
        self._number += 1


def opened_blocks(source: BinaryIO, *, place: str) -> Iterator[bytes]:
    """The plain bytes of a sealed stream, block by block. Raises NotOpened (changed, cut short, other keys)."""
    head, number = source.read(_HEAD), 0
    if not head:
        raise NotOpened("文件不完整，打不开。")
    while head:
        length = int.from_bytes(head, "big")
        sealed = source.read(length) if length <= _LONGEST_SEALED else b""
        head = source.read(_HEAD)
        if len(sealed) != length:
            raise NotOpened("文件不完整，打不开。")
        yield keyring().open(sealed, place=f"{place}#{number}{'' if head else '.'}")
        number += 1


def keep(source: BinaryIO, *, kind: str) -> tuple[str, str, int]:
    """Seal and keep a stream. Gives (name to open it by, SHA-256 of the plain bytes as hex, their number)."""
    name = f"{kind}/{secrets.token_hex(16)}"
    seen, size = hashlib.sha256(), 0
    with put_aside(name) as file:
        writer = SealedWriter(file, place=name)
        while block := source.read(_BLOCK):
            writer.write(block)
            seen.update(block)
            size += len(block)
        writer.close()
    return name, seen.hexdigest(), size


@contextmanager
def put_aside(name: str) -> Iterator[BinaryIO]:
    """A file that gets its name once it is whole and safe on the disk."""
    target = folder() / name
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = target.with_suffix(".part")
    with aside.open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    aside.rename(target)


def names() -> list[str]:
    """The names of all kept files."""
    kept = folder()
    return sorted(p.relative_to(kept).as_posix() for p in kept.glob("*/*") if p.is_file() and p.suffix != ".part")


def seal_anew(name: str) -> bool:
    """Write a kept file under the active key; False when it is already. At any moment it opens, also when killed."""
    with (folder() / name).open("rb") as file:
        head = file.read(_HEAD + KEY_AT + 1)
        if head[-1:] == bytes((keyring().active,)):
            return False
        file.seek(0)
        with put_aside(name) as anew:
            writer = SealedWriter(anew, place=name)
            for block in opened_blocks(file, place=name):
                writer.write(block)
            writer.close()
    return True


def blocks(name: str) -> Iterator[bytes]:
    """The plain bytes of a kept file, block by block. Raises NotOpened (changed, cut short, other keys)."""
    with (folder() / name).open("rb") as file:
        yield from opened_blocks(file, place=name)


@contextmanager
def opened(name: str, *, suffix: str = "") -> Iterator[Path]:
    """A kept file as a plain one for a while: in a private folder that is removed afterwards, even when work fails."""
    with scratch() as private:
        path = private / f"file{suffix}"
        with path.open("wb") as file:
            for block in blocks(name):
                file.write(block)
        yield path


def scratch_folder() -> Path:
    """Where plain files lie for a while (mode 700)."""
    place = Path(settings.DATA_DIR) / "scratch"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place


@contextmanager
def scratch() -> Iterator[Path]:
    """A private folder (mode 700) under the data folder, removed afterwards. What a killed process left, `tidy` removes."""
    with _locked(scratch_folder(), fcntl.LOCK_SH):
        private = Path(tempfile.mkdtemp(dir=scratch_folder()))
        held = os.open(private, os.O_RDONLY)
        fcntl.flock(held, fcntl.LOCK_SH)
    try:
        yield private
    finally:
        shutil.rmtree(private, ignore_errors=True)
        os.close(held)


def tidy() -> int:
    """Remove scratch folders of processes that are gone; gives their number.

    A folder in use is locked by its process, whichever machine or container counts it: locks end with their holder.
    """
    removed = 0
    # Nobody makes a folder meanwhile: it would stand there unlocked for a moment.
    with _locked(scratch_folder(), fcntl.LOCK_EX):
        for private in (path for path in scratch_folder().iterdir() if path.is_dir()):
            with suppress(BlockingIOError), _locked(private, fcntl.LOCK_EX | fcntl.LOCK_NB):
                shutil.rmtree(private, ignore_errors=True)
                removed += 1
    return removed


@contextmanager
def _locked(place: Path, how: int) -> Iterator[None]:
    held = os.open(place, os.O_RDONLY)
    try:
        fcntl.flock(held, how)
        yield
    finally:
        os.close(held)


def forget(name: str) -> None:
    """Remove a kept file; nothing happens when it is gone."""
    (folder() / name).unlink(missing_ok=True)


InUse = Callable[[], Iterable[str]]
_in_use: dict[str, InUse] = {}
# Younger files may belong to an act that has not been written down yet.
_LEFT_AFTER = timedelta(days=1)


def names_in_use(kind: str, of: InUse) -> None:
    """Say which files of a kind the rows of a table name; the others of that kind are left over."""
    _in_use[kind] = of


def sweep(*, now: datetime) -> int:
    """Remove kept files that no row names: a killed process left them between the file and the row. Gives their number.

    Only kinds somebody answers for (`names_in_use`). Needs a scope under which all rows show.
    """
    removed = 0
    before = (now - _LEFT_AFTER).timestamp()
    for kind, of in _in_use.items():
        old = [path for path in (folder() / kind).glob("*") if path.stat().st_mtime < before]
        used = set(of()) if old else set()
        for path in old:
            if f"{kind}/{path.name}" not in used:
                path.unlink(missing_ok=True)
                removed += 1
    return removed
