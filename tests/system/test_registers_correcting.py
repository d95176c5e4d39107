"""Rejected rows are taken along whole, corrected, and join the rows they were rejected from."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pyarrow.parquet as pq
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.system.places import NOW, Places, actor, make_places, post_of
from tests.system.registerfiles import id_number, special
from tests.system.signedin import client_of

from baoxue.audit.models import Entry
from baoxue.platform import jobs
from baoxue.platform.actor import Actor
from baoxue.platform.scope import Scope, acting_as
from baoxue.policy.capabilities import Department, Role
from baoxue.policy.registers import Register
from baoxue.registers.actions import cancel, confirm, read_again, start_correction, start_import
from baoxue.registers.downloads import REASON_HEADER, originals_xlsx
from baoxue.registers.errors import DifferencesOutdated, NotAtThisStep, RegisterNotYours
from baoxue.registers.models import Import, ImportState
from baoxue.registers.queries import opened_snapshot

pytestmark = pytest.mark.django_db

AS_OF = date(2025, 9, 20)
EVERYTHING = Scope("/", children=True, registers=frozenset({"*"}))
HEADER = "姓名,性别,出生日期,公民身份号码,户号,户主姓名,户籍地址,鞋码"


@pytest.fixture
def places() -> Places:
    return make_places()


@pytest.fixture
def officer(places: Places) -> Actor:
    return actor(Role.COUNTY_OFFICER, places.county)


def _row(place: int, name: str = "") -> str:
    number = id_number(place)
    born = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    return f"{name},男,{born},{number},H{place:05d},杨大山,岑巩县双河镇田坝村,3{place % 9}"


def _file(*rows: str) -> BytesIO:
    return BytesIO(("\n".join((HEADER, *rows)) + "\n").encode())


def _dirty(rejected: int = 2) -> BytesIO:
    """Twenty rows, and some without a name."""
    good = (_row(place, f"杨{'天地玄黄宇宙洪荒日月'[place % 10]}{'甲乙'[place // 10]}") for place in range(20))
    return _file(*good, *(_row(100 + n) for n in range(rejected)))


def _run(imported: Import) -> Import:
    with acting_as(EVERYTHING):
        job = Import.objects.get(pk=imported.pk).job_id
    jobs.run_job(job_id=str(job))
    return _now(imported)


def _now(imported: Import) -> Import:
    with acting_as(EVERYTHING):
        found: Import = Import.objects.select_related("snapshot", "corrects", "county").get(pk=imported.pk)
        return found


def _dropped(places: Places, by: Actor, file: BytesIO, *, register: Register = Register.HOUSEHOLD) -> Import:
    with acting_as(by.scope):
        started = start_import(
            file=file, file_name="名册.csv", register=register, county=places.county, as_of=AS_OF, by=by, now=NOW
        )
    return _run(started)


def _corrected(by: Actor, corrects: Import, *rows: str) -> Import:
    with acting_as(by.scope):
        started = start_correction(file=_file(*rows), file_name="改好.csv", corrects=corrects, by=by, now=NOW)
    return _run(started)


def _confirmed(by: Actor, imported: Import, *, hours: int = 0) -> Import:
    with acting_as(by.scope):
        confirm(imported=imported, reason="", by=by, now=NOW + timedelta(hours=hours))
    return _now(imported)


def _names(imported: Import) -> list[str]:
    assert imported.snapshot is not None
    with acting_as(EVERYTHING), opened_snapshot(imported.snapshot) as path:
        names: list[str] = pq.read_table(path)["name"].to_pylist()
        return names


def test_the_workbook_holds_the_whole_rows_and_why(places: Places, officer: Actor) -> None:
    imported = _dropped(places, officer, _dirty())
    with acting_as(officer.scope):
        book = openpyxl.load_workbook(BytesIO(originals_xlsx(imported, by=officer, now=NOW)))
    header, first, second = book.worksheets[0].iter_rows(values_only=True)
    assert header == (*HEADER.split(","), REASON_HEADER)
    assert first == (None, *_row(100).split(",")[1:], "没有姓名")
    assert second[3] == id_number(101)
    assert all(cell.data_type == "s" for line in book.worksheets[0] for cell in line if cell.value is not None)


def test_corrected_in_the_workbook_and_dropped_again_they_join_a_register_taken_before(
    places: Places, officer: Actor
) -> None:
    imported = _confirmed(officer, _dropped(places, officer, _dirty()))
    with acting_as(officer.scope):
        book = openpyxl.load_workbook(BytesIO(originals_xlsx(imported, by=officer, now=NOW)))
    book.worksheets[0]["A2"] = "杨补一"
    book.worksheets[0]["A3"] = "杨补二"
    again = BytesIO()
    book.save(again)
    again.seek(0)
    with acting_as(officer.scope):
        started = start_correction(file=again, file_name="rejected.xlsx", corrects=imported, by=officer, now=NOW)
    correction = _run(started)
    assert correction.report["joined"]["rows"] == 20
    assert (correction.report["accepted"], correction.report["rejected"]) == (22, 0)
    taken = _confirmed(officer, correction, hours=1)
    assert len(_names(taken)) == 22
    assert _names(taken)[-2:] == ["杨补一", "杨补二"]
    assert len(_names(imported)) == 20


def test_before_the_register_is_taken_both_are_taken_as_one(places: Places, officer: Actor) -> None:
    imported = _dropped(places, officer, _dirty())
    taken = _confirmed(officer, _corrected(officer, imported, _row(100, "杨补一")))
    assert len(_names(taken)) == 21
    assert _now(imported).state == ImportState.JOINED
    with acting_as(officer.scope), pytest.raises(NotAtThisStep):
        confirm(imported=imported, reason="", by=officer, now=NOW)


def test_a_second_correction_keeps_the_first(places: Places, officer: Actor) -> None:
    imported = _dropped(places, officer, _dirty())
    _confirmed(officer, _corrected(officer, imported, _row(100, "杨补一")))
    taken = _confirmed(officer, _corrected(officer, _now(imported), _row(101, "杨补二")), hours=1)
    assert _names(taken)[-2:] == ["杨补一", "杨补二"]


def test_of_two_corrections_at_once_the_later_is_read_again(places: Places, officer: Actor) -> None:
    imported = _dropped(places, officer, _dirty())
    first, second = (_corrected(officer, imported, _row(100 + n, f"杨补{'一二'[n]}")) for n in range(2))
    _confirmed(officer, first)
    with acting_as(officer.scope):
        with pytest.raises(DifferencesOutdated):
            confirm(imported=second, reason="", by=officer, now=NOW)
        read_again(imported=second, by=officer, now=NOW)
    assert len(_names(_confirmed(officer, _run(second)))) == 22


def test_a_row_that_stands_in_the_register_already_is_not_taken_twice(places: Places, officer: Actor) -> None:
    imported = _dropped(places, officer, _dirty())
    _confirmed(officer, _corrected(officer, imported, _row(100, "杨补一")))
    twice = _corrected(officer, _now(imported), _row(100, "杨补一"), _row(101, "杨补二"))
    assert (twice.report["joined"]["added"], twice.report["rejected"]) == (1, 1)
    assert twice.report["reasons"] == [["这一行名册里已经有了，不用再放", 1]]


def test_a_whole_register_is_no_correction(places: Places, officer: Actor) -> None:
    imported = _dropped(places, officer, _dirty())
    with acting_as(officer.scope):
        whole = _dirty(3)
        started = start_correction(file=whole, file_name="整份.csv", corrects=imported, by=officer, now=NOW)
    read = _run(started)
    assert read.state == ImportState.REFUSED
    assert "退回的只有 2 行" in read.sentence


def test_what_corrects_an_import_given_up_is_not_taken(places: Places, officer: Actor) -> None:
    imported = _dropped(places, officer, _dirty())
    correction = _corrected(officer, imported, _row(100, "杨补一"))
    with acting_as(officer.scope):
        cancel(imported=imported, by=officer, now=NOW)
        with pytest.raises(NotAtThisStep):
            confirm(imported=correction, reason="", by=officer, now=NOW)


def test_a_newer_whole_register_of_the_day_is_not_changed_by_an_old_correction(places: Places, officer: Actor) -> None:
    imported = _confirmed(officer, _dropped(places, officer, _dirty()))
    _confirmed(officer, _dropped(places, officer, _dirty(0)), hours=1)
    refused = _corrected(officer, imported, _row(100, "杨补一"))
    assert refused.state == ImportState.REFUSED


def test_only_who_brings_the_list_corrects_it(places: Places, officer: Actor) -> None:
    civil = actor(Role.DEPARTMENT_OFFICER, places.county, department=Department.CIVIL_AFFAIRS)
    file = special(range(5), "孤儿").getvalue() + f"孤儿,,{id_number(9)}\n".encode()
    imported = _dropped(places, civil, BytesIO(file), register=Register.SPECIAL)
    assert imported.originals
    with acting_as(officer.scope), pytest.raises(RegisterNotYours):
        start_correction(file=_file(_row(100)), file_name="改.csv", corrects=imported, by=officer, now=NOW)


def test_the_pages_lead_from_the_rejects_to_the_new_snapshot(places: Places) -> None:
    client = client_of(post_of(Role.COUNTY_OFFICER, places.county))
    upload = SimpleUploadedFile("公安9月.csv", _dirty().getvalue())
    client.post("/imports/new", {"register": "household", "as_of": "2025-09-20", "file": upload})
    with acting_as(EVERYTHING):
        imported = _run(Import.objects.get())
    rows = client.get(f"/imports/{imported.pk}/rows").content.decode()
    assert f"/imports/{imported.pk}/rejected.xlsx" in rows
    assert id_number(100) not in rows
    answer = client.get(f"/imports/{imported.pk}/rejected.xlsx")
    assert answer["Content-Disposition"] == 'attachment; filename="rejected-household-2025-09-20.xlsx"'
    assert answer["Cache-Control"] == "no-store"
    with acting_as(EVERYTHING):
        entry = Entry.objects.filter(event="exported").get()
    assert entry.detail == {"what": "rejected_rows", "rows": 2}
    correct = f"/imports/{imported.pk}/correct"
    assert "只放改好的行" in client.get(correct).content.decode()
    assert client.post(correct).status_code == 422
    sent = client.post(correct, {"file": SimpleUploadedFile("改好.csv", _file(_row(100, "杨补一")).getvalue())})
    with acting_as(EVERYTHING):
        correction = _run(Import.objects.exclude(pk=imported.pk).get())
    assert sent["Location"] == f"/imports/{correction.pk}/"
    shown = client.get(f"/imports/{correction.pk}/rows").content.decode()
    assert "原来 20 行，改好 1 行" in shown
    assert "退回的行有一份更正" in client.get(f"/imports/{imported.pk}/rows").content.decode()
    client.post(f"/imports/{correction.pk}/confirm")
    assert "已并入更正后的一份" in client.get(f"/imports/{imported.pk}/").content.decode()


def test_a_program_does_the_same(places: Places) -> None:
    client = client_of(post_of(Role.COUNTY_OFFICER, places.county))
    given = {"register": "household", "as_of": "2025-09-20", "file": SimpleUploadedFile("a.csv", _dirty().getvalue())}
    first = client.post("/api/v1/imports", given).json()
    with acting_as(EVERYTHING):
        _run(Import.objects.get())
    assert client.get(f"/api/v1/imports/{first['id']}/rejected.xlsx").content[:2] == b"PK"
    file = SimpleUploadedFile("b.csv", _file(_row(100, "杨补一")).getvalue())
    answer = client.post("/api/v1/imports/corrections", {"corrects": first["id"], "file": file})
    assert (answer.status_code, answer.json()["corrects"]) == (201, first["id"])
