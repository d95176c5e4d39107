"""台账 and 儿童 as people see them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.system.places import NOW, Places, make_places, post_of
from tests.system.runs import AS_OF, at_home, at_school, make_run, person
from tests.system.signedin import client_of

from baoxue.audit.events import AuditEvent
from baoxue.audit.models import Entry
from baoxue.children.build import build
from baoxue.children.models import (
    Child,
    Doubt,
    GroupMembership,
    LedgerSum,
    LedgerView,
    Merge,
    Schooling,
    Source,
)
from baoxue.comparison.models import Finding, Run
from baoxue.platform.scope import Scope, acting_as
from baoxue.policy.capabilities import Role
from baoxue.policy.registers import Register

pytestmark = pytest.mark.django_db

EVERYTHING = Scope("/", children=True, registers=frozenset({"*"}))
SPRING = date(2026, 3, 10)
IN_CLASS = ("杨昌旺", "2014-05-06", 101)
NEVER = ("龙小梅", "2015-03-04", 102)
GONE = ("石大勇", "2013-02-03", 103)


def _said(*, roll: list[tuple[str, str, int]]) -> dict[Register, list[dict[str, str]]]:
    return {
        Register.HOUSEHOLD: [at_home(*IN_CLASS), at_home(*NEVER), at_home(*GONE)],
        Register.STUDENT: [at_school(*IN_CLASS), at_school(*GONE)],
        Register.ROLL: [at_school(*who) for who in roll],
        Register.SPECIAL: [person(*NEVER, category="orphan")],
    }


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """The county in spring."""
    made = make_places()
    with acting_as(EVERYTHING):
        run, files = make_run(made, _said(roll=[IN_CLASS, GONE]), tmp_path, as_of=SPRING)
        build(run, files, scratch=tmp_path, now=NOW + timedelta(days=150))
    return made


@pytest.fixture
def two_terms(tmp_path: Path) -> Client:
    """An officer of the county in spring, after an autumn in which 石大勇 was on no roll."""
    made = make_places()
    with acting_as(EVERYTHING):
        for as_of, roll, now in ((AS_OF, [IN_CLASS], NOW), (SPRING, [IN_CLASS, GONE], NOW + timedelta(days=150))):
            run, files = make_run(made, _said(roll=roll), tmp_path / str(as_of), as_of=as_of)
            build(run, files, scratch=tmp_path, now=now)
    return client_of(post_of(Role.COUNTY_OFFICER, made.county))


@pytest.fixture
def officer(places: Places) -> Client:
    return client_of(post_of(Role.COUNTY_OFFICER, places.county))


def _text(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def _pk(name: str) -> Any:
    with acting_as(EVERYTHING):
        return Child.objects.get(name=name).pk


def test_a_ledger_shows_its_children_and_how_many_they_are(officer: Client) -> None:
    text = _text(officer, "/ledgers/school-age/")
    assert "3 人" in text
    assert all(name in text for name in ("杨昌旺", "龙小梅", "石大勇"))
    assert "990000201405061016" not in text.replace("*", "")


def test_a_ledger_is_shown_as_of_the_day_that_is_looked_at(two_terms: Client) -> None:
    assert "石大勇" not in _text(two_terms, "/ledgers/suspected-dropout/")
    two_terms.post("/as-of", {"day": "2025-10-01", "next": "/"})
    assert "石大勇" in _text(two_terms, "/ledgers/suspected-dropout/")


def test_a_ledger_as_known_before_anything_was_recorded_is_empty(officer: Client) -> None:
    assert "0 人" in _text(officer, "/ledgers/school-age/", known="2025-01-01")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"group": "orphan"}, {"龙小梅"}),
        ({"sex": "M"}, {"杨昌旺", "石大勇"}),
        ({"status": "17"}, {"龙小梅"}),
        ({"school": "2152000001"}, {"杨昌旺", "石大勇"}),
        ({"township": "522626100"}, {"杨昌旺", "龙小梅", "石大勇"}),
        ({"township": "522627100"}, set()),
        ({"q": "ycw"}, {"杨昌旺"}),
        ({"q": "yangchang"}, {"杨昌旺"}),
        ({"q": "龙"}, {"龙小梅"}),
        ({"grade": "3", "poverty": "0"}, {"杨昌旺", "石大勇"}),
    ],
)
def test_filters_leave_those_they_name(officer: Client, query: dict[str, str], names: set[str]) -> None:
    text = _text(officer, "/ledgers/school-age/", **query)
    assert {name for name in ("杨昌旺", "龙小梅", "石大勇") if name in text} == names
    assert "共 3 人" in text


def test_two_days_compared_add_up_in_sight(two_terms: Client) -> None:
    text = _text(two_terms, "/ledgers/suspected-dropout/", since="2025-10-01")
    assert "2 人变成 1 人" in text
    assert "－ 在校(有籍)" in text
    assert "期间离开 1 人" in text


def test_a_saved_view_belongs_to_its_account(officer: Client, places: Places) -> None:
    officer.post("/ledgers/school-age/views?sex=M", {"name": "男生"})
    with acting_as(EVERYTHING):
        view = LedgerView.objects.get()
    assert view.query == {"sex": "M"}
    other = client_of(post_of(Role.COUNTY_OFFICER, places.county, username="另一人"))
    assert other.post(f"/ledgers/views/{view.pk}/drop").status_code == 404
    assert officer.post(f"/ledgers/views/{view.pk}/drop").status_code == 302


def test_a_view_of_the_same_name_may_stand_at_another_place_of_the_account(officer: Client, places: Places) -> None:
    officer.post("/ledgers/school-age/views?sex=M", {"name": "男生"})
    with acting_as(EVERYTHING):
        account = LedgerView.objects.get().account_id
        LedgerView.objects.update(place_path=places.other_county.path)
    assert officer.post("/ledgers/school-age/views?sex=M", {"name": "男生"}).status_code == 302
    assert officer.post("/ledgers/school-age/views?sex=F", {"name": "男生"}).status_code == 302
    with acting_as(EVERYTHING):
        mine = LedgerView.objects.filter(account_id=account).order_by("pk")
        assert [view.query for view in mine] == [{"sex": "M"}, {"sex": "F"}]


def test_the_list_goes_on_after_the_last_row(officer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("baoxue.children.ledgerpages.PAGE", 2)
    first = officer.get("/ledgers/school-age/")
    assert [row.name for row in first.context["rows"]] == ["龙小梅", "石大勇"]
    second = officer.get(f"/ledgers/school-age/?{first.context['following']}")
    assert [row.name for row in second.context["rows"]] == ["杨昌旺"]
    assert (second.context["start"], second.context["end"], second.context["following"]) == (3, 3, "")


def test_a_list_asks_the_database_as_often_however_many_rows_it_has(officer: Client, places: Places) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            officer.get("/ledgers/school-age/")
        return len(asked)

    before = queries()
    with acting_as(EVERYTHING):
        child = Child.objects.get(name="杨昌旺")
        [row] = Schooling.objects.filter(child=child, recorded_to=None, valid_to=None)
        for _ in range(10):
            row.pk = None
            row.save(force_insert=True)
    assert queries() == before


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("杨昌旺", {"杨昌旺"}),
        ("yang", {"杨昌旺"}),
        ("SDY", {"石大勇"}),
        ("9900002", set()),
    ],
)
def test_search_finds_by_name_and_sounds_and_nothing_by_parts_of_a_number(
    officer: Client, text: str, names: set[str]
) -> None:
    found = _text(officer, "/search", q=text)
    assert {name for name in ("杨昌旺", "龙小梅", "石大勇") if name in found} == names


def test_search_finds_a_child_by_its_whole_number(officer: Client) -> None:
    with acting_as(EVERYTHING):
        number = Child.objects.get(name="龙小梅").id_number
    answer = officer.post("/search", {"q": number})
    assert answer.headers["Location"] == f"/children/{_pk('龙小梅')}/"
    with acting_as(EVERYTHING):
        assert Entry.objects.get(event="searched").detail == {"kind": "number", "found": 1}


def test_a_search_is_put_on_record_without_its_words(officer: Client) -> None:
    _text(officer, "/search", q="杨昌旺")
    with acting_as(EVERYTHING):
        entry = Entry.objects.get(event="searched")
    assert entry.detail == {"kind": "name", "found": 1}


def test_a_school_is_found_by_a_part_of_its_name(officer: Client) -> None:
    assert "双河镇中心小学" in _text(officer, "/search", q="双河")


def test_a_child_s_page_shows_its_years_masked(two_terms: Client) -> None:
    text = _text(two_terms, f"/children/{_pk('石大勇')}/")
    with acting_as(EVERYTHING):
        child = Child.objects.get(name="石大勇")
        assert Entry.objects.filter(event="child_viewed", target_id=str(child.pk)).exists()
    assert child.id_number not in text
    assert "有学籍，点名册上没有" in text
    assert "<svg" in text


def test_a_whole_number_is_shown_for_a_purpose_and_everybody_sees_who_looked(officer: Client) -> None:
    child = _pk("杨昌旺")
    with acting_as(EVERYTHING):
        number = Child.objects.get(pk=child).id_number
    answer = officer.post(f"/children/{child}/number", {"purpose": "visit"}, headers={"HX-Request": "true"})
    assert number in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert "填家访单" in _text(officer, f"/children/{child}/")


def test_a_number_is_not_shown_without_a_purpose(officer: Client) -> None:
    assert officer.post(f"/children/{_pk('杨昌旺')}/number", {"purpose": "x"}).status_code == 404


def test_a_school_cannot_look_at_whole_numbers(places: Places) -> None:
    principal = client_of(post_of(Role.PRINCIPAL, places.school))
    assert principal.post(f"/children/{_pk('杨昌旺')}/number", {"purpose": "visit"}).status_code == 403
    assert "查看完整号码" not in _text(principal, f"/children/{_pk('杨昌旺')}/")


def test_two_records_are_merged_and_parted_again(officer: Client) -> None:
    kept, other = _pk("杨昌旺"), _pk("龙小梅")
    assert "至少四个字" in officer.post(f"/children/{kept}/merge", {"other": other, "reason": "同"}).content.decode()
    assert officer.post(f"/children/{kept}/merge", {"other": other, "reason": "家访核过是同一人"}).status_code == 302
    assert officer.get(f"/children/{other}/").status_code == 404
    assert "龙小梅" not in _text(officer, "/ledgers/school-age/")
    with acting_as(EVERYTHING):
        done = Merge.objects.get()
        assert Source.objects.filter(child=kept, recorded_to=None, by_hand=True).count() == 5
    assert officer.post(f"/children/merges/{done.pk}/undo").status_code == 302
    assert "龙小梅" in _text(officer, "/ledgers/school-age/")
    assert officer.post(f"/children/merges/{done.pk}/undo").status_code == 409


def test_rows_of_another_child_become_a_record_of_their_own_and_go_back(officer: Client) -> None:
    child = _pk("杨昌旺")
    with acting_as(EVERYTHING):
        source = Source.objects.get(child=child, register="household", recorded_to=None)
    assert officer.post(f"/children/{child}/split", {"source": [], "reason": "另一个孩子"}).status_code == 422
    assert officer.post(f"/children/{child}/split", {"source": source.pk, "reason": "另一个孩子"}).status_code == 302
    with acting_as(EVERYTHING):
        assert Child.objects.filter(name="杨昌旺", merged_into=None).count() == 2
        done = Merge.objects.get()
    officer.post(f"/children/merges/{done.pk}/undo")
    with acting_as(EVERYTHING):
        assert Child.objects.filter(name="杨昌旺", merged_into=None).count() == 1
        assert Schooling.objects.filter(name="杨昌旺", recorded_to=None, valid_to=None).count() == 1


def test_a_doubt_is_settled_by_leaving_both_as_they_are(officer: Client, places: Places) -> None:
    with acting_as(EVERYTHING):
        child = Child.objects.get(name="杨昌旺")
        doubt = Doubt.objects.create(
            kind="same", child=child, other=Child.objects.get(name="石大勇"), county=places.county,
            home_path=child.home_path, raised_at=NOW,
        )  # fmt: skip
    assert "1 对记录要看一看" in _text(officer, "/children/doubts")
    assert "像是同一个孩子" in _text(officer, f"/children/{child.pk}/")
    assert officer.post(f"/children/doubts/{doubt.pk}/apart").status_code == 302
    with acting_as(EVERYTHING):
        assert Entry.objects.filter(event=AuditEvent.CHILDREN_LEFT_APART.value).count() == 1
    assert "0 对记录" in _text(officer, "/children/doubts")


def test_the_pages_around_a_merge_show_both_sides(officer: Client) -> None:
    kept, other = _pk("杨昌旺"), _pk("龙小梅")
    assert "龙小梅" in _text(officer, f"/children/{kept}/merge", **{"with": str(other)})
    assert "龙小梅" in _text(officer, f"/children/{kept}/merge", q="lxm")
    assert "户籍" in _text(officer, f"/children/{kept}/split")


def test_children_are_listed_and_found(officer: Client) -> None:
    assert "石大勇" in _text(officer, "/children/")
    assert "石大勇" not in _text(officer, "/children/", q="yang")


def test_a_city_chooses_the_county_it_looks_at(places: Places) -> None:
    city = client_of(post_of(Role.CITY_OFFICER, places.city))
    assert "石大勇" in _text(city, "/ledgers/school-age/", county="522626")
    assert "0 人" in _text(city, "/ledgers/school-age/", county="522627")
    assert city.get("/ledgers/school-age/?county=110101").status_code == 404


def test_a_township_sees_its_own_children(places: Places) -> None:
    assert "石大勇" in _text(client_of(post_of(Role.TOWNSHIP_OFFICER, places.township)), "/ledgers/school-age/")
    other = client_of(post_of(Role.TOWNSHIP_OFFICER, places.other_township))
    assert "0 人" in _text(other, "/ledgers/school-age/")
    assert other.get(f"/children/{_pk('石大勇')}/").status_code == 404


def test_the_ledger_offers_whole_numbers_only_to_who_may_see_them(officer: Client, places: Places) -> None:
    assert "完整号码，用于国家平台录入" in _text(officer, "/ledgers/school-age/")
    assert "完整号码" not in _text(client_of(post_of(Role.PRINCIPAL, places.school)), "/ledgers/school-age/")


@pytest.mark.parametrize(
    ("address", "query"),
    [("/children/", {}), ("/ledgers/school-age/", {}), ("/children/{}/merge", {}), ("/api/v1/ledgers/school-age", {})],
)
def test_whoever_looks_for_a_name_anywhere_is_on_record(officer: Client, address: str, query: dict[str, str]) -> None:
    officer.get(address.format(_pk("杨昌旺")), {**query, "q": "龙小梅"})
    with acting_as(EVERYTHING):
        [entry] = Entry.objects.filter(event="searched")
    assert entry.detail == {"kind": "name", "found": 1}


def test_a_teacher_sees_which_rows_a_child_has_though_no_snapshot(places: Places) -> None:
    teacher = client_of(post_of(Role.CLASS_TEACHER, places.school))
    text = _text(teacher, f"/children/{_pk('杨昌旺')}/")
    assert "3 行" in text
    assert "看各册怎么写" not in text
    assert teacher.get(f"/children/{_pk('杨昌旺')}/rows").status_code == 404


def test_what_the_registers_say_is_looked_at_on_record(officer: Client) -> None:
    assert officer.get(f"/children/{_pk('杨昌旺')}/rows").status_code == 200
    with acting_as(EVERYTHING):
        [entry] = Entry.objects.filter(event="child_viewed")
    assert entry.detail == {"part": "rows"}


def test_a_child_that_moved_to_another_school_is_not_said_to_be_in_no_register(
    two_terms: Client, tmp_path: Path
) -> None:
    with acting_as(EVERYTHING):
        made = make_places()
        said = _said(roll=[GONE])
        moved = {"school_code": "3152000002", "school_name": "大坪中学"}
        for register in (Register.STUDENT, Register.ROLL):
            said[register] = [at_school(*IN_CLASS, **moved), at_school(*GONE)]
        run, files = make_run(made, said, tmp_path / "moved", as_of=SPRING)
        build(run, files, scratch=tmp_path, now=NOW + timedelta(days=151))
    since = {"since": "2025-10-01"}
    principal = client_of(post_of(Role.PRINCIPAL, made.school))
    text = _text(principal, "/ledgers/school-age/", **since)
    assert "不在本辖区了" in text
    assert "各名册里都没有了" not in text


def test_a_finding_that_two_runs_made_shows_once(two_terms: Client, places: Places) -> None:
    child = _pk("龙小梅")
    with acting_as(EVERYTHING):
        key = Schooling.objects.filter(child=child).first().finding_key  # type: ignore[union-attr]
        for run in Run.objects.all():
            Finding.objects.create(
                run=run, key=key, kind="never_enrolled", decision="match", confidence=1, subject=b"x", child=1,
                waits=True, home_path=places.township.path, name="龙小梅", name_sort="x", id_number="", reason="无学籍",
            )  # fmt: skip
        runs = Run.objects.count()
    shown = two_terms.get(f"/children/{child}/").context["findings"]
    assert (runs > 1, len(shown)) == (True, 1)


@pytest.mark.parametrize(("address", "status"), [("/search?q=%00", 400), ("/ledgers/school-age/?grade=²&start=²", 200)])
def test_odd_signs_in_an_address_are_no_defect(officer: Client, address: str, status: int) -> None:
    assert officer.get(address).status_code == status


def test_odd_signs_in_a_form_are_no_defect(officer: Client) -> None:
    child = _pk("杨昌旺")
    assert officer.post(f"/children/{child}/split", {"source": "²", "reason": "另一个孩子"}).status_code == 422
    said = "reason=%00&other=x"
    form = officer.post(f"/children/{child}/merge", said, content_type="application/x-www-form-urlencoded")
    assert form.status_code == 400


IN_A_CASE = "minor_in_contact_with_law"


@pytest.fixture
def in_a_case(places: Places) -> Any:
    """杨昌旺 and a case of which the registers know."""
    with acting_as(EVERYTHING):
        child = Child.objects.get(name="杨昌旺")
        Child.objects.filter(pk=child.pk).update(groups=[IN_A_CASE])
        Schooling.objects.filter(child=child).update(groups=[IN_A_CASE])
        LedgerSum.objects.filter(status="01", sex="M").update(groups=[IN_A_CASE])
        GroupMembership.objects.create(
            child=child, county=places.county, home_path=child.home_path, school_path=child.school_path,
            group=IN_A_CASE, source="special", valid_from=SPRING, recorded_from=NOW,
        )  # fmt: skip
    return child.pk


ADDRESSES = [
    "/ledgers/school-age/", "/children/{}/", "/children/", "/api/v1/children", "/api/v1/children/{}",
    "/api/v1/ledgers/school-age",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("role", [Role.CLASS_TEACHER, Role.PRINCIPAL, Role.TOWNSHIP_OFFICER, Role.CITY_OFFICER])
def test_that_a_child_is_in_a_case_is_not_for_everybody(
    places: Places, in_a_case: Any, role: Role, address: str
) -> None:
    at = {Role.TOWNSHIP_OFFICER: places.township, Role.CITY_OFFICER: places.city}.get(role, places.school)
    text = _text(client_of(post_of(role, at)), address.format(in_a_case))
    assert "涉案" not in text
    assert IN_A_CASE not in text


def test_nobody_finds_out_by_the_filter_either(places: Places, in_a_case: Any, officer: Client) -> None:
    principal = client_of(post_of(Role.PRINCIPAL, places.school))
    assert "杨昌旺" not in _text(principal, "/ledgers/school-age/", group=IN_A_CASE)
    assert principal.get(f"/api/v1/ledgers/school-age?group={IN_A_CASE}").json()["count"] == 0
    assert "杨昌旺" in _text(officer, "/ledgers/school-age/", group=IN_A_CASE)
    assert "涉案" in _text(officer, f"/children/{in_a_case}/")


@pytest.mark.parametrize("address", ["/children/", "/ledgers/school-age/"])
def test_no_address_keeps_a_whole_number(officer: Client, address: str) -> None:
    assert officer.get(address, {"q": "990000201405061016"}).status_code == 422
    assert officer.post(address, {"q": "990000201405061016"}).headers["Location"] == address
    assert officer.post(f"{address}?sex=M", {"q": "ycw"}).headers["Location"] == f"{address}?sex=M&q=ycw"


def test_a_number_nobody_has_and_the_code_of_a_school_are_looked_for_without_an_address(officer: Client) -> None:
    assert officer.get("/search", {"q": "990000201405061016"}).status_code == 422
    assert "没有找到" in officer.post("/search", {"q": "990000201405061016"}).content.decode()
    assert "双河镇中心小学" in officer.post("/search", {"q": "2152000001"}).content.decode()


@pytest.mark.parametrize("act", ["views", "export"])
def test_neither_a_view_nor_an_export_keeps_a_whole_number(officer: Client, act: str) -> None:
    answer = officer.post(f"/ledgers/school-age/{act}?q=990000201405061016", {"name": "她"})
    assert answer.status_code == 422
    with acting_as(EVERYTHING):
        assert not LedgerView.objects.exists()


def test_the_other_record_of_a_merge_is_found_by_its_number(officer: Client) -> None:
    with acting_as(EVERYTHING):
        number = Child.objects.get(name="龙小梅").id_number
    assert "龙小梅" in officer.post(f"/children/{_pk('杨昌旺')}/merge", {"q": number}).content.decode()


def test_an_address_of_a_later_page_names_nobody(officer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("baoxue.children.ledgerpages.PAGE", 1)
    following = officer.get("/children/").context["following"]
    assert following == f"&after={_pk('龙小梅')}&start=2"
