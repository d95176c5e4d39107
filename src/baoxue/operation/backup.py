"""The whole system in one file.

The file is sealed with the keys of the installation, which are not in it: whoever finds it can read nothing, and whoever
has lost the keys can restore nothing. Inside: the database as pg_dump writes it, in parts; every kept file, as sealed as
it lies; the manifest, with the count and sum of every table at the instant of the dump.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import psycopg

from baoxue import __version__
from baoxue.operation.archive import DATABASE, FILES, MANIFEST, BackupRefused, Manifest, add, new_archive
from baoxue.operation.pgtools import at_work, major_of, tools_for
from baoxue.operation.tables import sequences, tables
from baoxue.platform import storage
from baoxue.progress import Progress, silent

_PART = 8 << 20


def back_up(target: Path, *, owner_url: str, now: datetime, progress: Progress = silent) -> Manifest:
    """Write everything into a file that does not exist yet. Raises BackupRefused, ServerNotStarted.

    The system may be at work meanwhile: the dump and the sums are of one instant.
    """
    _refuse_existing(target)
    # Mode 600, under a name of its own: what another backup is writing is neither in the way nor touched.
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    aside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file, _linked_files() as files, psycopg.connect(owner_url) as database:
            manifest = _write(file, files, database, owner_url, now, progress)
            file.flush()
            os.fsync(file.fileno())
        _refuse_existing(target)
        aside.rename(target)
    finally:
        aside.unlink(missing_ok=True)
    return manifest


def _refuse_existing(target: Path) -> None:
    if target.exists():
        raise BackupRefused(f"“{target}”已经存在；备份不覆盖已有的文件，请换一个文件名。")


@contextmanager
def _linked_files() -> Iterator[Path]:
    """The kept files under second names, so that none is gone before it is copied. They never change."""
    with storage.scratch() as private:
        _link_into(private)
        yield private


def _link_into(folder: Path) -> None:
    for name in storage.names():
        linked = folder / name
        if not linked.exists():
            linked.parent.mkdir(exist_ok=True)
            try:
                os.link(storage.folder() / name, linked)
            except FileNotFoundError:
                continue  # given up a moment ago: nothing refers to it any more


def _write(
    file: BinaryIO, files: Path, database: psycopg.Connection[Any], owner_url: str, now: datetime, progress: Progress
) -> Manifest:
    with new_archive(file) as archive:
        database.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        row = database.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        major = major_of(database)
        dumped = _dump(archive, owner_url, row[0], major, progress)
        progress("清点每一张表", 0)
        counted, counters = tables(database), sequences(database)
        # What was brought in before the instant of the dump and had no second name yet.
        _link_into(files)
        copied = _copy_files(archive, files, progress)
        manifest = Manifest(now.isoformat(), __version__, major, dumped, counted, counters, copied)
        add(archive, MANIFEST, manifest.to_json())
    return manifest


def _dump(archive: tarfile.TarFile, owner_url: str, snapshot: str, major: int, progress: Progress) -> str:
    command: list[str | Path] = [
        *(tools_for(owner_url, major) / "pg_dump", f"--snapshot={snapshot}"),
        *("--format=custom", "--no-owner", "--exclude-schema=staging"),
    ]
    seen, part = hashlib.sha256(), 0
    with at_work(command, owner_url, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        while piece := running.stdout.read(_PART):
            add(archive, f"{DATABASE}{part:06d}", piece)
            seen.update(piece)
            part += 1
            progress("备份数据库", part * _PART)
    return seen.hexdigest()


def _copy_files(archive: tarfile.TarFile, files: Path, progress: Progress) -> dict[str, str]:
    copied = {}
    names = sorted(path.relative_to(files).as_posix() for path in files.glob("*/*"))
    for position, name in enumerate(names):
        progress("备份文件", position, len(names))
        with (files / name).open("rb") as file:
            copied[name] = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            entry = tarfile.TarInfo(FILES + name)
            entry.size = os.fstat(file.fileno()).st_size
            archive.addfile(entry, file)
    return copied
