"""儿童 and 台账 for programs, and the workbook a job makes."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from tests.system.places import NOW, Places, make_places, post_of
from tests.system.runs import at_home, at_school, make_run
from tests.system.signedin import client_of

from baoxue.audit.models import Entry
from baoxue.children.build import build
from baoxue.children.models import Child, Export, Schooling
from baoxue.platform import clock, jobs, storage
from baoxue.platform.scope import Scope, acting_as
from baoxue.platform.worker import Sweeping
from baoxue.policy.capabilities import Role
from baoxue.policy.registers import Register

pytestmark = pytest.mark.django_db

EVERYTHING = Scope("/", children=True, registers=frozenset({"*"}))
IN_CLASS = ("杨昌旺", "2014-05-06", 101)
NEVER = ("=龙小梅", "2015-03-04", 102)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    made = make_places()
    with acting_as(EVERYTHING):
        said = {
            Register.HOUSEHOLD: [at_home(*IN_CLASS), at_home(*NEVER)],
            Register.STUDENT: [at_school(*IN_CLASS)],
            Register.ROLL: [at_school(*IN_CLASS)],
        }
        run, files = make_run(made, said, tmp_path)
        build(run, files, scratch=tmp_path, now=NOW)
    return made


@pytest.fixture
def officer(places: Places) -> Client:
    return client_of(post_of(Role.COUNTY_OFFICER, places.county))


def _get(client: Client, address: str, **query: Any) -> Any:
    answer = client.get(f"/api/v1{address}", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def _exported(client: Client, **said: str) -> Export:
    asked = client.post("/ledgers/school-age/export", said)
    assert asked.status_code == 302
    with acting_as(EVERYTHING):
        export = Export.objects.get()
    jobs.run_job(job_id=str(export.job_id))
    with acting_as(EVERYTHING):
        return Export.objects.get()


def test_a_ledger_comes_in_parts_that_together_are_the_whole(officer: Client) -> None:
    first = _get(officer, "/ledgers/school-age", size=1)
    second = _get(officer, "/ledgers/school-age", size=1, after=first["next"])
    assert [row["name"] for row in (*first["items"], *second["items"])] == ["=龙小梅", "杨昌旺"]
    assert (first["count"], first["by_status"], second["next"]) == (2, {"01": 1, "17": 1}, None)


def test_a_ledger_of_a_day_before_anything_is_empty(officer: Client) -> None:
    assert _get(officer, "/ledgers/school-age", as_of="2024-01-01")["count"] == 0
    assert _get(officer, "/ledgers/suspected-dropout", known_at="2025-01-01T00:00:00Z")["count"] == 0


def test_a_child_comes_with_its_history_and_masked(officer: Client) -> None:
    [listed] = _get(officer, "/children", q="ycw")["items"]
    whole = _get(officer, f"/children/{listed['id']}")
    with acting_as(EVERYTHING):
        child = Child.objects.get(name="杨昌旺")
    assert child.id_number not in str(whole)
    assert [row["status"] for row in whole["schooling"]] == ["01"]
    assert [row["school_code"] for row in whole["enrolments"]] == ["2152000001"]
    assert [row["register"] for row in whole["sources"]] == ["household", "student", "roll"]


def test_an_export_is_asked_for_and_fetched_by_a_program(officer: Client) -> None:
    asked = officer.post("/api/v1/ledgers/school-age/exports", headers={"X-CSRFToken": "x"})
    assert asked.status_code in (202, 403)


def test_the_workbook_has_whole_numbers_as_text_and_no_formulas(officer: Client) -> None:
    export = _exported(officer, purpose="platform")
    cells = _cells(officer, export)
    with acting_as(EVERYTHING):
        numbers = set(Child.objects.all().in_bulk().values())
    assert {child.id_number for child in numbers} <= {cell.value for cell in cells}
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert "=龙小梅" in [cell.value for cell in cells]


def _cells(client: Client, export: Export) -> list[Any]:
    answer = client.get(f"/exports/{export.pk}/file")
    [sheet] = load_workbook(BytesIO(b"".join(answer.streaming_content))).worksheets  # type: ignore[attr-defined]
    return [cell for row in sheet.iter_rows() for cell in row]


@pytest.mark.parametrize("role", [Role.COUNTY_OFFICER, Role.BUREAU_DIRECTOR])
def test_without_a_purpose_the_workbook_is_masked_and_says_so(places: Places, role: Role) -> None:
    client = client_of(post_of(role, places.county))
    cells = [str(cell.value) for cell in _cells(client, _exported(client))]
    with acting_as(EVERYTHING):
        child = Child.objects.get(name="杨昌旺")
    assert child.id_masked in cells
    assert not {child.id_number, child.phone, child.address, child.household_number} & set(cells)
    assert [cell for cell in cells if "遮住" in cell]


def test_whole_numbers_are_exported_only_by_who_may_see_them_and_the_purpose_is_on_record(places: Places) -> None:
    director = client_of(post_of(Role.BUREAU_DIRECTOR, places.county))
    assert director.post("/ledgers/school-age/export", {"purpose": "platform"}).status_code == 403
    officer = client_of(post_of(Role.COUNTY_OFFICER, places.county))
    officer.post("/ledgers/school-age/export?q=ycw&sex=M", {"purpose": "platform"})
    with acting_as(EVERYTHING):
        detail = Entry.objects.get(event="exported").detail
    assert (detail["purpose"], detail["filters"], detail["searched"]) == ("platform", {"sex": "M"}, True)
    assert "ycw" not in str(detail)


def test_the_workbook_says_who_took_it_out_and_when(officer: Client) -> None:
    export = _exported(officer)
    book = load_workbook(BytesIO(b"".join(officer.get(f"/exports/{export.pk}/file").streaming_content)))  # type: ignore[attr-defined]
    assert "由 控辍保学专干一 于" in str(book.worksheets[0]["A3"].value)


def test_export_and_download_are_on_record_and_the_file_lies_sealed(officer: Client) -> None:
    export = _exported(officer)
    officer.get(f"/exports/{export.pk}/file")
    with acting_as(EVERYTHING):
        events = list(Entry.objects.filter(target_id=str(export.pk)).values_list("event", flat=True))
    assert sorted(events) == ["export_downloaded", "exported"]
    assert not (storage.folder() / export.file).read_bytes().startswith(b"PK")


def test_an_export_is_gone_after_its_time_though_nobody_exports_again(officer: Client, places: Places) -> None:
    export = _exported(officer)
    old = (clock.now() - timedelta(days=7)).timestamp()
    os.utime(storage.folder() / export.file, (old, old))
    Sweeping().look()
    assert (storage.folder() / export.file).exists()
    with acting_as(EVERYTHING):
        Export.objects.filter(pk=export.pk).update(expires_at=NOW)
    sweeping = Sweeping()
    sweeping.look()
    assert sweeping.due_at > time.monotonic() + 80_000
    assert officer.get(f"/exports/{export.pk}/file").status_code == 410
    assert not (storage.folder() / export.file).exists()
    assert "已过期" in officer.get(f"/exports/{export.pk}/").content.decode()


def test_an_export_belongs_to_who_asked_for_it(officer: Client, places: Places) -> None:
    export = _exported(officer)
    other = client_of(post_of(Role.COUNTY_OFFICER, places.county, username="另一人"))
    assert other.get(f"/exports/{export.pk}/file").status_code == 404
    assert "没有导出过" in other.get("/exports/").content.decode()
    assert "适龄儿童台账" in officer.get("/exports/").content.decode()


def test_a_teacher_cannot_export(places: Places) -> None:
    teacher = client_of(post_of(Role.CLASS_TEACHER, places.school))
    assert teacher.post("/ledgers/school-age/export").status_code == 403


def test_the_workbook_of_a_school_does_not_say_who_is_in_a_case(places: Places) -> None:
    with acting_as(EVERYTHING):
        Schooling.objects.update(groups=["minor_in_contact_with_law", "orphan"])
    principal = client_of(post_of(Role.PRINCIPAL, places.school))
    texts = [str(cell.value) for cell in _cells(principal, _exported(principal))]
    assert "孤儿" in texts
    assert not [text for text in texts if "涉案" in text]


def test_a_program_sends_a_number_and_puts_none_into_an_address(officer: Client) -> None:
    with acting_as(EVERYTHING):
        number = Child.objects.get(name="杨昌旺").id_number
    assert officer.get("/api/v1/children", {"q": number}).status_code == 422
    assert officer.get("/api/v1/ledgers/school-age", {"q": number}).status_code == 422
    [found] = officer.post("/api/v1/children/search", {"number": number}, content_type="application/json").json()
    assert found["name"] == "杨昌旺"


def _ids(client: Client) -> dict[str, str]:
    return {child["name"]: child["id"] for child in _get(client, "/children")["items"]}


def _post(client: Client, address: str, body: dict[str, Any]) -> Any:
    return client.post(f"/api/v1{address}", body, content_type="application/json")


def test_a_program_merges_two_records_and_takes_it_back(officer: Client) -> None:
    ids = _ids(officer)
    kept, other = ids[IN_CLASS[0]], ids[NEVER[0]]
    assert _post(officer, f"/children/{kept}/merge", {"other": other, "reason": ""}).status_code == 422
    done = _post(officer, f"/children/{kept}/merge", {"other": other, "reason": "同一个人，户口本已核对"})
    assert (done.status_code, done.json()["kept"]) == (200, kept)
    assert set(_ids(officer)) == {IN_CLASS[0]}
    assert _post(officer, f"/merges/{done.json()['id']}/undo", {}).json()["undone_at"] is not None
    assert _ids(officer) == ids


def test_a_program_splits_a_record_by_its_rows(officer: Client) -> None:
    child = _ids(officer)[IN_CLASS[0]]
    rows = _get(officer, f"/children/{child}")["sources"]
    [roll] = [row["id"] for row in rows if row["register"] == "roll"]
    done = _post(officer, f"/children/{child}/split", {"sources": [roll], "reason": "点名册上的是另一个同名孩子"})
    assert done.status_code == 200, done.content
    assert len(_get(officer, f"/children/{done.json()['other']}")["sources"]) == 1


def test_who_may_not_edit_children_does_not_merge_them(officer: Client, places: Places) -> None:
    ids = _ids(officer)
    teacher = client_of(post_of(Role.PRINCIPAL, places.school))
    body = {"other": ids[NEVER[0]], "reason": "同一个人，户口本已核对"}
    assert _post(teacher, f"/children/{ids[IN_CLASS[0]]}/merge", body).status_code == 403


def test_what_changed_in_a_ledger_adds_up(officer: Client) -> None:
    told = _get(officer, "/ledgers/school-age/changes", since="2025-01-01", as_of="2026-10-01")
    assert told["earlier"] + told["entered"] - sum(told["left"].values()) == told["later"]
    assert [row["name"] for row in told["rows_entered"]] == [NEVER[0], IN_CLASS[0]]


def test_a_view_is_saved_found_and_dropped_by_its_owner_only(places: Places) -> None:
    officer, other = (
        client_of(post_of(Role.COUNTY_OFFICER, places.county, username=name)) for name in ("chenyu", "luomin")
    )
    ledger = "/api/v1/ledgers/school-age/views"
    given = {"name": "三年级", "query": {"grade": "3", "after": "x"}}
    saved = officer.post(ledger, given, content_type="application/json")
    assert (saved.status_code, saved.json()["query"]) == (201, {"grade": "3"})
    assert [view["name"] for view in officer.get(ledger).json()] == ["三年级"]
    assert other.get(ledger).json() == []
    own = f"/api/v1/views/{saved.json()['id']}"
    assert [client.delete(own).status_code for client in (other, officer, officer)] == [404, 204, 404]


def test_a_view_keeps_no_identity_number(places: Places) -> None:
    officer = client_of(post_of(Role.COUNTY_OFFICER, places.county))
    given = {"name": "一个人", "query": {"q": "990000201405061011"}}
    refused = officer.post("/api/v1/ledgers/school-age/views", given, content_type="application/json")
    assert refused.status_code >= 400
    assert "990000201405061011" not in refused.content.decode()
