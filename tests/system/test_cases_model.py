"""Random acts, legal and illegal, by random people on random days: what must always hold of a case, holds."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.system.casework import FACTS, Team
from tests.system.places import make_places

from baoxue.cases import actions
from baoxue.cases.automatic import resume_those_over, tell_of_duties
from baoxue.cases.models import Case, Duty, StageChange
from baoxue.cases.needs import evidence_there
from baoxue.platform.actor import Actor
from baoxue.platform.scope import Scope, acting_as
from baoxue.policy.casecodes import EvidenceKind, ReturnWay, SuspensionKind, VerificationResult
from baoxue.policy.casestages import BY_CODE, ENDS, CaseStage
from baoxue.policy.closing import ClosingReason, evidence_missing
from baoxue.policy.duties import MUST_RUN, RULES, Line
from baoxue.refusal import Refusal

pytestmark = pytest.mark.django_db
STEPS = 60


def _acts(team: Team, case: Case, by: Actor, dice: random.Random) -> list[Callable[[], Any]]:
    now, today = team.now, team.today
    common = {"case": case, "by": by, "now": now}
    placement = actions.Placement(dice.choice(list(ReturnWay)), "2152000001", "双河镇中心小学", "3班", today)
    return [
        lambda: actions.verify(
            **common, result=dice.choice(list(VerificationResult)), verified_on=today, words="到家里问过父亲"
        ),
        lambda: actions.verify(
            **common, result=VerificationResult.OUT_OF_SCHOOL, verified_on=today, words="到家里问过父亲"
        ),
        lambda: actions.add_evidence(**common, kind=dice.choice(list(EvidenceKind)), words="看过原件"),
        lambda: [actions.add_evidence(**common, kind=kind, words="看过原件") for kind in EvidenceKind],
        lambda: actions.find_suspected(**common),
        lambda: actions.find_never_enrolled(**common, facts=FACTS),
        lambda: actions.confirm_dropout(**common, facts=FACTS),
        lambda: actions.exclude(**common, reason="查清楚了"),
        lambda: actions.name_responsible(
            **common, line=Line.EDUCATION, title="", name="陈主责", unit="双河镇", phone="", is_owner=True
        ),
        lambda: actions.begin_persuading(**common),
        lambda: team.persuade(case),
        lambda: team.letter(case),
        lambda: actions.begin_ladder(**common, reason="劝了无效"),
        lambda: actions.back_to_persuading(**common, reason="家长愿意了"),
        lambda: actions.return_to_school(**common, placement=placement),
        lambda: actions.begin_observing(**common, seen_on=today),
        lambda: actions.missing_again(**common, reason="又没来"),
        lambda: actions.apply_closure(**common, closing=dice.choice(list(ClosingReason)), reason=""),
        lambda: actions.apply_closure(**common, closing=ClosingReason.RETURNED, reason=""),
        lambda: actions.withdraw_closure(**common, reason="材料不全"),
        lambda: actions.take_up_closure(**common),
        lambda: actions.send_back_closure(**common, reason="照片不清楚"),
        lambda: actions.close_case(**common, reason="齐了"),
        lambda: actions.suspend(
            **common, kind=SuspensionKind.STUDY_LEAVE, until=today + timedelta(days=dice.randint(0, 40)), reason="病"
        ),
        lambda: actions.resume(**common, reason="提前回来"),
        lambda: team.days_later(dice.randint(1, 45)),
        lambda: tell_of_duties(day=today, now=now),
        lambda: resume_those_over(day=today, now=now),
    ]


def _holds(case: Case) -> None:
    stage = CaseStage(case.stage)
    running = set(Duty.objects.filter(case=case, state="open").values_list("clock", flat=True))
    assert {clock.value for clock in MUST_RUN.get(stage, ())} <= running, (stage, running)
    assert all(stage in rule.lives_in for clock, rule in RULES.items() if clock.value in running)
    changes = list(StageChange.objects.filter(case=case).order_by("version"))
    # One history without a break, that ends where the case is.
    assert [change.to_stage for change in changes[:-1]] == [change.from_stage for change in changes[1:]]
    assert changes[-1].to_stage == case.stage
    assert all(change.transition in ("open", *BY_CODE) for change in changes)
    assert (case.ended_at is not None) is (stage in ENDS)
    if stage is CaseStage.CLOSED:
        reason = ClosingReason(case.closing_reason)
        assert not evidence_missing(reason, evidence_there(case), watched=case.watched)
        assert case.applied_by_id != case.closed_by_id
    first = Duty.objects.filter(case=case, state="open").order_by("due_on", "pk").first()
    assert case.due_on == (first.due_on if first else None)


@pytest.mark.parametrize("seed", range(24))
def test_whatever_people_try_a_case_keeps_its_one_stage_its_clocks_and_its_history(seed: int) -> None:
    dice = random.Random(seed)
    with acting_as(Scope("/", children=True, registers=frozenset({"*"}))):
        team = Team(make_places())
        case = team.opened(poverty_household=dice.random() < 0.3)
        people = [team.teacher, team.principal, team.township, team.officer, team.second_officer, team.director]
        made = 0
        for _ in range(STEPS):
            before = Case.objects.get(pk=case.pk)
            act = dice.choice(_acts(team, before, dice.choice(people), dice))
            try:
                act()
            except Refusal:
                # Refused whole: nothing of it stays.
                assert Case.objects.get(pk=case.pk).stage == before.stage
            else:
                made += 1
            _holds(Case.objects.select_related("county").get(pk=case.pk))
        assert made > STEPS / 10
