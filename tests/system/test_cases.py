"""The case: its stages, its evidence, its two persons, its clocks, and what the ledgers show of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from tests.system.casework import FACTS, Team
from tests.system.places import NOW, TODAY, make_places
from tests.system.runs import AS_OF, at_home, make_run

from baoxue.audit.models import Entry
from baoxue.cases import actions
from baoxue.cases.automatic import look_at_the_returned, resume_those_over, tell_of_duties
from baoxue.cases.errors import CaseChanged, EvidenceMissing, NeedMissing, SamePerson, StageRefused, StepClosed
from baoxue.cases.models import Attempt, Case, Duty, Lead, StageChange
from baoxue.children.actions import merge
from baoxue.children.build import build
from baoxue.children.errors import CaseOpen
from baoxue.children.models import Child, Schooling
from baoxue.children.queries import Moment, counts, ledger
from baoxue.comparison.actions import decide_finding
from baoxue.comparison.models import Finding
from baoxue.notifications.models import Notice
from baoxue.platform.errors import InputRefused, NotPermitted
from baoxue.platform.scope import Scope, acting_as
from baoxue.policy.casecodes import EvidenceKind, LeadSource, ReturnWay, SuspensionKind, VerificationResult
from baoxue.policy.casestages import Clock
from baoxue.policy.closing import ClosingReason
from baoxue.policy.ladder import LadderStep
from baoxue.policy.ledgers import Ledger
from baoxue.policy.registers import Register
from baoxue.policy.verdicts import VerdictKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def team() -> Iterator[Team]:
    with acting_as(Scope("/", children=True, registers=frozenset({"*"}))):
        yield Team(make_places())


def test_two_leads_about_one_child_are_one_case(team: Team) -> None:
    case = team.opened()
    lead = actions.report_lead(
        county=case.county, child=case.child, name=case.name, source=LeadSource.REPORT, found_on=TODAY, words="邻居说",
        key="12345-1", by=team.officer, now=team.now,
    )  # fmt: skip
    assert (lead.state, lead.case_id) == ("in_case", case.pk)
    assert Case.objects.count() == 1


def test_the_same_word_told_again_is_counted_not_listed_twice(team: Team) -> None:
    child = team.child()
    for _ in range(2):
        lead = actions.report_lead(
            county=team.places.county, child=child, name=child.name, source=LeadSource.SCHOOL, found_on=TODAY,
            words="没来", key="same", by=team.teacher, now=team.now,
        )  # fmt: skip
    assert (lead.times, Lead.objects.count()) == (2, 1)


def test_case_numbers_have_no_gaps(team: Team) -> None:
    assert [team.opened().number for _ in range(3)] == ["2025-0001", "2025-0002", "2025-0003"]


def test_a_child_has_one_open_case(team: Team) -> None:
    case = team.opened()
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.create(
            number="x", county=case.county, child=case.child, stage="verifying", stage_since=NOW, opened_at=NOW,
            home_path=case.home_path,
        )  # fmt: skip


def test_who_proposed_a_dropout_does_not_confirm_it(team: Team) -> None:
    case = team.verified()
    case = actions.find_suspected(case=case, by=team.officer, now=team.now)
    with pytest.raises(SamePerson):
        actions.confirm_dropout(case=case, facts=FACTS, by=team.officer, now=team.now)
    confirmed = actions.confirm_dropout(case=case, facts=FACTS, by=team.second_officer, now=team.now)
    assert confirmed.stage == "dropout"


def test_a_teacher_confirms_no_dropout(team: Team) -> None:
    with pytest.raises(NotPermitted):
        actions.confirm_dropout(case=team.suspected(), facts=FACTS, by=team.teacher, now=team.now)


@pytest.mark.parametrize("result", [VerificationResult.MISSING, VerificationResult.AWAY_UNREACHABLE])
def test_lost_contact_never_excludes_and_changes_how_the_child_is_sought(
    team: Team, result: VerificationResult
) -> None:
    case = team.verified(result)
    assert case.sought_as_lost
    assert Duty.objects.filter(case=case, clock=Clock.RECHECK, state="open").exists()
    with pytest.raises(NeedMissing):
        actions.exclude(case=case, reason="找不到人", by=team.officer, now=team.now)


def test_a_case_is_excluded_on_proof_only(team: Team) -> None:
    case = team.verified(VerificationResult.DECEASED)
    with pytest.raises(EvidenceMissing, match="公安死亡注销证明"):
        actions.exclude(case=case, reason="已经去世", by=team.officer, now=team.now)
    team.prove(case, EvidenceKind.DEATH_CERTIFICATE)
    excluded = actions.exclude(case=case, reason="已经去世", by=team.officer, now=team.now)
    assert (excluded.stage, Child.objects.get().status) == ("excluded", "14")
    assert not Duty.objects.filter(case=case, state="open").exists()


def test_proof_taken_back_counts_no_more(team: Team) -> None:
    case = team.verified(VerificationResult.DECEASED)
    evidence = actions.add_evidence(
        case=case, kind=EvidenceKind.DEATH_CERTIFICATE, words="派出所开的", by=team.township, now=team.now
    )
    actions.take_back(evidence=evidence, by=team.township, now=team.now)
    with pytest.raises(EvidenceMissing):
        actions.exclude(case=case, reason="已经去世", by=team.officer, now=team.now)


def test_a_persuasion_sent_twice_is_written_once(team: Team) -> None:
    case = team.persuading()
    first = team.persuade(case)
    again = team.persuade(case, key=first.key)
    assert (again.pk, Attempt.objects.count(), Case.objects.get().visits) == (first.pk, 1, 1)


def test_one_visit_counts_once_though_two_people_record_it(team: Team) -> None:
    case = team.persuading()
    team.persuade(case)
    team.persuade(case)
    case.refresh_from_db()
    assert (case.attempts, case.visits) == (2, 1)


def test_a_persuasion_of_tomorrow_is_refused(team: Team) -> None:
    with pytest.raises(InputRefused):
        team.persuade(team.persuading(), at=team.now + timedelta(hours=1))


def test_a_promise_sets_a_clock_and_a_visit_ends_the_first_visit(team: Team) -> None:
    case = team.persuading()
    team.persuade(case, promised_on=team.today + timedelta(days=2))
    open_clocks = set(Duty.objects.filter(case=case, state="open").values_list("clock", flat=True))
    assert {Clock.PROMISE.value, Clock.PERSUADE.value} <= open_clocks
    assert Clock.FIRST_VISIT.value not in open_clocks
    promise = Duty.objects.get(case=case, clock=Clock.PROMISE, state="open")
    # 16 October, a Thursday; one school day after it.
    assert promise.due_on == date(2025, 10, 17)


def test_the_next_document_opens_when_the_last_is_served_and_its_term_over(team: Team) -> None:
    case = team.persuading()
    team.persuade(case)
    letter = team.letter(case, served=False)
    with pytest.raises(NeedMissing):
        actions.begin_ladder(case=case, reason="劝了无效", by=team.township, now=team.now)
    assert letter.term_ends is None
    with pytest.raises(StepClosed, match="送达回证"):
        actions.issue(
            case=case, step=LadderStep.NOTICE, number="双限〔2025〕1号", issuer=team.places.township, penalty_article="",
            by=team.township, now=team.now,
        )  # fmt: skip


def test_a_penalty_stays_off_without_an_article_in_force(team: Team) -> None:
    with pytest.raises(StepClosed, match="法制人员"):
        actions.issue(
            case=team.persuading(), step=LadderStep.PENALTY, number="1", issuer=team.places.township, penalty_article="",
            by=team.township, now=team.now,
        )  # fmt: skip


def test_the_ladder_begins_after_the_letter_and_a_try(team: Team) -> None:
    case = team.persuading()
    team.persuade(case)
    team.letter(case)
    team.days_later(10)
    assert actions.begin_ladder(case=case, reason="劝了无效", by=team.township, now=team.now).stage == "legal_ladder"


def test_no_closure_before_the_observation_is_over(team: Team) -> None:
    case = team.observing()
    team.prove(case)
    with pytest.raises(NeedMissing, match="观察期"):
        actions.apply_closure(case=case, closing=ClosingReason.RETURNED, reason="", by=team.principal, now=team.now)


def test_no_closure_without_all_evidence(team: Team) -> None:
    case = team.observing()
    team.days_later(60)
    with pytest.raises(EvidenceMissing, match="观察期班级考勤"):
        actions.apply_closure(case=case, closing=ClosingReason.RETURNED, reason="", by=team.principal, now=team.now)


def test_a_watched_child_is_looked_up_before_closure(team: Team) -> None:
    case = team.observing(poverty_household=True)
    team.prove(case)
    team.days_later(60)
    with pytest.raises(EvidenceMissing, match="入户或到校核查记录"):
        actions.apply_closure(case=case, closing=ClosingReason.RETURNED, reason="", by=team.principal, now=team.now)


def test_who_applied_does_not_review(team: Team) -> None:
    case = team.observing()
    team.prove(case)
    team.days_later(60)
    case = actions.apply_closure(case=case, closing=ClosingReason.RETURNED, reason="", by=team.officer, now=team.now)
    with pytest.raises(SamePerson):
        actions.take_up_closure(case=case, by=team.officer, now=team.now)


def test_a_closed_case_left_the_dropout_ledger_and_keeps_its_history(team: Team) -> None:
    case = team.closed()
    assert (case.stage, case.child.status) == ("closed", "17") or case.stage == "closed"
    assert Child.objects.get().status == "01"
    steps = list(StageChange.objects.filter(case=case).order_by("version").values_list("transition", flat=True))
    assert steps == [
        "open", "find_suspected", "confirm_dropout", "begin_persuading", "return_to_school", "begin_observing",
        "apply_closure", "take_up_closure", "close_case",
    ]  # fmt: skip


def test_the_database_refuses_a_closure_by_one_person(team: Team) -> None:
    case = team.closed()
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(closed_by_id=case.applied_by_id)


def test_the_database_lets_no_step_of_the_history_be_changed(team: Team) -> None:
    case = team.opened()
    with pytest.raises(ProgrammingError), transaction.atomic():
        StageChange.objects.filter(case=case).update(to_stage="closed")


def test_a_case_sent_back_goes_to_where_it_was(team: Team) -> None:
    case = actions.take_up_closure(case=team.applied(), by=team.officer, now=team.now)
    back = actions.send_back_closure(case=case, reason="照片不清楚", by=team.officer, now=team.now)
    assert (back.stage, back.closing_reason, back.applied_by_id) == ("observing", "", None)
    assert Duty.objects.filter(case=case, clock=Clock.OBSERVE, state="open").exists()


def test_missing_during_observation_takes_the_same_case_back(team: Team) -> None:
    case = actions.missing_again(case=team.observing(), reason="又去打工了", by=team.teacher, now=team.now)
    assert (case.stage, Case.objects.count()) == ("persuading", 1)


def test_two_people_at_once_one_wins_and_the_other_hears_what_changed(team: Team) -> None:
    case = team.suspected()
    actions.confirm_dropout(case=case, facts=FACTS, by=team.officer, now=team.now, version=case.version)
    with pytest.raises(CaseChanged, match=r"控辍保学专干一 .* 已经“认定辍学”，现在是“辍学”"):
        actions.verify(
            case=case, result=VerificationResult.ATTENDING, verified_on=team.today, words="电话问过学校",
            by=team.second_officer, now=team.now, version=case.version,
        )  # fmt: skip


def test_an_illegal_step_is_refused_and_changes_nothing(team: Team) -> None:
    case = team.opened()
    with pytest.raises(StageRefused):
        actions.close_case(case=case, reason="", by=team.officer, now=team.now)
    assert (Case.objects.get().version, StageChange.objects.count()) == (case.version, 1)


def test_a_suspended_case_comes_back_by_itself(team: Team) -> None:
    case = team.verified(VerificationResult.STUDY_LEAVE)
    team.prove(case, EvidenceKind.APPROVED_FORM)
    until = team.today + timedelta(days=30)
    case = actions.suspend(
        case=case, kind=SuspensionKind.STUDY_LEAVE, until=until, reason="心肌炎", by=team.officer, now=team.now
    )
    assert (case.stage, Child.objects.get().status) == ("suspended", "07")
    team.days_later(31)
    assert resume_those_over(day=until, now=team.now) == 0
    assert resume_those_over(day=until + timedelta(days=1), now=team.now) == 1
    assert Case.objects.get().stage == "verifying"


def test_the_ledgers_follow_the_case_at_once_and_remember_what_was_known(team: Team) -> None:
    case = team.suspected()
    county, today = case.county, Moment(team.today)
    assert ledger(team.officer, Ledger.SUSPECTED, county=county, moment=today).count() == 1
    team.days_later(5)
    actions.confirm_dropout(case=case, facts=FACTS, by=team.officer, now=team.now)
    later = Moment(team.today)
    assert ledger(team.officer, Ledger.DROPOUT, county=county, moment=later).count() == 1
    assert ledger(team.officer, Ledger.SUSPECTED, county=county, moment=later).count() == 0
    assert ledger(team.officer, Ledger.SUSPECTED, county=county, moment=today).count() == 1


def test_counts_follow_the_case_beside_the_sums_of_a_build(team: Team, tmp_path: Path) -> None:
    run, files = make_run(team.places, {Register.HOUSEHOLD: [at_home("石大勇", "2014-05-06", 101)]}, tmp_path)
    build(run, files, scratch=tmp_path, now=NOW)
    child = Child.objects.get()
    team.never_enrolled(child)
    found = counts(team.officer, team.places.county, Moment(team.today))
    assert {ledger: found.of(ledger) for ledger in Ledger} == {
        Ledger.SCHOOL_AGE: 1, Ledger.SUSPECTED: 0, Ledger.DROPOUT: 1,
    }  # fmt: skip
    then = counts(team.officer, team.places.county, Moment(AS_OF))
    assert (then.of(Ledger.SUSPECTED), then.of(Ledger.DROPOUT)) == (1, 0)


def test_a_build_does_not_overrule_an_open_case(team: Team, tmp_path: Path) -> None:
    said = {Register.HOUSEHOLD: [at_home("石大勇", "2014-05-06", 101)]}
    run, files = make_run(team.places, said, tmp_path / "1")
    build(run, files, scratch=tmp_path, now=NOW)
    child = Child.objects.get()
    team.never_enrolled(child)
    run, files = make_run(team.places, said, tmp_path / "2", as_of=date(2025, 12, 1))
    build(run, files, scratch=tmp_path, now=NOW + timedelta(days=60))
    # And a build in which no register has the child any more.
    run, files = make_run(
        team.places, {Register.HOUSEHOLD: [at_home("王小", "2014-01-06", 103)]}, tmp_path / "3", as_of=date(2025, 12, 5)
    )
    build(run, files, scratch=tmp_path, now=NOW + timedelta(days=61))
    now = Schooling.objects.get(child=child, valid_to=None, recorded_to=None)
    assert (now.status, Child.objects.get(pk=child.pk).left_on) == ("10", None)


def test_every_reminder_and_escalation_goes_out_once_however_late_the_run(team: Team) -> None:
    case = team.opened()
    for _ in range(3):
        tell_of_duties(day=team.today + timedelta(days=400), now=team.now)
    duties = Duty.objects.filter(case=case)
    keys = Notice.objects.values_list("key", flat=True)
    assert len(set(keys)) == len(keys) == sum(duties.values_list("moment", flat=True))
    assert set(duties.values_list("next_on", flat=True)) == {None}


def test_reminders_come_on_their_days(team: Team) -> None:
    case = team.opened()
    visit = Duty.objects.get(case=case, clock=Clock.FIRST_VISIT)
    assert visit.due_on == date(2025, 10, 16)
    tell_of_duties(day=date(2025, 10, 14), now=team.now)
    assert not Notice.objects.filter(key__startswith=f"duty:{visit.pk}:").exists()
    tell_of_duties(day=date(2025, 10, 15), now=team.now)
    tell_of_duties(day=date(2025, 10, 17), now=team.now)
    told = Notice.objects.filter(key__startswith=f"duty:{visit.pk}:").order_by("key")
    assert [notice.kind for notice in told] == ["duty_soon", "escalation"]


def test_a_pause_needs_another_persons_yes_and_moves_the_due_day(team: Team) -> None:
    case = team.opened()
    duty = Duty.objects.get(case=case, clock=Clock.VERIFY)
    due, first = duty.due_on, team.today + timedelta(days=1)
    asked = actions.ask_pause(
        duty=duty, first=first, last=first + timedelta(days=6), reason="全镇停课抗洪", by=team.officer, now=team.now
    )
    duty.refresh_from_db()
    assert duty.due_on == due
    actions.answer_pause(pause=asked, approve=True, by=team.director, now=team.now)
    duty.refresh_from_db()
    assert duty.due_on == due + timedelta(days=7)


def test_naming_a_new_owner_relieves_the_old_one(team: Team) -> None:
    case = team.opened()
    team.own(case)
    team.own(case)
    assert case.chain.filter(is_owner=True, last_day=None).count() == 1


def _finding(team: Team, case: Case, as_of: date, folder: Path) -> Finding:
    run, _files = make_run(
        team.places, {Register.HOUSEHOLD: [at_home("林别处", "2014-05-06", 101)]}, folder, as_of=as_of
    )
    source = case.child.sources.create(
        county=case.county, home_path=case.home_path, register="student", subject=b"\7" * 32, row=1, recorded_from=NOW,
        snapshot=run.snapshots.get(),
    )  # fmt: skip
    return Finding.objects.create(
        run=run, key="k1", kind="absent", decision="auto", confidence=0.99, subject=source.subject, child=1, waits=True,
        home_path=case.home_path, school_path=case.school_path, name=case.name, name_sort="lin", reason="点名册上没有",
    )  # fmt: skip


def test_a_closed_child_missing_from_the_next_roll_opens_a_linked_case_by_itself(team: Team, tmp_path: Path) -> None:
    case = team.closed()
    _finding(team, case, case.closed_on + timedelta(days=5), tmp_path)
    team.days_later(6)
    assert look_at_the_returned(day=team.today, now=team.now) == 1
    linked = Case.objects.exclude(pk=case.pk).get()
    case.refresh_from_db()
    assert (linked.previous_id, linked.times_before, linked.stage) == (case.pk, 1, "verifying")
    assert case.refuted_at == team.now
    signers = set(StageChange.objects.filter(case=case, by_id__isnull=False).values_list("by_id", flat=True))
    assert signers <= set(Notice.objects.filter(key__startswith="missing:").values_list("account_id", flat=True))
    # A second look opens nothing more.
    look_at_the_returned(day=team.today, now=team.now)
    assert Case.objects.count() == 2


def test_a_roll_older_than_the_return_refutes_nothing(team: Team, tmp_path: Path) -> None:
    case = team.closed()
    _finding(team, case, AS_OF, tmp_path)
    assert look_at_the_returned(day=team.today, now=team.now) == 0


def test_an_observed_child_missing_from_the_next_roll_goes_back(team: Team, tmp_path: Path) -> None:
    case = team.observing()
    _finding(team, case, team.today + timedelta(days=5), tmp_path)
    team.days_later(6)
    look_at_the_returned(day=team.today, now=team.now)
    assert Case.objects.get().stage == "persuading"


def test_a_child_on_no_register_can_be_added_and_has_a_case(team: Team) -> None:
    from baoxue.children.actions import add_by_hand

    child = add_by_hand(
        county=team.places.county, home_path=team.places.township.path, name="无名册", sex="F", birth_date=date(2015, 1, 2),
        id_number="", guardian_name="王大", phone="", address="双河镇杉木村", by=team.township, now=team.now,
    )  # fmt: skip
    lead = actions.report_lead(
        county=team.places.county, child=child, name=child.name, source=LeadSource.SWEEP, found_on=TODAY, words="没有户口",
        key="sweep-1", by=team.township, now=team.now,
    )  # fmt: skip
    assert actions.open_case(lead=lead, by=team.township, now=team.now).stage == "verifying"
    assert ledger(team.officer, Ledger.SCHOOL_AGE, county=team.places.county, moment=Moment(team.today)).count() == 1


def test_each_post_works_within_its_own_walls(team: Team) -> None:
    """The whole way, each act in the scope of whoever acts: nothing needs a reach the post does not have."""
    child = team.child()
    with acting_as(team.teacher.scope):
        lead = actions.report_lead(
            county=team.places.county, child=child, name=child.name, source=LeadSource.SCHOOL, found_on=TODAY,
            words="三天没来", key="walls", by=team.teacher, now=team.now,
        )  # fmt: skip
        case = actions.open_case(lead=lead, by=team.teacher, now=team.now)
    with acting_as(team.township.scope):
        case = actions.verify(
            case=case, result=VerificationResult.OUT_OF_SCHOOL, verified_on=team.today, words="在家放羊",
            by=team.township, now=team.now,
        )  # fmt: skip
    with acting_as(team.principal.scope):
        case = actions.find_suspected(case=case, by=team.principal, now=team.now)
    with acting_as(team.officer.scope):
        case = actions.confirm_dropout(case=case, facts=FACTS, by=team.officer, now=team.now)
        team.own(case)
    with acting_as(team.teacher.scope):
        placement = actions.Placement(ReturnWay.OWN_CLASS, "2152000001", "双河镇中心小学", "3班", team.today)
        case = actions.return_to_school(case=case, placement=placement, by=team.teacher, now=team.now)
    assert case.stage == "returned"
    with acting_as(Scope(team.places.other_county.path, children=True)):
        assert not Case.objects.exists()
        assert not Lead.objects.exists()


def test_every_act_is_on_record_without_a_word_about_the_child(team: Team) -> None:
    team.closed()
    told = Entry.objects.filter(event__startswith="case_").values_list("detail", flat=True)
    assert len(told) >= 9
    assert "林别处" not in str(list(told))


def test_a_finding_called_real_becomes_the_childs_case_and_only_once(team: Team, tmp_path: Path) -> None:
    case = team.opened()
    finding = _finding(team, case, AS_OF, tmp_path)
    with pytest.raises(InputRefused, match="属实"):
        actions.take_up_finding(finding=finding, by=team.officer, now=team.now)
    decide_finding(
        finding=finding, kind=VerdictKind.REAL, evidence="问过班主任", expires_on=None, by=team.officer, now=team.now
    )
    finding.refresh_from_db()
    leads = [actions.take_up_finding(finding=finding, by=team.officer, now=team.now) for _ in range(2)]
    assert [lead.case_id for lead in leads] == [case.pk, case.pk]
    assert Case.objects.count() == 1


def test_a_record_with_an_open_case_does_not_go_into_another(team: Team) -> None:
    case, other = team.opened(), team.child()
    with pytest.raises(CaseOpen):
        merge(kept=other, other=case.child, reason="同一个人", by=team.officer, now=team.now)
    merge(kept=case.child, other=other, reason="同一个人", by=team.officer, now=team.now)
    assert Child.objects.get(merged_into=None).pk == case.child_id


def test_where_the_township_is_not_known_the_county_owes_what_is_due(team: Team) -> None:
    child = team.child()
    Child.objects.filter(pk=child.pk).update(home_path=team.places.county.path, school_path="")
    child.refresh_from_db()
    lead = actions.report_lead(
        county=team.places.county, child=child, name=child.name, source=LeadSource.REPORT, found_on=TODAY, words="听说",
        key="x", by=team.officer, now=team.now,
    )  # fmt: skip
    case = actions.open_case(lead=lead, by=team.officer, now=team.now)
    assert set(case.duties.values_list("owner_role", flat=True)) == {"county_officer"}
