"""Files of the system (uploads, snapshots, exports), encrypted at rest under the data folder.

A file is sealed in blocks, so that a large one needs little memory; each block is bound to its position and to whether
it is the last, so that none can be left out or moved. Names on disk are random: they tell nothing.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from baoxue.platform.crypto import NotOpened, keyring

_BLOCK = 1 << 20
_HEAD = 4


def folder() -> Path:
    """Where sealed files lie."""
    return Path(settings.DATA_DIR) / "files"


def keep(source: BinaryIO, *, kind: str) -> tuple[str, str, int]:
    """Seal and keep a stream. Gives (name to open it by, SHA-256 of the plain bytes as hex, their number)."""
    name = f"{kind}/{secrets.token_hex(16)}"
    target = folder() / name
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    seen, size = hashlib.sha256(), 0
    aside = target.with_suffix(".part")
    with aside.open("wb") as file:
        block, number = source.read(_BLOCK), 0
        while True:
            following = source.read(_BLOCK) if block else b""
            last = not following
            sealed = keyring().seal(block, place=f"{name}#{number}{'.' if last else ''}")
            file.write(len(sealed).to_bytes(_HEAD, "big") + sealed)
            seen.update(block)
            size += len(block)
            if last:
                break
            block, number = following, number + 1
        file.flush()
        os.fsync(file.fileno())
    aside.rename(target)
    return name, seen.hexdigest(), size


def blocks(name: str) -> Iterator[bytes]:
    """The plain bytes of a kept file, block by block. Raises NotOpened (changed, cut short, other keys)."""
    with (folder() / name).open("rb") as file:
        head, number = file.read(_HEAD), 0
        if not head:
            raise NotOpened("文件不完整，打不开。")
        while head:
            length = int.from_bytes(head, "big")
            sealed = file.read(length)
            head = file.read(_HEAD)
            if len(sealed) != length:
                raise NotOpened("文件不完整，打不开。")
            yield keyring().open(sealed, place=f"{name}#{number}{'' if head else '.'}")
            number += 1


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
    private = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=scratch_folder()))
    try:
        yield private
    finally:
        shutil.rmtree(private, ignore_errors=True)


def tidy() -> int:
    """Remove scratch folders of processes that are gone; gives their number."""
    removed = 0
    for private in (Path(settings.DATA_DIR) / "scratch").glob("*-*"):
        pid = private.name.split("-")[0]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            shutil.rmtree(private, ignore_errors=True)
            removed += 1
    return removed


def forget(name: str) -> None:
    """Remove a kept file; nothing happens when it is gone."""
    (folder() / name).unlink(missing_ok=True)
