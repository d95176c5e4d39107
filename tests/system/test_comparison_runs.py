"""A run over named snapshots: what it writes down, what it heeds, how it ends."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow.parquet as pq
import pytest
from django.db import IntegrityError, transaction
from tests.system.comparisons import (
    ABSENT,
    AS_OF,
    EVERYTHING,
    NEVER,
    compared,
    county,
    entry,
    name,
    person,
    pupil,
    record,
    snapshot,
    snapshots,
)
from tests.system.places import NOW, Places, actor, make_places

from baoxue.audit.models import Entry
from baoxue.comparison.actions import decide_finding, decide_pair, start_run, stop_run, withdraw
from baoxue.comparison.errors import AlreadyWorking, NotWorking, RegistersMissing
from baoxue.comparison.lists import changes
from baoxue.comparison.models import Finding, Pair, Run, RunState, Verdict
from baoxue.comparison.queries import opened_children
from baoxue.comparison.verdictsinforce import verdicts_in_force
from baoxue.comparison.working import make_run
from baoxue.platform import clock, jobs
from baoxue.platform.actor import Actor
from baoxue.platform.errors import InputRefused, NotPermitted
from baoxue.platform.models import Job, JobState
from baoxue.platform.scope import acting_as
from baoxue.policy.capabilities import Role
from baoxue.policy.findings import FindingKind
from baoxue.policy.registers import Register
from baoxue.policy.verdicts import VerdictKind
from baoxue.registers.models import TOGETHER

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=30)


@pytest.fixture
def places() -> Places:
    return make_places()


@pytest.fixture
def officer(places: Places) -> Actor:
    return actor(Role.COUNTY_OFFICER, places.county)


def small() -> dict[Register, list[dict[str, str]]]:
    """Ten children, of whom one has no record and one is on no roll."""
    everybody = range(1, 11)
    return {
        Register.HOUSEHOLD: [*map(entry, (*everybody, NEVER, ABSENT))],
        Register.STUDENT: [*map(record, (*everybody, ABSENT))],
        Register.ROLL: [*map(pupil, everybody)],
    }


def _kinds(run: Run) -> dict[str, str]:
    return {finding.kind: finding.name for finding in Finding.objects.filter(run=run)}


def test_a_run_writes_down_what_it_found_and_where_it_belongs(places: Places) -> None:
    snapshots(places, small())
    run = compared(places)
    with acting_as(EVERYTHING):
        assert run.state == RunState.DONE
        assert _kinds(run) == {"never_enrolled": name(NEVER), "absent": name(ABSENT)}
        absent = Finding.objects.get(run=run, kind=FindingKind.ABSENT)
        assert (absent.home_path, absent.school_path) == (places.township.path, places.school.path)
        assert "*" in absent.id_masked
        assert absent.id_number == record(ABSENT)["id_number"]


def test_the_children_of_a_run_go_into_one_sealed_file(places: Places) -> None:
    snapshots(places, small())
    run = compared(places)
    with opened_children(run) as path:
        children = pq.read_table(path)
    assert children.num_rows == 12
    assert set(children["household_rows"].to_pylist()[0]) == {1}


def test_a_run_needs_the_three_registers_and_says_which_are_missing(places: Places, officer: Actor) -> None:
    registers = small()
    del registers[Register.ROLL]
    snapshots(places, registers)
    with acting_as(officer.scope), pytest.raises(RegistersMissing, match="在校"):
        start_run(county=places.county, as_of=AS_OF, by=officer, now=NOW)
    with acting_as(EVERYTHING):
        assert not Run.objects.exists()
        assert not Job.objects.exists()


def test_a_run_takes_the_latest_snapshot_of_each_register_up_to_its_day(places: Places, officer: Actor) -> None:
    before = snapshots(places, small(), as_of=AS_OF - timedelta(days=100))
    after = snapshots(places, small(), as_of=AS_OF + timedelta(days=5))
    with acting_as(officer.scope):
        run = start_run(county=places.county, as_of=AS_OF, by=officer, now=NOW)
        assert set(run.snapshots.all()) == set(before.values())
        jobs.ask_to_stop(run.job, now=NOW)
    assert after


@pytest.mark.parametrize("role", [Role.BUREAU_DIRECTOR, Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR])
def test_only_who_may_run_a_comparison_starts_one(places: Places, role: Role) -> None:
    snapshots(places, small())
    other = actor(role, places.county)
    with acting_as(EVERYTHING), pytest.raises(NotPermitted):
        start_run(county=places.county, as_of=AS_OF, by=other, now=NOW)


def test_another_county_cannot_be_compared(places: Places, officer: Actor) -> None:
    with acting_as(EVERYTHING), pytest.raises(NotPermitted):
        start_run(county=places.other_county, as_of=AS_OF, by=officer, now=NOW)


def test_a_second_run_waits_until_the_first_has_ended(places: Places, officer: Actor) -> None:
    snapshots(places, small())
    with acting_as(officer.scope):
        first = start_run(county=places.county, as_of=AS_OF, by=officer, now=NOW)
        with pytest.raises(AlreadyWorking):
            start_run(county=places.county, as_of=AS_OF, by=officer, now=NOW)
        assert stop_run(run=first, by=officer, now=NOW).state == RunState.CANCELLED
        assert start_run(county=places.county, as_of=AS_OF, by=officer, now=NOW).state == RunState.WORKING


def test_a_run_whose_worker_was_lost_for_good_does_not_stand_in_the_way(places: Places, officer: Actor) -> None:
    snapshots(places, small())
    with acting_as(officer.scope):
        lost = start_run(county=places.county, as_of=AS_OF, by=officer, now=NOW)
        Job.objects.filter(pk=lost.job_id).update(state=JobState.FAILED)
        again = start_run(county=places.county, as_of=AS_OF, by=officer, now=NOW)
        lost.refresh_from_db()
        assert (lost.state, again.state) == (RunState.REFUSED, RunState.WORKING)


def test_a_stopped_run_is_not_taken_up_by_a_worker(places: Places, officer: Actor) -> None:
    snapshots(places, small())
    with acting_as(officer.scope):
        run = start_run(county=places.county, as_of=AS_OF, by=officer, now=NOW)
        stop_run(run=run, by=officer, now=NOW)
    jobs.run_job(job_id=str(run.job_id))
    with acting_as(EVERYTHING):
        assert Run.objects.get(pk=run.pk).state == RunState.CANCELLED
        assert not Finding.objects.exists()
        with pytest.raises(NotWorking):
            stop_run(run=run, by=officer, now=NOW)


def test_a_run_done_twice_by_two_workers_counts_once(places: Places) -> None:
    snapshots(places, small())
    run = compared(places)
    with acting_as(EVERYTHING):
        Job.objects.filter(pk=run.job_id).update(state=JobState.WAITING)
    jobs.run_job(job_id=str(run.job_id))
    with acting_as(EVERYTHING):
        assert Finding.objects.filter(run=run).count() == 2


def test_a_worker_that_was_believed_lost_leaves_the_run_to_the_next_one(places: Places, officer: Actor) -> None:
    def superseded(step: str, done: int, total: int | None = None) -> None:
        raise jobs.Superseded("任务中断后已由另一个进程接手。")

    snapshots(places, small())
    with acting_as(officer.scope):
        run = start_run(county=places.county, as_of=AS_OF, by=officer, now=NOW)
        with pytest.raises(jobs.Superseded):
            make_run(run.pk, by=officer, now=NOW, progress=superseded)
        run.refresh_from_db()
        assert run.state == RunState.WORKING
    jobs.run_job(job_id=str(run.job_id))
    with acting_as(EVERYTHING):
        assert Run.objects.get(pk=run.pk).state == RunState.DONE


def test_a_register_later_than_the_day_of_a_run_is_refused(places: Places, officer: Actor) -> None:
    named = snapshots(places, small())
    with acting_as(officer.scope), pytest.raises(InputRefused):
        start_run(county=places.county, as_of=AS_OF - timedelta(days=1), by=officer, now=NOW, snapshots=named)


def test_an_answer_expires_with_its_day_here_not_elsewhere(places: Places, officer: Actor) -> None:
    snapshots(places, small())
    before = compared(places)
    with acting_as(EVERYTHING):
        never = Finding.objects.get(run=before, kind=FindingKind.NEVER_ENROLLED)
        verdict = decide_finding(
            finding=never, kind=VerdictKind.ELSEWHERE, evidence="看过学籍", expires_on=clock.day_of(NOW),
            by=officer, now=NOW,
        )  # fmt: skip
    at_night = NOW.replace(hour=17)  # 01:00 of the next day in China
    before = compared(places, now=NOW + timedelta(minutes=1))
    after = compared(places, now=at_night)
    with acting_as(EVERYTHING):
        assert list(changes(after, before, officer).expired) == [verdict]


def test_the_list_of_one_department_does_not_take_the_place_of_anothers(places: Places) -> None:
    snapshots(places, small())
    for category, child, department in (("orphan", 1, "civil_affairs"), ("disabled", 2, "disabled_federation")):
        snapshot(places, Register.SPECIAL, [person(child, category=category)], department=department)
    run = compared(places)
    with opened_children(run) as path:
        children = pq.read_table(path)
    groups = {
        tuple(rows): of
        for rows, of in zip(*(children[c].to_pylist() for c in ("household_rows", "groups")), strict=True)
    }
    assert (groups[1,], groups[2,], groups[3,]) == (["orphan"], ["disabled"], None)
    with acting_as(EVERYTHING):
        assert run.snapshots.get(register=Register.SPECIAL).department == TOGETHER


def test_starting_a_run_is_on_record(places: Places, officer: Actor) -> None:
    snapshots(places, small())
    with acting_as(officer.scope):
        run = start_run(county=places.county, as_of=AS_OF, by=officer, now=NOW)
        assert Entry.objects.filter(
            event="comparison_run", target_id=str(run.pk), account_id=officer.account_id
        ).exists()


def test_an_answered_finding_is_answered_in_the_next_run_until_the_answer_expires(
    places: Places, officer: Actor
) -> None:
    snapshots(places, small())
    first = compared(places)
    with acting_as(officer.scope):
        never = Finding.objects.get(run=first, kind=FindingKind.NEVER_ENROLLED)
        verdict = decide_finding(
            finding=never, kind=VerdictKind.ELSEWHERE, evidence="电话问过舅舅，在天柱县读书", expires_on=date(2025, 12, 31),
            by=officer, now=NOW,
        )  # fmt: skip
    second, third = compared(places, now=LATER), compared(places, now=NOW + timedelta(days=100))
    with acting_as(EVERYTHING):
        settled = dict(Finding.objects.filter(kind=FindingKind.NEVER_ENROLLED).values_list("run_id", "settled_by"))
    assert settled == {first.pk: verdict.pk, second.pk: verdict.pk, third.pk: None}
    assert second.summary["applied"] == {"pairs": 0, "findings": 1}


def test_a_withdrawn_answer_opens_what_it_settled_and_is_heeded_no_more(places: Places, officer: Actor) -> None:
    snapshots(places, small())
    first = compared(places)
    with acting_as(officer.scope):
        absent = Finding.objects.get(run=first, kind=FindingKind.ABSENT)
        verdict = decide_finding(
            finding=absent, kind=VerdictKind.REAL, evidence="班主任说没来", expires_on=None, by=officer, now=NOW
        )
        assert verdicts_in_force(places.county, at=NOW) == [verdict]
        withdraw(verdict=verdict, by=officer, now=LATER)
        absent.refresh_from_db()
        assert absent.settled_by_id is None
        # A run of then is made again as it was then.
        assert verdicts_in_force(places.county, at=NOW) == [verdict]
        assert verdicts_in_force(places.county, at=LATER) == []


def test_decided_pairs_stand_in_the_next_run(places: Places, officer: Actor) -> None:
    snapshots(places, county())
    first = compared(places)
    with acting_as(officer.scope):
        one, other = Pair.objects.filter(run=first).order_by("position")
        answers = ((one, VerdictKind.SAME_CHILD), (other, VerdictKind.NOT_SAME_CHILD))
        for pair, kind in answers:
            decide_pair(pair=pair, kind=kind, evidence="", expires_on=None, by=officer, now=NOW)
    second = compared(places, now=LATER)
    with acting_as(EVERYTHING):
        places_asked = set(Pair.objects.filter(run=second).values_list("left_subject", "right_subject"))
        assert (one.left_subject, one.right_subject) not in places_asked
        assert (other.left_subject, other.right_subject) not in places_asked
        found = {finding.name: finding.kind for finding in Finding.objects.filter(run=second, combination="100")}
        assert one.name not in found
        assert found[other.name] == "never_enrolled"
        assert second.summary["applied"] == {"pairs": 2, "findings": 0}


def test_a_verdict_is_about_a_pair_or_about_a_finding(places: Places) -> None:
    said = {
        "county": places.county, "home_path": places.county.path, "kind": VerdictKind.REAL, "name": "杨", "decided_at": NOW,
        "decided_by_name": "试",
    }  # fmt: skip
    with acting_as(EVERYTHING), pytest.raises(IntegrityError, match="pair_or_a_finding"), transaction.atomic():
        Verdict.objects.create(**said)
