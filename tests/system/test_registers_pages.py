"""数据接入 as people see it: the wizard from a file to a snapshot."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.system.places import NOW, Places, make_places, post_of
from tests.system.registerfiles import household, id_number, name, roll
from tests.system.signedin import client_of

from baoxue.access.actors import actor_of
from baoxue.access.models import Post
from baoxue.audit.models import Entry
from baoxue.platform import jobs, uploads
from baoxue.platform.scope import Scope, acting_as
from baoxue.policy.capabilities import Department, Role
from baoxue.policy.registers import Register
from baoxue.registers.actions import confirm, start_import
from baoxue.registers.models import Import, ImportState

pytestmark = pytest.mark.django_db

EVERYTHING = Scope("/", children=True, registers=frozenset({"*"}))
AS_OF = date(2025, 9, 20)


@pytest.fixture
def places() -> Places:
    return make_places()


@pytest.fixture
def officer(places: Places) -> Post:
    return post_of(Role.COUNTY_OFFICER, places.county)


@pytest.fixture
def director(places: Places) -> Post:
    return post_of(Role.BUREAU_DIRECTOR, places.county)


def _drop(client: Client, file: BytesIO, *, register: str = "household", as_of: str = "2025-09-20") -> Import:
    """Drop a file on the page and let its job run."""
    upload = SimpleUploadedFile("公安9月.csv", file.getvalue())
    answer = client.post("/imports/new", {"register": register, "as_of": as_of, "file": upload})
    assert answer.status_code == 302, answer.content.decode()
    return _run(answer["Location"].strip("/").split("/")[-1])


def _run(pk: str) -> Import:
    with acting_as(EVERYTHING):
        imported: Import = Import.objects.get(pk=pk)
    jobs.run_job(job_id=str(imported.job_id))
    with acting_as(EVERYTHING):
        imported.refresh_from_db()
    return imported


def _made(places: Places, post: Post, file: BytesIO, *, as_of: date = AS_OF, taken: bool = False) -> Import:
    """An import made without pages."""
    by = actor_of(post)
    with acting_as(by.scope):
        started = start_import(
            file=file,
            file_name="名册.csv",
            register=Register.HOUSEHOLD,
            county=places.county,
            as_of=as_of,
            by=by,
            now=NOW,
        )
    imported = _run(str(started.pk))
    if not taken:
        return imported
    with acting_as(by.scope):
        return confirm(imported=imported, reason="", by=by, now=NOW)


def test_a_file_goes_step_by_step_to_a_snapshot(places: Places, officer: Post) -> None:
    client = client_of(officer)
    assert "还没有放进来的文件" in client.get("/imports/").content.decode()
    bad = household(range(40)).getvalue() + ",男,2014-01-01,,,,岑巩县\n".encode()
    imported = _drop(client, BytesIO(bad))
    recognised = client.get(f"/imports/{imported.pk}/", follow=True).content.decode()
    assert "认出来了：户籍名册 41 行" in recognised
    assert "990122***********" in recognised
    rows = client.get(f"/imports/{imported.pk}/rows").content.decode()
    assert "收 40 行，退 1 行" in rows
    assert client.get(f"/imports/{imported.pk}/confirm").status_code == 200
    done = client.post(f"/imports/{imported.pk}/confirm", follow=True).content.decode()
    assert "收下了 40 行" in done
    listed = client.get("/imports/").content.decode()
    assert "已收下" in listed
    history = client.get("/imports/snapshots?register=household").content.decode()
    assert "户籍名册收下过 1 份" in history


def test_no_page_of_the_wizard_shows_a_number_a_birthday_or_a_name(places: Places, officer: Post) -> None:
    client = client_of(officer)
    imported = _drop(client, household(range(20)))
    shown = "".join(
        client.get(f"/imports/{imported.pk}/{step}").content.decode() for step in ("recognised", "rows", "confirm")
    )
    for place in range(12):
        assert id_number(place) not in shown
        assert id_number(place)[6:14] not in shown
        assert name(place) not in shown


def test_the_page_of_a_running_job_asks_again_and_goes_on_by_itself(places: Places, officer: Post) -> None:
    client = client_of(officer)
    upload = SimpleUploadedFile("名册.csv", household(range(5)).getvalue())
    answer = client.post("/imports/new", {"register": "household", "as_of": "2025-09-20", "file": upload})
    pk = answer["Location"].strip("/").split("/")[-1]
    waiting = client.get(f"/imports/{pk}/progress")
    assert 'hx-trigger="every 1s"' in waiting.content.decode()
    _run(pk)
    assert client.get(f"/imports/{pk}/progress")["HX-Redirect"] == f"/imports/{pk}/"


def test_an_unusual_import_goes_from_one_person_to_another(places: Places, officer: Post, director: Post) -> None:
    _made(places, officer, household(range(60)), as_of=date(2025, 3, 1), taken=True)
    imported = _made(places, officer, household(range(40)))
    first, second = client_of(officer), client_of(director)
    asked = first.get(f"/imports/{imported.pk}/confirm").content.decode()
    assert "先说明原因" in asked
    assert "少 20 行" in asked
    refused = first.post(f"/imports/{imported.pk}/confirm", {"reason": ""})
    assert refused.status_code == 422
    assert "请先写明原因" in refused.content.decode()
    first.post(f"/imports/{imported.pk}/confirm", {"reason": "并村，人口迁出"})
    assert "您确认过了" in first.get(f"/imports/{imported.pk}/confirm").content.decode()
    assert first.post(f"/imports/{imported.pk}/second-look", {"reason": "看过"}).status_code == 403
    look = second.get(f"/imports/{imported.pk}/confirm").content.decode()
    assert "并村，人口迁出" in look
    assert second.post(f"/imports/{imported.pk}/second-look", {"reason": ""}).status_code == 422
    second.post(f"/imports/{imported.pk}/second-look", {"reason": "和公安核对过"})
    with acting_as(EVERYTHING):
        imported.refresh_from_db()
    assert imported.state == ImportState.CONFIRMED


def test_what_waits_for_a_person_stands_at_the_head_of_the_page(places: Places, officer: Post, director: Post) -> None:
    _made(places, officer, household(range(5)))
    assert "有 1 份名册等你看" in client_of(officer).get("/imports/").content.decode()
    assert "等你看" not in client_of(director).get("/imports/").content.decode()


def test_giving_up_says_so_and_keeps_the_row(places: Places, officer: Post) -> None:
    client = client_of(officer)
    imported = _made(places, officer, household(range(5)))
    answer = client.post(f"/imports/{imported.pk}/cancel", follow=True)
    assert "文件已删除" in answer.content.decode()
    assert "这一份没有收" in client.get(f"/imports/{imported.pk}/").content.decode()
    assert client.get(f"/imports/{imported.pk}/rows").status_code == 404


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"register": "household", "as_of": "2025-09-20"}, "请选一个文件"),
        ({"register": "household", "as_of": "九月", "file": "x"}, "日期要写成 2025-09-20 的样子"),
        ({"register": "household", "as_of": "2999-01-01", "file": "x"}, "不能晚于今天"),
        ({"register": "household", "as_of": "2025-09-20", "file": ""}, "文件是空的"),
    ],
)
def test_what_is_wrong_with_the_form_is_said_at_its_field(officer: Post, given: dict[str, str], complaint: str) -> None:
    sent: dict[str, object] = dict(given)
    if "file" in given:
        sent["file"] = SimpleUploadedFile("名册.csv", given["file"].encode())
    answer = client_of(officer).post("/imports/new", sent)
    assert answer.status_code == 422
    assert complaint in answer.content.decode()


def test_the_same_file_again_leads_to_the_first_time(places: Places, officer: Post) -> None:
    client = client_of(officer)
    imported = _drop(client, household(range(5)))
    upload = SimpleUploadedFile("又一次.csv", household(range(5)).getvalue())
    answer = client.post("/imports/new", {"register": "household", "as_of": "2025-09-20", "file": upload})
    assert answer.status_code == 422
    assert f"/imports/{imported.pk}/" in answer.content.decode()


def test_a_corrected_file_says_what_it_replaces(places: Places, officer: Post) -> None:
    client = client_of(officer)
    first = _made(places, officer, household(range(5)))
    assert "会代替上一次放的" in client.get(f"/imports/new?replaces={first.pk}").content.decode()
    upload = SimpleUploadedFile("改好.csv", household(range(6)).getvalue())
    given = {"register": "household", "as_of": "2025-09-20", "file": upload, "replaces": str(first.pk)}
    answer = client.post("/imports/new", given)
    with acting_as(EVERYTHING):
        corrected = Import.objects.get(pk=answer["Location"].strip("/").split("/")[-1])
    assert corrected.replaces_id == first.pk


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_rejected_rows_are_taken_along_masked_and_on_record(places: Places, officer: Post, kind: str) -> None:
    file = household(range(5)).getvalue() + f",男,2014-01-01,{id_number(7)},,,岑巩县\n".encode()
    imported = _made(places, officer, BytesIO(file))
    answer = client_of(officer).get(f"/imports/{imported.pk}/rejects.{kind}")
    assert answer.status_code == 200
    assert id_number(7).encode() not in answer.content
    with acting_as(EVERYTHING):
        entry = Entry.objects.get(event="exported")
    assert entry.detail == {"what": "rejects", "rows": 1}


def test_a_formula_in_a_rejected_cell_stays_text(places: Places, officer: Post) -> None:
    file = BytesIO("姓名,性别,出生日期,户籍地址\n杨一,男,=1+1,岑巩县\n,女,@x,岑巩县\n".encode())
    imported = _made(places, officer, file)
    text = client_of(officer).get(f"/imports/{imported.pk}/rejects.csv").content.decode("utf-8-sig")
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in text.splitlines() for cell in line.split(","))


def test_a_foreign_import_does_not_exist(places: Places, officer: Post) -> None:
    imported = _made(places, officer, household(range(5)))
    foreign = client_of(post_of(Role.COUNTY_OFFICER, places.other_county))
    for step in ("", "recognised", "rows", "confirm", "progress", "rejects.csv"):
        assert foreign.get(f"/imports/{imported.pk}/{step}").status_code == 404
    for act in ("cancel", "again", "confirm", "second-look"):
        assert foreign.post(f"/imports/{imported.pk}/{act}", {"reason": "x"}).status_code == 404
    assert "名册.csv" not in foreign.get("/imports/").content.decode()


def test_a_department_sees_no_other_register(places: Places, officer: Post) -> None:
    imported = _made(places, officer, household(range(5)))
    civil = client_of(post_of(Role.DEPARTMENT_OFFICER, places.county, department=Department.CIVIL_AFFAIRS))
    assert civil.get(f"/imports/{imported.pk}/rows").status_code == 404
    listed = civil.get("/imports/").content.decode()
    assert "户籍" not in listed
    assert "特殊群体" in listed


def test_a_post_without_registers_has_no_such_page(places: Places) -> None:
    assert client_of(post_of(Role.GRID_WORKER, places.township)).get("/imports/").status_code == 403


def test_a_city_looks_on_and_imports_nothing(places: Places, officer: Post) -> None:
    imported = _made(places, officer, household(range(5)))
    city = client_of(post_of(Role.CITY_OFFICER, places.city))
    listed = city.get("/imports/").content.decode()
    assert "岑巩县" in listed
    assert "放入文件" not in listed
    assert city.get("/imports/new").status_code == 403
    page = city.get(f"/imports/{imported.pk}/confirm").content.decode()
    assert 'form="take"' not in page
    assert city.post(f"/imports/{imported.pk}/confirm").status_code == 403


def test_a_schools_rows_are_gathered_from_the_page(places: Places, officer: Post) -> None:
    keeper = client_of(post_of(Role.RECORD_KEEPER, places.school))
    brought = _drop(keeper, roll(range(10)), register="roll")
    keeper.post(f"/imports/{brought.pk}/confirm")
    client = client_of(officer)
    assert "收 1 所学校交来的" in client.get("/imports/").content.decode()
    answer = client.post("/imports/gather", {"register": "roll"})
    gathered = _run(answer["Location"].strip("/").split("/")[-1])
    assert "双河镇中心小学" in client.get(f"/imports/{gathered.pk}/recognised").content.decode()


@pytest.mark.parametrize("path", ["/imports/", "/imports/snapshots"])
def test_lists_take_as_many_queries_for_many_as_for_few(
    places: Places, officer: Post, path: str, django_assert_max_num_queries: object
) -> None:
    for rows in (5, 6, 7):
        _made(places, officer, household(range(rows)), taken=True)
    client = client_of(officer)
    with django_assert_max_num_queries(22):  # type: ignore[operator]
        assert client.get(path).status_code == 200


def test_a_file_that_is_too_large_is_as_if_it_had_not_been_sent(officer: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 100)
    upload = SimpleUploadedFile("名册.csv", household(range(50)).getvalue())
    answer = client_of(officer).post("/imports/new", {"register": "household", "as_of": "2025-09-20", "file": upload})
    assert answer.status_code == 422
    assert "不超过 500 MB" in answer.content.decode()
