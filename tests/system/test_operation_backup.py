"""The drill: a system in one file, an empty database, the system again; and what is refused on the way."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.database import PASSWORD

from baoxue.operation import archive, restoring
from baoxue.operation.archive import BackupDamaged, BackupRefused
from baoxue.operation.backup import back_up
from baoxue.operation.restoring import RestoredDiffers, restore
from baoxue.operation.tables import tables
from baoxue.platform import storage
from baoxue.platform.crypto import keyring
from baoxue.platform.postgres import Server
from baoxue.platform.roles import APP, OWNER, make_roles

NOW = datetime(2025, 10, 14, 1, 0, tzinfo=UTC)
ROLL = b"the roll of a school" * 100_000


@dataclass(frozen=True, slots=True)
class Drill:
    """A system with something in it, its backup, and the server on which others can be made."""

    server: Server
    owner_url: str
    backup: Path
    kept: str

    def empty(self, name: str) -> str:
        """A database with nothing but its roles; address of its owner."""
        make_roles(self.server.url(), database=name, owner_password=PASSWORD, app_password=PASSWORD)
        return self.server.url(name, user=OWNER, password=PASSWORD)


def _baoxue(
    server: Server, owner_url: str, database: str, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """The command on one database of the server."""
    return subprocess.run(
        [sys.executable, "-m", "baoxue", *arguments],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "baoxue.platform.settings",
            "BAOXUE_DATABASE_URL": server.url(database, user=APP, password=PASSWORD),
            "BAOXUE_OWNER_DATABASE_URL": owner_url,
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def drill(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Any:
    from django.conf import settings

    before, settings.DATA_DIR = settings.DATA_DIR, tmp_path_factory.mktemp("system")
    make_roles(server.url(), database="drill", owner_password=PASSWORD, app_password=PASSWORD)
    owner_url = server.url("drill", user=OWNER, password=PASSWORD)
    migrated = _baoxue(server, owner_url, "drill", "migrate")
    assert migrated.returncode == 0, migrated.stderr
    phone = keyring().seal(b"13900000000", place="access_account.phone")
    with psycopg.connect(owner_url) as database:
        database.execute(
            "INSERT INTO access_account (username, name, password, phone, is_active, must_change_password, second_factor,"
            " second_factor_last_step, recovery, looked_after_at, created_at)"
            " VALUES ('a', '试', '', %s, true, false, '', 0, '[]', '/', now())",
            [phone],
        )
        database.execute(
            "INSERT INTO platform_worker (name, started_at, beat_at)"
            " SELECT 'w' || n, now(), now() FROM generate_series(1, 50) AS n"
        )
    kept = storage.keep(io.BytesIO(ROLL), kind="uploads")[0]
    backup = tmp_path_factory.mktemp("backups") / "whole"
    back_up(backup, owner_url=owner_url, now=NOW)
    yield Drill(server, owner_url, backup, kept)
    settings.DATA_DIR = before


@pytest.fixture
def elsewhere(drill: Drill, tmp_path: Path, settings: Any) -> Path:
    """From now on the files of the system lie in another, empty folder."""
    settings.DATA_DIR = tmp_path
    return tmp_path


def _nothing_touched(url: str) -> bool:
    with psycopg.connect(url) as database:
        return not tables(database) and not storage.names()


def test_a_restored_system_has_every_table_with_every_row_and_every_right(drill: Drill, elsewhere: Path) -> None:
    url = drill.empty("whole")
    restore(drill.backup, owner_url=url)
    with psycopg.connect(drill.owner_url) as before, psycopg.connect(url) as after:
        expected, found = tables(before), tables(after)
    assert expected == found
    assert (found["platform_worker"].rows, found["access_account"].rows) == (50, 1)
    assert len(found) > 30


def test_a_restored_record_of_acts_can_still_only_be_added_to(drill: Drill, elsewhere: Path) -> None:
    url = drill.empty("appended")
    restore(drill.backup, owner_url=url)
    with psycopg.connect(drill.server.url("appended", user=APP, password=PASSWORD)) as app:
        assert app.execute("SELECT has_table_privilege('audit_entry', 'UPDATE')").fetchone() == (False,)
        assert app.execute("SELECT has_table_privilege('audit_entry', 'INSERT')").fetchone() == (True,)


def test_tables_of_later_versions_get_their_rights_in_a_restored_database(drill: Drill, elsewhere: Path) -> None:
    url = drill.empty("later")
    restore(drill.backup, owner_url=url)
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("CREATE TABLE later (n int)")
    with psycopg.connect(drill.server.url("later", user=APP, password=PASSWORD)) as app:
        assert app.execute("SELECT has_table_privilege('later', 'INSERT')").fetchone() == (True,)


def test_a_restored_record_of_acts_tells_of_the_restoring(drill: Drill, elsewhere: Path) -> None:
    url = drill.empty("told")
    restored = _baoxue(drill.server, url, "told", "restore", str(drill.backup), BAOXUE_DATA_DIR=str(elsewhere))
    assert restored.returncode == 0, restored.stderr
    with psycopg.connect(url) as owner:
        assert owner.execute("SELECT count(*) FROM audit_entry WHERE event = 'backup_restored'").fetchone() == (1,)


def test_kept_files_are_back_and_open(drill: Drill, elsewhere: Path) -> None:
    restore(drill.backup, owner_url=drill.empty("files"))
    assert b"".join(storage.blocks(drill.kept)) == ROLL


@pytest.mark.parametrize(
    ("length", "says"), [(0, "不是 baoxue 的备份"), (20, "不完整"), (1000, "不完整"), (-1, "不完整"), (-40, "不完整")]
)
def test_a_backup_that_is_cut_short_is_refused_before_anything_is_touched(
    drill: Drill, elsewhere: Path, length: int, says: str
) -> None:
    cut = elsewhere / "cut"
    cut.write_bytes(drill.backup.read_bytes()[:length])
    url = drill.empty("untouched")
    with pytest.raises(BackupDamaged, match=says):
        restore(cut, owner_url=url)
    assert _nothing_touched(url)


def test_a_backup_in_which_one_bit_changed_is_refused(drill: Drill, elsewhere: Path) -> None:
    content = bytearray(drill.backup.read_bytes())
    content[len(content) // 2] ^= 1
    (elsewhere / "changed").write_bytes(content)
    url = drill.empty("untouched")
    with pytest.raises(BackupDamaged):
        restore(elsewhere / "changed", owner_url=url)
    assert _nothing_touched(url)


def test_a_backup_goes_into_an_empty_database_only(drill: Drill, elsewhere: Path) -> None:
    with pytest.raises(BackupRefused, match="空的数据库"):
        restore(drill.backup, owner_url=drill.owner_url)


def test_a_backup_goes_into_an_empty_folder_only(drill: Drill, elsewhere: Path) -> None:
    storage.keep(io.BytesIO(b"of somebody else"), kind="uploads")
    with pytest.raises(BackupRefused, match="空的系统"):
        restore(drill.backup, owner_url=drill.empty("untouched"))


def test_a_restore_that_broke_off_after_the_files_can_be_begun_again(drill: Drill, elsewhere: Path) -> None:
    restoring._put_files_back(drill.backup, lambda *_: None)
    restore(drill.backup, owner_url=drill.empty("again"))
    assert b"".join(storage.blocks(drill.kept)) == ROLL


def test_a_table_that_differs_afterwards_is_named(
    drill: Drill, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong_counts(text: bytes) -> archive.Manifest:
        manifest = read(text)
        manifest.tables["platform_worker"] = manifest.tables["access_account"]
        return manifest

    read = archive.Manifest.from_json
    monkeypatch.setattr(archive.Manifest, "from_json", staticmethod(wrong_counts))
    with pytest.raises(RestoredDiffers, match="platform_worker"):
        restore(drill.backup, owner_url=drill.empty("differs"))


def test_a_backup_overwrites_nothing(drill: Drill) -> None:
    with pytest.raises(BackupRefused, match="已经存在"):
        back_up(drill.backup, owner_url=drill.owner_url, now=NOW)


def test_what_a_backup_leaves_beside_it_stops_no_other_and_is_not_touched(drill: Drill, tmp_path: Path) -> None:
    at_work = tmp_path / ".whole.part"
    at_work.write_bytes(b"of another backup")
    back_up(tmp_path / "whole", owner_url=drill.owner_url, now=NOW)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".whole.part", "whole"]
    assert at_work.read_bytes() == b"of another backup"


def _write(target: Path) -> None:
    target.write_bytes(b"the first")


def test_a_backup_that_another_one_overtook_overwrites_nothing(drill: Drill, tmp_path: Path) -> None:
    target = tmp_path / "whole"
    with pytest.raises(BackupRefused, match="已经存在"):
        back_up(target, owner_url=drill.owner_url, now=NOW, progress=lambda *_: _write(target))
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("whole", b"the first")]


def test_a_backup_shows_nothing_to_who_finds_it(drill: Drill) -> None:
    content = drill.backup.read_bytes()
    assert drill.backup.stat().st_mode & 0o077 == 0
    for word in (b"access_account", b"the roll of a school", b"PGDMP"):
        assert word not in content
