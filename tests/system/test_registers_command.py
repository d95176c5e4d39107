"""`baoxue import`: a register from a file to a snapshot in one command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from tests.system.places import Places, make_places
from tests.system.registerfiles import household

from baoxue.cli.importnow import CountyNotHere, ImportNotTaken, Taken, import_now
from baoxue.platform.scope import Scope, acting_as
from baoxue.policy.registers import Register
from baoxue.progress import silent
from baoxue.reading.errors import FileMissing
from baoxue.registers.errors import SameFileAgain
from baoxue.registers.models import Import, ImportState, Snapshot

pytestmark = pytest.mark.django_db(transaction=True)

EVERYTHING = Scope("/", children=True, registers=frozenset({"*"}))


@pytest.fixture
def places() -> Places:
    return make_places()


def _file(folder: Path, people: int) -> Path:
    path = folder / f"户籍{people}.csv"
    path.write_bytes(household(range(people)).getvalue())
    return path


def _import(path: Path, *, as_of: date = date(2025, 9, 20), unusual_reason: str | None = None) -> Taken:
    return import_now(
        path, Register.HOUSEHOLD, county_code="522626", as_of=as_of, unusual_reason=unusual_reason, progress=silent
    )


def _first(model: type[Any]) -> Any:
    with acting_as(EVERYTHING), transaction.atomic():
        return model.objects.order_by("-created_at").first()


def test_a_file_is_taken_by_a_named_part_of_the_system(places: Places, tmp_path: Path) -> None:
    taken = _import(_file(tmp_path, 20))
    assert (taken.rows, taken.accepted, taken.rejected) == (20, 20, 0)
    snapshot = _first(Snapshot)
    assert (str(snapshot.pk), snapshot.created_by) == (taken.snapshot_id, "系统·命令行")


def test_an_unusual_file_is_refused_with_its_questions_and_goes_on_with_a_reason(
    places: Places, tmp_path: Path
) -> None:
    _import(_file(tmp_path, 60), as_of=date(2025, 3, 1))
    path = _file(tmp_path, 40)
    with pytest.raises(ImportNotTaken, match="少 20 行"):
        _import(path)
    assert _first(Import).state == ImportState.PREVIEW
    taken = _import(path, unusual_reason="并村，人口迁出")
    assert taken.unusual
    assert _first(Import).second_reason == "并村，人口迁出"


def test_a_file_that_was_taken_is_not_taken_twice(places: Places, tmp_path: Path) -> None:
    path = _file(tmp_path, 5)
    _import(path)
    with pytest.raises(SameFileAgain):
        _import(path)


def test_what_cannot_be_read_is_refused_with_the_readers_sentence(places: Places, tmp_path: Path) -> None:
    path = tmp_path / "别的.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ImportNotTaken, match="没有找到“姓名”列"):
        _import(path)


def test_a_county_that_is_not_in_the_tree_and_a_file_that_is_not_there_are_refused(
    places: Places, tmp_path: Path
) -> None:
    with pytest.raises(FileMissing):
        _import(tmp_path / "没有.csv")
    with pytest.raises(CountyNotHere):
        import_now(
            _file(tmp_path, 3), Register.ROLL, county_code="110101", as_of=date(2025, 9, 20), unusual_reason=None,
            progress=silent,
        )  # fmt: skip


def test_the_command_prints_its_counts_as_json(places: Places, tmp_path: Path) -> None:
    of = connection.settings_dict
    url = f"postgresql://{of['USER']}:{of['PASSWORD']}@{of['HOST']}:{of['PORT']}/{of['NAME']}"
    arguments = [
        "import",
        "household",
        str(_file(tmp_path, 12)),
        "--county",
        "522626",
        "--as-of",
        "2025-09-20",
        "--json",
    ]
    run = subprocess.run(
        [sys.executable, "-m", "baoxue", *arguments],
        env={**os.environ, "BAOXUE_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "baoxue.platform.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["accepted"] == 12
