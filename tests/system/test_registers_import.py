"""A register file on its way to a snapshot."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from io import BytesIO

import pyarrow.parquet as pq
import pytest
from django.db import IntegrityError, transaction
from django.db.utils import ProgrammingError
from tests.system.places import NOW, TODAY, Places, actor, make_places
from tests.system.registerfiles import household, id_number, roll, special

from baoxue.audit.events import AuditEvent
from baoxue.audit.models import Entry
from baoxue.platform import jobs, storage
from baoxue.platform.actor import Actor, system_actor
from baoxue.platform.errors import InputRefused, NotPermitted
from baoxue.platform.models import Job, JobState
from baoxue.platform.scope import Scope, acting_as
from baoxue.policy.capabilities import Department, Role
from baoxue.policy.registers import Register
from baoxue.registers.actions import (
    cancel,
    confirm,
    confirm_second_look,
    gather_schools,
    read_again,
    start_import,
    to_compare,
)
from baoxue.registers.errors import (
    DifferencesOutdated,
    NotAtThisStep,
    NothingToTake,
    ReasonMissing,
    RegisterNotYours,
    SameFileAgain,
    SamePersonTwice,
)
from baoxue.registers.models import Import, ImportState, Snapshot
from baoxue.registers.queries import latest_snapshots, opened_snapshot, standings
from baoxue.registers.subjects import subjects_of

pytestmark = pytest.mark.django_db

AS_OF = date(2025, 9, 20)
LAST_TERM = date(2025, 3, 1)
LATER = NOW + timedelta(hours=1)
EVERYTHING = Scope("/", children=True, registers=frozenset({"*"}))


@pytest.fixture
def places() -> Places:
    return make_places()


@pytest.fixture
def officer(places: Places) -> Actor:
    return actor(Role.COUNTY_OFFICER, places.county)


@pytest.fixture
def director(places: Places) -> Actor:
    return actor(Role.BUREAU_DIRECTOR, places.county)


def _start(
    places: Places, by: Actor, file: BytesIO, *, register: Register = Register.HOUSEHOLD, as_of: date = AS_OF,
    name: str = "名册.csv",
) -> Import:  # fmt: skip
    with acting_as(by.scope):
        return start_import(
            file=file, file_name=name, register=register, county=places.county, as_of=as_of, by=by, now=NOW
        )


def _read(imported: Import) -> Import:
    jobs.run_job(job_id=str(imported.job_id))
    return _now(imported)


def _now(imported: Import) -> Import:
    with acting_as(EVERYTHING):
        found: Import = Import.objects.select_related("job", "snapshot").get(pk=imported.pk)
        return found


def _read_in(places: Places, by: Actor, file: BytesIO, **how: object) -> Import:
    return _read(_start(places, by, file, **how))  # type: ignore[arg-type]


def _taken(places: Places, by: Actor, file: BytesIO, *, now: datetime = NOW, **how: object) -> Import:
    with acting_as(by.scope):
        return confirm(imported=_read_in(places, by, file, **how), reason="", by=by, now=now)


def _unusual(places: Places, by: Actor) -> Import:
    """An import that would lose a third of its rows."""
    _taken(places, by, household(range(60)), as_of=LAST_TERM)
    return _read_in(places, by, household(range(40)))


def test_a_file_becomes_a_snapshot_that_opens_as_its_rows(places: Places, officer: Actor) -> None:
    imported = _read_in(places, officer, household(range(30)))
    assert imported.state == ImportState.PREVIEW
    assert (imported.report["accepted"], imported.report["rejected"]) == (30, 0)
    with acting_as(officer.scope):
        taken = confirm(imported=imported, reason="", by=officer, now=NOW)
        latest = latest_snapshots(places.county, as_of=TODAY, by=officer)
        assert taken.state == ImportState.CONFIRMED
        assert latest == {Register.HOUSEHOLD: taken.snapshot}
        with opened_snapshot(latest[Register.HOUSEHOLD]) as path:
            rows = pq.read_table(path)
        assert rows.num_rows == 30
        assert len(set(subjects_of(Register.HOUSEHOLD, rows))) == 30
        assert list(Entry.objects.order_by("pk").values_list("event", flat=True)) == [
            "import_started",
            "import_confirmed",
        ]


def test_a_file_may_have_the_name_of_one_of_ours(places: Places, officer: Actor) -> None:
    named = {"name": "canonical.parquet"}
    imported = _read_in(places, officer, BytesIO(household(range(30)).getvalue()), **named)
    assert (imported.state, imported.report["accepted"]) == (ImportState.PREVIEW, 30)


def test_the_newest_day_that_is_not_later_counts(places: Places, officer: Actor) -> None:
    earlier = _taken(places, officer, household(range(30)), as_of=LAST_TERM)
    later = _taken(places, officer, household(range(31)), as_of=AS_OF)
    with acting_as(officer.scope):
        for day, expected in ((TODAY, later), (date(2025, 9, 19), earlier)):
            latest = latest_snapshots(places.county, as_of=day, by=officer)
            assert latest[Register.HOUSEHOLD] == expected.snapshot
        assert latest_snapshots(places.county, as_of=date(2025, 2, 1), by=officer) == {}


def test_a_snapshot_cannot_be_changed_or_removed(places: Places, officer: Actor) -> None:
    taken = _taken(places, officer, household(range(10)))
    with acting_as(EVERYTHING):
        for change in (
            lambda: Snapshot.objects.filter(pk=taken.snapshot_id).update(rows=1),
            lambda: Snapshot.objects.filter(pk=taken.snapshot_id)._raw_delete("default"),
        ):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                change()


def test_rejected_rows_are_counted_by_reason_and_nobody_is_named(places: Places, officer: Actor) -> None:
    file = household(range(5))
    file = BytesIO(file.getvalue() + ",男,2014-01-01,,,,岑巩县\n".encode() + "赵四海,男,,,,,岑巩县\n".encode())
    imported = _read_in(places, officer, file)
    report = imported.report
    assert (report["rows"], report["accepted"] + report["rejected"]) == (7, 7)
    assert report["rejected"] >= 1
    assert sum(count for _, count in report["reasons"]) == report["rejected"]
    kept = str(report) + str(imported.differences)
    assert not any(id_number(place) in kept or id_number(place)[6:14] in kept for place in range(5))
    assert "杨天秋" not in kept


def test_the_upload_lies_sealed_and_its_name_hides_a_number(places: Places, officer: Actor) -> None:
    file = household(range(5))
    imported = _start(places, officer, file, name=f"C:\\名单\\{id_number(1)}的材料.csv")
    stored = (storage.folder() / imported.upload).read_bytes()
    assert id_number(1).encode() not in stored
    assert b"".join(storage.blocks(imported.upload)) == file.getvalue()
    assert imported.file_name == f"990122***********{id_number(1)[-1]}的材料.csv"


def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(places: Places, officer: Actor) -> None:
    imported = _read_in(places, officer, BytesIO(b"PK\x03\x04 not a workbook"), name="户籍.xlsx")
    assert imported.state == ImportState.REFUSED
    assert "户籍.xlsx" in imported.sentence
    assert imported.job is not None
    assert imported.job.state == JobState.REFUSED


def test_a_refused_import_can_not_be_confirmed(places: Places, officer: Actor) -> None:
    imported = _read_in(places, officer, BytesIO(b"nothing,useful\n1,2\n"))
    with acting_as(officer.scope), pytest.raises(NotAtThisStep):
        confirm(imported=imported, reason="", by=officer, now=NOW)


def test_a_file_without_a_usable_row_cannot_be_taken(places: Places, officer: Actor) -> None:
    imported = _read_in(places, officer, BytesIO("姓名,性别,出生日期,户籍地址\n,男,2014-01-01,岑巩县\n".encode()))
    with acting_as(officer.scope), pytest.raises(NothingToTake):
        confirm(imported=imported, reason="", by=officer, now=NOW)


@pytest.mark.parametrize("day", [date(2025, 10, 15), date(1999, 12, 31)])
def test_a_register_speaks_of_no_day_to_come_and_of_none_long_past(places: Places, officer: Actor, day: date) -> None:
    with pytest.raises(InputRefused):
        _start(places, officer, household(range(3)), as_of=day)


def test_an_empty_file_is_refused_and_not_kept(places: Places, officer: Actor) -> None:
    before = sum(1 for _ in storage.folder().rglob("*"))
    with pytest.raises(InputRefused):
        _start(places, officer, BytesIO())
    assert sum(1 for _ in storage.folder().rglob("*")) == before


def test_the_same_file_for_the_same_day_is_said_to_be_here_already(places: Places, officer: Actor) -> None:
    first = _start(places, officer, household(range(3)))
    with pytest.raises(SameFileAgain) as refused:
        _start(places, officer, household(range(3)))
    assert refused.value.import_id == first.pk
    _start(places, officer, household(range(3)), as_of=LAST_TERM)


def test_a_file_given_up_may_come_again(places: Places, officer: Actor) -> None:
    first = _start(places, officer, household(range(3)))
    with acting_as(officer.scope):
        cancel(imported=first, by=officer, now=NOW)
    _start(places, officer, household(range(3)))


def test_giving_up_ends_the_job_and_removes_the_files(
    places: Places, officer: Actor, django_capture_on_commit_callbacks: object
) -> None:
    imported = _read_in(places, officer, household(range(3)))
    files = [storage.folder() / name for name in (imported.upload, imported.canonical, imported.rejects)]
    assert all(file.exists() for file in files)
    with acting_as(officer.scope), django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        gone = cancel(imported=imported, by=officer, now=NOW)
    assert not any(file.exists() for file in files)
    assert (gone.state, gone.upload, gone.canonical) == (ImportState.CANCELLED, "", "")
    with acting_as(officer.scope), pytest.raises(NotAtThisStep):
        cancel(imported=imported, by=officer, now=NOW)


def test_a_job_that_runs_after_giving_up_changes_nothing(places: Places, officer: Actor) -> None:
    imported = _start(places, officer, household(range(3)))
    with acting_as(officer.scope):
        cancel(imported=imported, by=officer, now=NOW)
    assert _read(imported).state == ImportState.CANCELLED


def test_a_job_that_runs_twice_reads_once(places: Places, officer: Actor) -> None:
    imported = _read_in(places, officer, household(range(3)))
    with acting_as(EVERYTHING):
        Job.objects.filter(pk=imported.job_id).update(state=JobState.WAITING)
    assert _read(imported).canonical == imported.canonical


def test_an_import_whose_job_was_stopped_can_be_read_again(places: Places, officer: Actor) -> None:
    imported = _start(places, officer, household(range(3)))
    with acting_as(officer.scope):
        assert imported.job is not None
        jobs.ask_to_stop(imported.job, now=NOW)
    assert _read(imported).state == ImportState.READING
    with acting_as(officer.scope):
        again = read_again(imported=imported, by=officer, now=NOW)
        assert Entry.objects.filter(event=AuditEvent.IMPORT_READ_AGAIN.value, target_id=str(again.pk)).exists()
    assert _read(again).state == ImportState.PREVIEW


def test_an_import_that_is_being_read_is_not_read_twice_at_once(places: Places, officer: Actor) -> None:
    imported = _start(places, officer, household(range(3)))
    with acting_as(officer.scope), pytest.raises(NotAtThisStep):
        read_again(imported=imported, by=officer, now=NOW)


def test_differences_to_the_last_snapshot_are_counted_and_placed(places: Places, officer: Actor) -> None:
    _taken(places, officer, household(range(60)), as_of=LAST_TERM)
    imported = _read_in(places, officer, household(range(2, 63)))
    found = imported.differences
    assert (found["rows_before"], found["rows_now"]) == (60, 61)
    assert (found["same"], found["changed"], found["appeared"], found["gone"]) == (58, 0, 3, 2)
    assert found["places"] == [{"name": "双河镇", "before": 60, "now": 61, "appeared": 3, "gone": 2, "changed": 0}]
    assert not imported.unusual


def test_what_moves_with_every_school_year_is_no_change(places: Places, officer: Actor) -> None:
    _taken(places, officer, roll(range(30)), register=Register.ROLL, as_of=LAST_TERM)
    moved = BytesIO(roll(range(30)).getvalue().replace("三年级".encode(), "四年级".encode()))
    imported = _read_in(places, officer, moved, register=Register.ROLL)
    assert (imported.differences["same"], imported.differences["changed"]) == (30, 0)


def test_many_fewer_rows_ask_a_question_and_a_second_person(places: Places, officer: Actor, director: Actor) -> None:
    imported = _unusual(places, officer)
    assert imported.unusual
    assert "少 20 行" in imported.differences["questions"][0]
    with acting_as(officer.scope):
        with pytest.raises(ReasonMissing):
            confirm(imported=imported, reason="  ", by=officer, now=NOW)
        asked = confirm(imported=imported, reason="公安并村，人口迁出", by=officer, now=NOW)
        assert (asked.state, asked.snapshot) == (ImportState.SECOND_LOOK, None)
        with pytest.raises(SamePersonTwice):
            confirm_second_look(imported=asked, reason="看过", by=officer, now=NOW)
    with acting_as(director.scope):
        with pytest.raises(ReasonMissing):
            confirm_second_look(imported=asked, reason="", by=director, now=NOW)
        taken = confirm_second_look(imported=asked, reason="和公安核对过", by=director, now=NOW)
    assert taken.state == ImportState.CONFIRMED
    assert (taken.confirmed_by_name, taken.second_by_name) == (officer.name, director.name)


def test_many_changed_names_are_unusual(places: Places, officer: Actor) -> None:
    _taken(places, officer, household(range(60)), as_of=LAST_TERM)
    swapped = BytesIO(
        household(range(60)).getvalue().replace("杨".encode(), "秦".encode()).replace("龙".encode(), "秦".encode())
    )
    imported = _read_in(places, officer, swapped)
    assert imported.differences["changed"] == 12
    assert "列错了位" in imported.differences["questions"][0]


def test_another_countys_file_is_unusual_though_it_has_as_many_rows(places: Places, officer: Actor) -> None:
    _taken(places, officer, household(range(60)), as_of=LAST_TERM)
    imported = _read_in(places, officer, household(range(100, 160)))
    assert "放错了文件" in imported.differences["questions"][0]


def test_the_second_person_must_be_entitled(places: Places, officer: Actor) -> None:
    imported = _unusual(places, officer)
    with acting_as(officer.scope):
        asked = confirm(imported=imported, reason="公安并村", by=officer, now=NOW)
    police = actor(Role.DEPARTMENT_OFFICER, places.county, department=Department.POLICE)
    with acting_as(police.scope), pytest.raises(NotPermitted):
        confirm_second_look(imported=asked, reason="看过", by=police, now=NOW)


def test_a_command_on_the_machine_answers_for_both_and_is_on_record(places: Places, officer: Actor) -> None:
    imported = _unusual(places, officer)
    command = system_actor("命令行", path=places.county.path)
    with acting_as(command.scope):
        asked = confirm(imported=imported, reason="并村", by=command, now=NOW)
        taken = confirm_second_look(imported=asked, reason="并村", by=command, now=NOW)
    assert taken.second_by_name == "系统·命令行"


def test_the_database_refuses_one_person_as_both(places: Places, officer: Actor) -> None:
    imported = _start(places, officer, household(range(3)))
    with acting_as(officer.scope), pytest.raises(IntegrityError, match="second_look_by_another"), transaction.atomic():
        Import.objects.filter(pk=imported.pk).update(confirmed_by_id=7, second_by_id=7)


def test_the_database_refuses_a_confirmed_import_without_a_snapshot(places: Places, officer: Actor) -> None:
    imported = _start(places, officer, household(range(3)))
    with (
        acting_as(officer.scope),
        pytest.raises(IntegrityError, match="confirmed_has_its_snapshot"),
        transaction.atomic(),
    ):
        Import.objects.filter(pk=imported.pk).update(state=ImportState.CONFIRMED)


def test_differences_to_a_snapshot_that_is_the_last_no_more_are_not_confirmed(places: Places, officer: Actor) -> None:
    one = _read_in(places, officer, household(range(30)))
    other = _read_in(places, officer, household(range(31)))
    with acting_as(officer.scope):
        confirm(imported=one, reason="", by=officer, now=NOW)
        with pytest.raises(DifferencesOutdated):
            confirm(imported=other, reason="", by=officer, now=NOW)
        again = read_again(imported=other, by=officer, now=NOW)
    again = _read(again)
    assert again.differences["appeared"] == 1
    with acting_as(officer.scope):
        assert confirm(imported=again, reason="", by=officer, now=NOW).state == ImportState.CONFIRMED


def test_nobody_confirms_twice(places: Places, officer: Actor) -> None:
    taken = _taken(places, officer, household(range(3)))
    with acting_as(officer.scope), pytest.raises(NotAtThisStep):
        confirm(imported=taken, reason="", by=officer, now=NOW)
    with acting_as(EVERYTHING):
        assert Snapshot.objects.count() == 1


def test_a_department_brings_its_own_register_and_sees_no_other(places: Places, officer: Actor) -> None:
    police = actor(Role.DEPARTMENT_OFFICER, places.county, department=Department.POLICE)
    mine = _start(places, police, household(range(3)))
    theirs = _start(places, officer, roll(range(3)), register=Register.ROLL)
    with pytest.raises(RegisterNotYours):
        _start(places, police, roll(range(4)), register=Register.ROLL)
    with acting_as(police.scope):
        assert list(Import.objects.visible_to(police)) == [mine]
        # The second wall alone hides it too.
        assert not Import.objects.filter(pk=theirs.pk).exists()


def test_two_departments_of_one_register_have_a_list_each(places: Places, officer: Actor) -> None:
    civil = actor(Role.DEPARTMENT_OFFICER, places.county, department=Department.CIVIL_AFFAIRS)
    disabled = actor(Role.DEPARTMENT_OFFICER, places.county, department=Department.DISABLED_FEDERATION)
    orphans = _taken(places, civil, special(range(60), "孤儿"), register=Register.SPECIAL, as_of=LAST_TERM)
    # Others than last time's: of another department, that is no alarm.
    theirs = _read_in(places, disabled, special(range(100, 103), "残疾"), register=Register.SPECIAL)
    assert (theirs.compared_with_id, theirs.unusual) == (None, False)
    with acting_as(disabled.scope):
        theirs = confirm(imported=theirs, reason="", by=disabled, now=NOW)
        for of in (Import, Snapshot):
            assert {row.department for row in of.objects.visible_to(disabled)} == {"disabled_federation"}
            # The second wall alone hides it too.
            assert {row.department for row in of.objects.all()} == {"disabled_federation"}
    again = _read_in(places, civil, special(range(61), "孤儿"), register=Register.SPECIAL)
    assert again.compared_with_id == orphans.snapshot_id
    with acting_as(EVERYTHING):
        assert {row.department for row in Import.objects.visible_to(civil)} == {"civil_affairs"}
        names = [standing.list_name for standing in standings(places.county, officer, today=TODAY)]
    assert [name for name in names if name.startswith("特殊群体")] == ["特殊群体（民政）", "特殊群体（残联）"]


def test_a_comparison_takes_the_lists_of_all_departments_together(places: Places, officer: Actor) -> None:
    civil = actor(Role.DEPARTMENT_OFFICER, places.county, department=Department.CIVIL_AFFAIRS)
    disabled = actor(Role.DEPARTMENT_OFFICER, places.county, department=Department.DISABLED_FEDERATION)
    orphans = _taken(places, civil, special(range(5), "孤儿"), register=Register.SPECIAL, as_of=LAST_TERM)
    with acting_as(officer.scope):
        one = to_compare(county=places.county, as_of=AS_OF, by=officer, now=NOW)
        assert one == {Register.SPECIAL: orphans.snapshot}
    _taken(places, disabled, special(range(3, 8), "残疾"), register=Register.SPECIAL)
    with acting_as(officer.scope):
        whole = to_compare(county=places.county, as_of=AS_OF, by=officer, now=NOW)[Register.SPECIAL]
        with opened_snapshot(whole) as path:
            rows = pq.read_table(path)
        assert to_compare(county=places.county, as_of=AS_OF, by=officer, now=NOW) == {Register.SPECIAL: whole}
        assert latest_snapshots(places.county, as_of=AS_OF, by=officer) == {Register.SPECIAL: whole}
    assert rows["row"].to_pylist() == list(range(1, 11))
    assert rows["category"].to_pylist() == ["orphan"] * 5 + ["disabled"] * 5
    with acting_as(disabled.scope):
        assert not Snapshot.objects.filter(pk=whole.pk).exists()
    newer = _taken(places, civil, special(range(6), "孤儿"), register=Register.SPECIAL)
    assert newer.compared_with_id == orphans.snapshot_id
    with acting_as(officer.scope):
        again = to_compare(county=places.county, as_of=AS_OF, by=officer, now=NOW)[Register.SPECIAL]
    assert (again.rows, again.as_of) == (11, AS_OF)


def test_a_department_without_a_register_brings_none(places: Places) -> None:
    justice = actor(Role.DEPARTMENT_OFFICER, places.county, department=Department.JUSTICE)
    with pytest.raises(RegisterNotYours):
        _start(places, justice, household(range(3)))


def test_nobody_brings_a_register_of_another_county(places: Places) -> None:
    foreign = actor(Role.COUNTY_OFFICER, places.other_county)
    with pytest.raises(NotPermitted):
        _start(places, foreign, household(range(3)))


def test_a_school_brings_its_own_rows_and_the_others_are_rejected(places: Places) -> None:
    keeper = actor(Role.RECORD_KEEPER, places.school)
    foreign = roll(range(20, 22), school="3152000002", name_of_school="大坪中学").getvalue().split(b"\n", 1)[1]
    file = BytesIO(roll(range(10)).getvalue() + foreign)
    imported = _read_in(places, keeper, file, register=Register.ROLL)
    assert (imported.report["rows"], imported.report["accepted"], imported.report["rejected"]) == (12, 10, 2)
    assert imported.report["reasons"] == [["不是双河镇中心小学的学生，学校只接入本校的名册", 2]]
    with acting_as(keeper.scope):
        taken = confirm(imported=imported, reason="", by=keeper, now=NOW)
        assert taken.snapshot is not None
        with opened_snapshot(taken.snapshot) as path:
            assert set(pq.read_table(path)["school_code"].to_pylist()) == {"2152000001"}


def test_a_schools_snapshot_is_not_the_countys(places: Places, officer: Actor) -> None:
    keeper = actor(Role.RECORD_KEEPER, places.school)
    _taken(places, keeper, roll(range(10)), register=Register.ROLL)
    with acting_as(officer.scope):
        assert latest_snapshots(places.county, as_of=TODAY, by=officer) == {}


def test_a_school_brings_no_household_register(places: Places) -> None:
    keeper = actor(Role.RECORD_KEEPER, places.school)
    with pytest.raises(RegisterNotYours):
        _start(places, keeper, household(range(3)))


def test_a_county_gathers_what_its_schools_brought(places: Places, officer: Actor) -> None:
    other = {"school": "3152000002", "name_of_school": "大坪中学"}
    both = BytesIO(roll(range(10)).getvalue() + roll(range(50, 60), **other).getvalue().split(b"\n", 1)[1])
    _taken(places, officer, both, register=Register.ROLL, as_of=LAST_TERM)
    keeper = actor(Role.RECORD_KEEPER, places.school)
    _taken(places, keeper, roll(range(2, 15)), register=Register.ROLL, now=LATER)
    with acting_as(officer.scope):
        gathered = gather_schools(county=places.county, register=Register.ROLL, as_of=TODAY, by=officer, now=NOW)
    assert gathered.as_of == AS_OF
    gathered = _read(gathered)
    assert gathered.report["gathered"] == [["双河镇中心小学", "2025-09-20", 13]]
    found = gathered.differences
    assert (found["rows_before"], found["rows_now"], found["appeared"], found["gone"]) == (20, 23, 5, 2)
    with acting_as(officer.scope):
        taken = confirm(imported=gathered, reason="", by=officer, now=NOW)
        assert taken.snapshot is not None
        with opened_snapshot(taken.snapshot) as path:
            rows = pq.read_table(path)
        assert rows["row"].to_pylist() == list(range(1, 24))
        assert sorted(set(rows["school_name"].to_pylist())) == ["双河镇中心小学", "大坪中学"]


def test_what_was_taken_before_the_gathering_began_is_not_gathered_again(places: Places, officer: Actor) -> None:
    keeper = actor(Role.RECORD_KEEPER, places.school)
    _taken(places, keeper, roll(range(10)), register=Register.ROLL)
    with acting_as(officer.scope):
        gathered = gather_schools(county=places.county, register=Register.ROLL, as_of=AS_OF, by=officer, now=NOW)
    _taken(places, officer, roll(range(11)), register=Register.ROLL, now=LATER)
    gathered = _read(gathered)
    assert gathered.state == ImportState.REFUSED
    assert gathered.sentence == "没有学校交来比县里更新的在校名册。"


def test_what_schools_brought_is_gathered_once(places: Places, officer: Actor) -> None:
    keeper = actor(Role.RECORD_KEEPER, places.school)
    _taken(places, keeper, roll(range(10)), register=Register.ROLL)
    with acting_as(officer.scope):
        gathered = gather_schools(county=places.county, register=Register.ROLL, as_of=AS_OF, by=officer, now=NOW)
    with acting_as(officer.scope):
        confirm(imported=_read(gathered), reason="", by=officer, now=LATER)
        with pytest.raises(NothingToTake):
            gather_schools(county=places.county, register=Register.ROLL, as_of=AS_OF, by=officer, now=LATER)
