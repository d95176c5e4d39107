"""Persuasion (劝返): every attempt on record, help given, the child's plan."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from baoxue.audit.actions import record
from baoxue.audit.events import AuditEvent
from baoxue.cases import clocks
from baoxue.cases.errors import StageRefused
from baoxue.cases.models import Aid, Attempt, Case, ChildPlan
from baoxue.cases.moving import hold, move, place_of, touch, written
from baoxue.platform.actor import Actor
from baoxue.platform.clock import day_of
from baoxue.platform.errors import InputRefused
from baoxue.policy.capabilities import Capability
from baoxue.policy.casecodes import VISITS, AttemptResult, Measure, Met
from baoxue.policy.casestages import ENDS, CaseStage, Clock
from baoxue.policy.duties import FOLLOW_UPS, RULES

_LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who went: name, unit, title, telephone."""

    name: str
    unit: str = ""
    title: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Persuasion:
    """What is written down of one persuasion (DOMAIN: the fields 教基厅函〔2024〕15号 asks to be recorded).

    `at`: when, aware. `measure`: code of the list in force, `meaning`: the base code it means. `met`: nobody or who.
    `follow_up`: which of the return visits it was. `key`: of the form, the same when it is sent twice.
    """

    at: datetime
    measure: str
    meaning: Measure
    went: Sequence[Person]
    met: Sequence[Met]
    result: AttemptResult
    talk: str
    place: str = ""
    child_says: str = ""
    family_says: str = ""
    obstacles: Sequence[str] = ()
    child_whereabouts: str = ""
    promised_on: date | None = None
    next_step: str = ""
    next_on: date | None = None
    signed: str = ""
    witness: str = ""
    follow_up: Clock | None = None
    longitude: float | None = None
    latitude: float | None = None
    key: uuid.UUID = field(default_factory=uuid.uuid4)

    def check(self, *, now: datetime) -> None:
        """Raise InputRefused unless the record says what it must, and nothing of tomorrow."""
        if self.at > now:
            raise InputRefused("劝返时间不能晚于现在。", field="at")
        if not [person for person in self.went if person.name.strip()]:
            raise InputRefused("请写是谁去的（姓名、单位）。", field="went")
        if not self.met:
            raise InputRefused("请选见到了谁；没有人在家也要选。", field="met")
        if len(self.talk.strip()) < 4:
            raise InputRefused("请写谈话要点。", field="talk")
        if any(len(text) > _LONGEST for text in (self.talk, self.child_says, self.family_says, self.next_step)):
            raise InputRefused(f"文字太长，请写在 {_LONGEST} 字以内。", field="talk")
        if self.promised_on is not None and self.promised_on < day_of(self.at):
            raise InputRefused("承诺返校的日期不能早于劝返那天。", field="promised_on")
        if self.next_on is not None and self.next_on < day_of(self.at):
            raise InputRefused("约定的日期不能早于劝返那天。", field="next_on")
        if self.follow_up is not None and self.follow_up not in FOLLOW_UPS:
            raise InputRefused("没有这种回访。", field="follow_up")


@transaction.atomic
def record_persuasion(*, case: Case, said: Persuasion, by: Actor, now: datetime, version: int | None = None) -> Attempt:
    """Write down one persuasion. Sent twice it is written once; one visit counts once, whoever else records it.

    Ends what it answers (contact, first visit, the day it was due), and sets the next going: by the day agreed, at the latest
    by the limit. Raises NotPermitted, InputRefused, StageRefused.
    """
    by.require(Capability.WORK_CASE, at=place_of(case, by))
    said.check(now=now)
    case = hold(case, version=version)
    known: Attempt | None = Attempt.objects.filter(case=case, key=said.key).first()
    if known is not None:
        return known
    stage, on = CaseStage(case.stage), day_of(now)
    if stage in ENDS and said.follow_up is None:
        raise StageRefused(stage, "记劝返")
    attempt = _written_down(case, said, by=by, now=now)
    _answer_clocks(case, stage, said, by=by, on=on)
    touch(
        case,
        attempts=case.attempts + 1,
        visits=case.visits + (attempt.is_visit and not _same_visit(case, attempt)),
    )
    detail = {"measure": said.meaning.value, "result": said.result.value}
    record(AuditEvent.PERSUASION_RECORDED, by=by, at=now, target=case, place_path=place_of(case, by), detail=detail)
    return attempt


