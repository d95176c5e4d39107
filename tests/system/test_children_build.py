"""One record per child, found again by its rows; facts with two times."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tests.system import comparisons
from tests.system.comparisons import ABSENT, OTHER_NAME, compared, county, name, snapshots
from tests.system.comparisons import NEVER as NEVER_SEEN
from tests.system.places import NOW, Places, make_places
from tests.system.runs import AS_OF, Said, at_home, at_school, make_run, person, with_answers

from baoxue.children.answers import answers_of
from baoxue.children.build import BuildCounts, build
from baoxue.children.errors import RunTooOld
from baoxue.children.models import Child, Doubt, Enrolment, GroupMembership, Schooling, Source
from baoxue.children.queries import snapshots_of, sources_of
from baoxue.children.saidrows import said_rows
from baoxue.children.widerows import Answer
from baoxue.comparison.actions import decide_finding
from baoxue.comparison.models import Finding, Run
from baoxue.comparison.picture import picture_of
from baoxue.platform import jobs
from baoxue.platform.actor import system_actor
from baoxue.platform.crypto import keyring
from baoxue.platform.models import Job
from baoxue.platform.scope import Scope, acting_as
from baoxue.policy.idnumber import mask
from baoxue.policy.registers import Register
from baoxue.policy.schoolingstatus import SchoolingStatus
from baoxue.policy.verdicts import VerdictKind

pytestmark = pytest.mark.django_db

SPRING = date(2026, 3, 10)
LATER = NOW + timedelta(days=150)

IN_CLASS = ("杨昌旺", "2014-05-06", 101)
NEVER = ("龙小梅", "2015-03-04", 102)
GONE = ("石大勇", "2013-02-03", 103)


@pytest.fixture
def places() -> Any:
    made = make_places()
    with acting_as(Scope(made.county.path, children=True, registers=frozenset({"*"}))):
        yield made


def _said(*, home: tuple[tuple[str, str, int], ...] = (IN_CLASS, NEVER, GONE), **more: Any) -> dict[Register, Any]:
    return {
        Register.HOUSEHOLD: [at_home(*who) for who in home],
        Register.STUDENT: [at_school(*IN_CLASS), at_school(*GONE)],
        Register.ROLL: [at_school(*IN_CLASS)],
        Register.POVERTY: [person(*NEVER, household_number="P7", head_name="龙大山")],
        Register.SPECIAL: [person(*IN_CLASS, category="orphan")],
        **{Register(name): rows for name, rows in more.items()},
    }


def _build(
    places: Places, said: Said, folder: Path, *, as_of: date = AS_OF, now: Any = NOW, **answers: Answer
) -> BuildCounts:
    run, files = make_run(places, said, folder / f"{as_of}-{now:%j}", as_of=as_of)
    return build(run, with_answers(files, answers), scratch=folder, now=now)


def _child(name: str) -> Child:
    return Child.objects.get(name=name, merged_into=None)


def _status(name: str) -> str:
    return str(Schooling.objects.get(child__name=name, valid_to=None, recorded_to=None).status)


def _everything() -> list[Any]:
    """All rows of the records, as the database has them."""
    tables = ("child", "source", "schooling", "enrolment", "groupmembership", "doubt")
    found = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT to_jsonb(t) FROM children_{table} t ORDER BY 1")
            found += cursor.fetchall()
    return found


def test_a_run_becomes_one_record_per_child(places: Places, tmp_path: Path) -> None:
    counts = _build(places, _said(), tmp_path)
    assert counts == BuildCounts(children=3, new=3, gone=0, closed=0, added=6, doubts=0)
    child = _child("杨昌旺")
    assert (child.home_path, child.school_path) == (places.township.path, places.school.path)
    assert (child.status, child.grade, child.class_name, child.groups) == ("01", 3, "1班", ["orphan"])
    assert child.id_masked == mask(child.id_number)
    assert child.id_digest == keyring().digest(child.id_number, kind="id_number")
    assert (child.phone, child.household_number) == ("13900000000", "H101")
    assert sorted(child.sources.values_list("register", flat=True)) == ["household", "roll", "special", "student"]


def test_who_is_missing_is_suspected_and_never_declared_a_dropout(places: Places, tmp_path: Path) -> None:
    _build(places, _said(), tmp_path)
    suspected = Schooling.objects.filter(suspected=True)
    assert sorted(suspected.values_list("name", "status")) == [("石大勇", "17"), ("龙小梅", "17")]
    assert not Schooling.objects.filter(status__in=["09", "10"]).exists()
    assert all(row.reason for row in suspected)
    assert _child("龙小梅").poverty_household


def test_the_same_run_again_changes_nothing(places: Places, tmp_path: Path) -> None:
    said = _said()
    run, files = make_run(places, said, tmp_path)
    build(run, files, scratch=tmp_path, now=NOW)
    before = _everything()
    counts = build(run, files, scratch=tmp_path, now=LATER)
    assert counts == BuildCounts(children=3, new=0, gone=0, closed=0, added=0, doubts=0)
    assert _everything() == before


def test_a_child_keeps_its_record_when_the_rows_stand_elsewhere_in_the_next_file(
    places: Places, tmp_path: Path
) -> None:
    _build(places, _said(), tmp_path)
    before = {child.name: child.pk for child in Child.objects.all()}
    _build(places, _said(home=(GONE, NEVER, IN_CLASS)), tmp_path, as_of=SPRING, now=LATER)
    assert {child.name: child.pk for child in Child.objects.all()} == before
    assert Source.objects.filter(recorded_to=None).count() == Source.objects.count()


def test_a_fact_that_no_longer_holds_is_closed_and_stays_known(places: Places, tmp_path: Path) -> None:
    _build(places, _said(), tmp_path)
    _build(places, _said(roll=[at_school(*IN_CLASS), at_school(*GONE)]), tmp_path, as_of=SPRING, now=LATER)
    rows = Schooling.objects.filter(child__name="石大勇").order_by("recorded_from", "valid_from")
    assert [(r.status, r.suspected, r.valid_from, r.valid_to, r.recorded_from, r.recorded_to) for r in rows] == [
        ("17", True, AS_OF, None, NOW, LATER),
        ("17", True, AS_OF, SPRING, LATER, None),
        ("01", False, SPRING, None, LATER, None),
    ]


def test_a_reason_worded_anew_ends_nothing(places: Places, tmp_path: Path) -> None:
    _build(places, _said(), tmp_path)
    key = Schooling.objects.get(name="龙小梅").finding_key
    again = Answer("17", True, "学籍里找不到，户籍第 7 行")
    counts = _build(places, _said(), tmp_path, as_of=SPRING, now=LATER, **{key: again})
    assert (counts.closed, counts.added) == (0, 0)
    [row] = Schooling.objects.filter(name="龙小梅")
    assert (row.valid_from, row.recorded_from) == (AS_OF, NOW)


def test_a_correction_of_the_same_day_takes_the_place_of_what_was_recorded(places: Places, tmp_path: Path) -> None:
    _build(places, _said(), tmp_path)
    _build(places, _said(roll=[at_school(*IN_CLASS), at_school(*GONE)]), tmp_path, now=LATER)
    rows = Schooling.objects.filter(child__name="石大勇").order_by("recorded_from")
    assert [(r.status, r.valid_from, r.valid_to, r.recorded_to) for r in rows] == [
        ("17", AS_OF, None, LATER),
        ("01", AS_OF, None, None),
    ]


def test_a_child_no_register_has_any_more_leaves_the_ledgers_and_stays_on_record(
    places: Places, tmp_path: Path
) -> None:
    _build(places, _said(), tmp_path)
    counts = _build(places, _said(home=(IN_CLASS, GONE), poverty=[]), tmp_path, as_of=SPRING, now=LATER)
    assert counts.gone == 1
    assert _child("龙小梅").left_on == SPRING
    [left] = Schooling.objects.filter(child__name="龙小梅", recorded_to=None)
    assert (left.valid_to, left.left_reason) == (SPRING, "各名册里都没有了")


def test_a_run_of_an_earlier_day_is_refused(places: Places, tmp_path: Path) -> None:
    _build(places, _said(), tmp_path, as_of=SPRING)
    with pytest.raises(RunTooOld, match="2026-03-10"):
        _build(places, _said(), tmp_path, now=LATER)


def test_an_earlier_run_of_the_same_day_is_refused_too(places: Places, tmp_path: Path) -> None:
    old, old_files = make_run(places, _said(), tmp_path / "old")
    run, files = make_run(places, _said(), tmp_path / "new")
    Run.objects.filter(pk=old.pk).update(created_at=NOW - timedelta(hours=1))
    build(run, files, scratch=tmp_path, now=NOW)
    old.refresh_from_db()
    with pytest.raises(RunTooOld, match="后来的一次比对"):
        build(old, old_files, scratch=tmp_path, now=LATER)


def test_a_verdict_answers_the_finding_in_the_ledger(places: Places, tmp_path: Path) -> None:
    run, files = make_run(places, _said(), tmp_path)
    build(run, files, scratch=tmp_path, now=NOW)
    key = Schooling.objects.get(name="龙小梅").finding_key
    answer = Answer(SchoolingStatus.ELSEWHERE_CONFIRMED.value, False, "县外就读（已核）")
    build(run, with_answers(files, {key: answer}), scratch=tmp_path, now=LATER)
    [now] = Schooling.objects.filter(name="龙小梅", recorded_to=None)
    assert (now.status, now.suspected, now.reason) == ("03", False, "县外就读（已核）")


TWIN = ("石大永", "2013-02-03", 105)


def _of_twin(*, linked: bool) -> dict[Register, Any]:
    """石大勇 at home and 石大永 at school, whom the run takes for one child, or not."""
    who = {"who": "twin"} if linked else {}
    return {
        Register.HOUSEHOLD: [at_home(*IN_CLASS), at_home(*GONE, **who)],
        Register.STUDENT: [at_school(*IN_CLASS), at_school(*TWIN, **who)],
        Register.ROLL: [at_school(*IN_CLASS), at_school(*TWIN, **who)],
    }


def test_two_records_a_run_takes_for_one_child_are_listed_and_not_merged(places: Places, tmp_path: Path) -> None:
    _build(places, _of_twin(linked=False), tmp_path)
    counts = _build(places, _of_twin(linked=True), tmp_path, as_of=SPRING, now=LATER)
    assert (counts.new, counts.gone, counts.doubts) == (0, 0, 1)
    [doubt] = Doubt.objects.all()
    assert {doubt.child.name, doubt.other.name} == {"石大勇"}
    assert doubt.kind == "same"
    assert Child.objects.filter(merged_into=None, left_on=None).count() == 3


def test_one_record_a_run_takes_for_two_children_becomes_two_and_is_listed(places: Places, tmp_path: Path) -> None:
    _build(places, _of_twin(linked=True), tmp_path)
    assert Child.objects.count() == 2
    counts = _build(places, _of_twin(linked=False), tmp_path, as_of=SPRING, now=LATER)
    assert (counts.new, counts.doubts) == (1, 1)
    assert sorted(Child.objects.values_list("name", flat=True)) == ["杨昌旺", "石大勇", "石大永"]
    [doubt] = Doubt.objects.all()
    assert (doubt.kind, doubt.child.name) == ("apart", "石大勇")


def test_rows_that_nothing_tells_apart_keep_their_children(places: Places, tmp_path: Path) -> None:
    nameless = {"name": "王芳", "birth_date": "2014-01-02", "school_code": "2152000001", "school_name": "双河镇中心小学",
                "grade": "3"}  # fmt: skip
    said = {Register.ROLL: [{**nameless, "who": "a"}, {**nameless, "who": "b"}]}
    _build(places, said, tmp_path)
    before = set(Child.objects.values_list("pk", flat=True))
    counts = _build(places, said, tmp_path, as_of=SPRING, now=LATER)
    assert (len(before), counts.new, set(Child.objects.values_list("pk", flat=True))) == (2, 0, before)


def test_the_engine_s_own_children_are_taken_over(places: Places, tmp_path: Path) -> None:
    run, files = make_run(places, _said(), tmp_path, engine=True)
    counts = build(run, files, scratch=tmp_path, now=NOW)
    assert (counts.children, counts.new) == (3, 3)
    assert sorted(Schooling.objects.filter(suspected=True).values_list("name", flat=True)) == ["石大勇", "龙小梅"]


def test_a_register_the_run_did_not_have_takes_nothing_away(places: Places, tmp_path: Path) -> None:
    _build(places, _said(), tmp_path)
    fewer = {r: rows for r, rows in _said().items() if r not in (Register.POVERTY, Register.SPECIAL)}
    _build(places, fewer, tmp_path, as_of=SPRING, now=LATER)
    assert _child("龙小梅").poverty_household
    assert _child("杨昌旺").groups == ["orphan"]
    assert GroupMembership.objects.filter(recorded_to=None, valid_to=None).count() == 1
    assert Source.objects.filter(register="poverty", recorded_to=None).exists()


def test_a_move_to_another_class_is_a_new_enrolment(places: Places, tmp_path: Path) -> None:
    _build(places, _said(), tmp_path)
    moved = at_school(*IN_CLASS, grade="4", class_name="2班")
    _build(places, _said(student=[moved, at_school(*GONE)], roll=[moved]), tmp_path, as_of=SPRING, now=LATER)
    rows = Enrolment.objects.filter(child__name="杨昌旺", recorded_to=None).order_by("valid_from")
    assert [(r.grade, r.class_name, r.valid_from, r.valid_to, r.attending) for r in rows] == [
        (3, "1班", AS_OF, SPRING, True),
        (4, "2班", SPRING, None, True),
    ]


def test_nobody_is_doubted_when_run_and_records_agree(places: Places, tmp_path: Path) -> None:
    _build(places, _said(), tmp_path)
    _build(places, _said(), tmp_path, as_of=SPRING, now=LATER)
    assert not Doubt.objects.exists()


def test_a_finished_comparison_brings_the_records_up_to_date(places: Places) -> None:
    snapshots(places)
    compared(places)
    [job] = Job.objects.filter(kind="children.build")
    jobs.run_job(job_id=str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.result["new"]) == ("done", Child.objects.count())
    assert {name(NEVER_SEEN), name(ABSENT)} <= set(
        Schooling.objects.filter(suspected=True).values_list("name", flat=True)
    )


def test_the_picture_and_the_ledger_count_the_same_children(places: Places) -> None:
    said = county(size=20)
    # One stands in a list alone, of another nobody knows the birthday, only the class.
    said[Register.POVERTY].append({**comparisons.person(940), "household_number": "P940", "address": "岑巩县双河镇"})
    ageless = {"name": "钟灵秀", "sex": "F", "school_code": "2152000001", "school_name": "双河镇中心小学", "grade": 3}
    said[Register.ROLL].append(ageless)
    snapshots(places, said)
    run = compared(places)
    jobs.run_job(job_id=str(Job.objects.get(kind="children.build").pk))
    picture = picture_of(run, system_actor("试", path=places.county.path))
    assert Schooling.objects.filter(counted=True).count() == picture.children
    assert set(Schooling.objects.filter(counted=True).values_list("name", flat=True)) >= {"钟灵秀", name(940)}


def test_a_child_s_rows_are_read_from_their_snapshots(places: Places) -> None:
    snapshots(places)
    compared(places)
    jobs.run_job(job_id=str(Job.objects.get(kind="children.build").pk))
    child = Child.objects.get(name=name(OTHER_NAME))
    by = system_actor("试", path=places.county.path)
    sources = sources_of(by, child)
    said = said_rows(sources, snapshots_of(by, sources))
    assert [label for label, _ in said.heads] == ["户籍", "学籍", "在校"]
    by_label = {field.label: field for field in said.fields}
    assert by_label["姓名"].differs
    assert not by_label["证件号"].differs
    assert set("".join(value or "" for value in by_label["证件号"].values)) >= {"*"}
    assert all(value is None or value.endswith("-**-**") for value in by_label["出生日期"].values)
    assert all(value is None or value.endswith("*") for value in by_label["地址"].values if "地址" in by_label)


def test_a_verdict_on_a_finding_reaches_the_ledger_with_the_next_run(places: Places) -> None:
    snapshots(places)
    run = compared(places)
    by = system_actor("试", path=places.county.path)
    finding = Finding.objects.get(run=run, name=name(NEVER_SEEN), kind="never_enrolled")
    decide_finding(finding=finding, kind=VerdictKind.REAL, evidence="入户见到本人", expires_on=None, by=by, now=NOW)
    assert [answer.status for answer in answers_of(run).values()] == ["08"]
