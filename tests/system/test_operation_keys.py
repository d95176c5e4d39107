"""A new key: everything is written anew under it, in pieces, and what lay under the old one stays readable."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tests.system.places import NOW

from baoxue.access.models import Account
from baoxue.cli import main
from baoxue.operation import rotation
from baoxue.operation.rotation import protected_fields, rotate
from baoxue.platform import storage
from baoxue.platform.crypto import KEY_AT, add_key, keyring, new_keyfile, read_keyfile
from baoxue.platform.scope import EVERYWHERE, acting_as

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keyfile(tmp_path: Path, settings: Any) -> Iterator[Path]:
    path = tmp_path / "keys.json"
    new_keyfile(path)
    settings.BAOXUE_KEYFILE, settings.DATA_DIR = str(path), tmp_path
    with acting_as(EVERYWHERE):
        yield path


def _account(name: str, phone: str) -> Account:
    return Account.objects.create(username=name, name=name, phone=phone, created_at=NOW)


def _keys_in_use() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT get_byte(phone, %s) FROM access_account WHERE length(phone) > 0", [KEY_AT])
        return {row[0] for row in cursor.fetchall()}


def test_everything_is_sealed_anew_and_reads_as_before(keyfile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "_BATCH", 2)
    for number in range(5):
        _account(f"a{number}", f"1390000000{number}")
    _account("without", "")
    kept = storage.keep(io.BytesIO(b"roll" * 600_000), kind="uploads")[0]
    assert add_key(keyfile) == 2
    assert rotate() == {"values": 5, "files": 1}
    assert _keys_in_use() == {2}
    assert Account.objects.get(username="a3").phone == "13900000003"
    assert Account.objects.get(username="without").phone == ""
    assert b"".join(storage.blocks(kept)) == b"roll" * 600_000


def test_a_second_time_there_is_nothing_to_do(keyfile: Path) -> None:
    _account("a", "13900000000")
    add_key(keyfile)
    rotate()
    assert rotate() == {"values": 0, "files": 0}


def test_what_was_not_done_yet_stays_readable_and_is_done_the_next_time(keyfile: Path) -> None:
    _account("old", "13900000000")
    add_key(keyfile)
    _account("new", "13900000001")
    assert _keys_in_use() == {1, 2}
    assert Account.objects.get(username="old").phone == "13900000000"
    assert rotate() == {"values": 1, "files": 0}


def test_a_value_is_found_by_its_digest_as_before(keyfile: Path) -> None:
    before = keyring().digest("990122201405060000", kind="id_number")
    add_key(keyfile)
    assert keyring().digest("990122201405060000", kind="id_number") == before


def test_the_key_file_stays_closed_to_others(keyfile: Path) -> None:
    add_key(keyfile)
    assert keyfile.stat().st_mode & 0o777 == 0o600


def test_every_protected_column_is_gone_through() -> None:
    names = {field.place for field in protected_fields()}
    assert {"access_account.phone", "children_child.id_number", "comparison_pair.left_record"} <= names


def test_a_file_that_is_given_up_meanwhile_stops_nothing(keyfile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = [storage.keep(io.BytesIO(b"roll"), kind="uploads")[0] for _ in range(2)]
    add_key(keyfile)
    monkeypatch.setattr(storage, "names", lambda: ["uploads/given-up", *kept])
    assert rotate() == {"values": 0, "files": 2}


def test_the_first_key_file_is_made_by_a_command_and_never_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "first.json"
    monkeypatch.setenv("BAOXUE_KEYFILE", str(path))
    assert main(["keys", "init"]) == 0
    assert (read_keyfile(path).active, path.stat().st_mode & 0o777) == (1, 0o600)
    made = path.read_bytes()
    assert main(["keys", "init"]) == 1
    assert "不会被覆盖" in capsys.readouterr().err
    assert path.read_bytes() == made


def test_a_key_file_needs_a_name(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("BAOXUE_KEYFILE", raising=False)
    assert main(["keys", "init"]) == 1
    assert "BAOXUE_KEYFILE" in capsys.readouterr().err