def _written_down(case: Case, said: Persuasion, *, by: Actor, now: datetime) -> Attempt:
    last = Attempt.objects.filter(case=case).aggregate(last=Max("nth"))["last"] or 0
    went = [
        {"name": p.name.strip(), "unit": p.unit, "title": p.title, "phone": p.phone}
        for p in said.went
        if p.name.strip()
    ]
    attempt: Attempt = Attempt.objects.create(
        case=case, home_path=case.home_path, school_path=case.school_path, nth=last + 1, at=said.at, day=day_of(said.at),
        measure=said.measure, is_visit=said.meaning in VISITS, place=said.place, longitude=said.longitude,
        latitude=said.latitude, went=json.dumps(went, ensure_ascii=False), met=[met.value for met in said.met],
        child_whereabouts=said.child_whereabouts, child_says=said.child_says.strip(),
        family_says=said.family_says.strip(), talk=said.talk.strip(), obstacles=list(said.obstacles),
        result=said.result.value, promised_on=said.promised_on, next_step=said.next_step.strip(), next_on=said.next_on,
        signed=said.signed, witness=said.witness, follow_up="" if said.follow_up is None else said.follow_up.value,
        key=said.key, **written(by, now),
    )  # fmt: skip
    return attempt


def _answer_clocks(case: Case, stage: CaseStage, said: Persuasion, *, by: Actor, on: date) -> None:
    answered = [Clock.CONTACT, *([said.follow_up] if said.follow_up else [])]
    if said.meaning in VISITS:
        answered.append(Clock.FIRST_VISIT)
    if stage in RULES[Clock.PERSUADE].lives_in:
        answered.append(Clock.PERSUADE)
    if said.promised_on is not None or said.result is AttemptResult.RETURNED:
        answered.append(Clock.PROMISE)
    clocks.end(case, answered, by=by, on=on)
    if stage in RULES[Clock.PERSUADE].lives_in:
        clocks.start(case, (Clock.PERSUADE,), on=day_of(said.at), not_before=on, not_after=_not_past(said.next_on, on))
    if said.promised_on is not None and stage in RULES[Clock.PROMISE].lives_in:
        clocks.start(case, (Clock.PROMISE,), on=said.promised_on, not_before=on)


def _not_past(day: date | None, today: date) -> date | None:
    return None if day is None else max(day, today)


def _same_visit(case: Case, attempt: Attempt) -> bool:
    """Whether another record is of the same visit: on the same day, in the same way."""
    others = Attempt.objects.filter(case=case, day=attempt.day, measure=attempt.measure, is_visit=True)
    return others.exclude(pk=attempt.pk).exists()


@transaction.atomic
def begin_persuading(*, case: Case, by: Actor, now: datetime, version: int | None = None) -> Case:
    """Begin to persuade, once somebody answers for the child."""
    return move(hold(case, version=version), "begin_persuading", by=by, now=now)


@transaction.atomic
def give_aid(*, case: Case, kind: str, department: str, given_on: date, words: str, by: Actor, now: datetime) -> Aid:
    """Write down help given to the family. Raises NotPermitted, InputRefused."""
    by.require(Capability.WORK_CASE, at=place_of(case, by))
    if given_on > day_of(now):
        raise InputRefused("日期不能晚于今天。", field="given_on")
    if len(words.strip()) < 2:
        raise InputRefused("请写帮了什么。", field="words")
    aid = Aid.objects.create(
        case=case, home_path=case.home_path, school_path=case.school_path, kind=kind, department=department,
        given_on=given_on, words=words.strip(), **written(by, now),
    )  # fmt: skip
    record(AuditEvent.AID_GIVEN, by=by, at=now, target=case, place_path=place_of(case, by), detail={"kind": kind})
    touch(hold(case, version=None))
    return aid


@transaction.atomic
def write_plan(
    *, case: Case, situation: str, goal: str, measures: str, people: str, review_on: date | None, by: Actor,
    now: datetime, version: int | None = None,
) -> ChildPlan:  # fmt: skip
    """Write a new version of the child's plan (一生一策); the earlier ones stay. Raises NotPermitted, InputRefused, CaseChanged."""
    by.require(Capability.WORK_CASE, at=place_of(case, by))
    case = hold(case, version=version)
    if not (goal.strip() and measures.strip()):
        raise InputRefused("一生一策至少要写目标和措施。", field="goal")
    last = ChildPlan.objects.filter(case=case).aggregate(last=Max("version"))["last"] or 0
    plan = ChildPlan.objects.create(
        case=case, home_path=case.home_path, school_path=case.school_path, version=last + 1, situation=situation.strip(),
        goal=goal.strip(), measures=measures.strip(), people=people.strip(), review_on=review_on, **written(by, now),
    )  # fmt: skip
    record(AuditEvent.CHILD_PLAN_WRITTEN, by=by, at=now, target=case, place_path=place_of(case, by))
    touch(case)
    return plan
