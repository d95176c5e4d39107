"""From a backup to a system again: into an empty database, every table compared afterwards.

Broken off anywhere, it can be begun again: files are put back first, each in one step; the database comes in one
transaction.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urlsplit

import psycopg

from baoxue.operation.archive import (
    DATABASE,
    FILES,
    MANIFEST,
    BackupDamaged,
    BackupRefused,
    Manifest,
    entries,
)
from baoxue.operation.pgtools import at_work, major_of, tools_for
from baoxue.operation.tables import differences, sequences, tables
from baoxue.platform import storage
from baoxue.progress import Progress, silent
from baoxue.refusal import Refusal

_PIECE = 1 << 20


class RestoredDiffers(Refusal):
    """What was restored is not what was backed up."""

    code = "restored-differs"


def restore(source: Path, *, owner_url: str, progress: Progress = silent) -> Manifest:
    """Put a backup into an empty system, and compare every table afterwards.

    The whole file is read and checked before anything is touched. Raises BackupDamaged, BackupRefused, RestoredDiffers.
    """
    manifest = _checked(source, progress)
    if set(storage.names()) - manifest.files.keys():
        raise BackupRefused(f"文件夹 {storage.folder()} 里已有别的文件；只能恢复到空的系统里。")
    with psycopg.connect(owner_url) as database:
        major = major_of(database)
        if tables(database):
            raise BackupRefused("数据库里已有数据表；只能恢复到空的数据库里。")
        if major < manifest.server_major:
            raise BackupRefused(f"备份来自 PostgreSQL {manifest.server_major}，这台服务器更旧；请换同样或更新的版本。")
        # Rights given by default would come on top of those that each table had; the backup brings them back at its end.
        database.execute(_NO_DEFAULT_RIGHTS)
    _put_files_back(source, progress)
    _put_database_back(source, owner_url, tools_for(owner_url, major), progress)
    progress("核对每一张表", 0, len(manifest.tables))
    with psycopg.connect(owner_url) as database:
        wrong = differences(manifest.tables, tables(database))
        wrong += [name for name, value in sequences(database).items() if manifest.sequences.get(name) != value]
    if wrong:
        raise RestoredDiffers(
            f"恢复后有 {len(wrong)} 张表和备份时不一样：{'、'.join(wrong[:5])}。请不要使用这个数据库。"
        )
    return manifest


_NO_DEFAULT_RIGHTS = """
    ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM baoxue_app;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM baoxue_app;
    ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON FUNCTIONS FROM baoxue_app
"""


def _checked(source: Path, progress: Progress) -> Manifest:
    """Read a backup to its end, and its manifest; nothing is written. Raises BackupDamaged."""
    manifest: Manifest | None = None
    dumped, files = hashlib.sha256(), {}
    for position, (name, content) in enumerate(entries(source)):
        progress("检查备份文件", position)
        if name.startswith(DATABASE):
            dumped.update(content.read())
        elif name.startswith(FILES):
            files[name.removeprefix(FILES)] = _sum(content)
        elif name == MANIFEST:
            manifest = Manifest.from_json(content.read())
    if manifest is None or manifest.database != dumped.hexdigest() or manifest.files != files:
        raise BackupDamaged(f"备份文件“{source}”不完整或被改动过，没有恢复任何数据。")
    return manifest


def _sum(content: IO[bytes]) -> str:
    seen = hashlib.sha256()
    while piece := content.read(_PIECE):
        seen.update(piece)
    return seen.hexdigest()


def _put_files_back(source: Path, progress: Progress) -> None:
    for position, (name, content) in enumerate(entries(source)):
        if name.startswith(FILES):
            progress("恢复文件", position)
            with storage.put_aside(name.removeprefix(FILES)) as file:
                shutil.copyfileobj(content, file)


def _put_database_back(source: Path, owner_url: str, folder: Path, progress: Progress) -> None:
    database = unquote(urlsplit(owner_url).path.lstrip("/"))
    command: list[str | Path] = [
        *(folder / "pg_restore", f"--dbname={database}"),
        *("--single-transaction", "--exit-on-error", "--no-owner"),
    ]
    with at_work(command, owner_url, stdin=subprocess.PIPE) as running:
        assert running.stdin is not None
        for position, (name, content) in enumerate(entries(source)):
            if name.startswith(DATABASE):
                progress("恢复数据库", position)
                running.stdin.write(content.read())
