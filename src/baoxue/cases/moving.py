"""The one place where a case changes its stage: by the table, once, on record, with its clocks and its ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F

from baoxue.audit.actions import record
from baoxue.audit.events import AuditEvent
from baoxue.cases import clocks, standing
from baoxue.cases.errors import CaseChanged, StageRefused
from baoxue.cases.models import Case, StageChange
from baoxue.cases.needs import NOTHING_GIVEN, Given, check_needs
from baoxue.platform import clock
from baoxue.platform.actor import Actor
from baoxue.platform.clock import day_of
from baoxue.platform.errors import NotPermitted
from baoxue.policy.casestages import BY_CODE, ENDS, WAYS_BACK, CaseStage, Transition
from baoxue.policy.duties import MUST_RUN


def written(by: Actor, now: datetime) -> dict[str, Any]:
    """Who wrote a row, and when."""
    return {"written_at": now, "by_id": by.account_id, "by_name": by.name, "by_role": by.role, "post_id": by.post_id}


def place_of(case: Case, by: Actor) -> str:
    """Where an act on a case belongs: the child's home, or its school for a post that reaches only that."""
    return case.home_path if by.scope.covers(case.home_path) else case.school_path


def hold(case: Case, *, version: int | None) -> Case:
    """The case as it is now, held for this transaction. Raises CaseChanged when it is not the `version` that was looked at."""
    current: Case = Case.objects.select_for_update(of=("self",)).select_related("county", "child").get(pk=case.pk)
    if version is not None and current.version != version:
        raise CaseChanged(what_changed(current, since=version))
    return current


def _as_it_is(case: Case) -> Case:
    current: Case = Case.objects.select_related("county", "child").get(pk=case.pk)
    return current


def touch(case: Case, **changed: Any) -> Case:
    """Write facts on a held case; each act makes a new version of it."""
    Case.objects.filter(pk=case.pk).update(version=F("version") + 1, **changed)
    clocks.show_first(case)
    return _as_it_is(case)


def move(
    case: Case, code: str, *, by: Actor, now: datetime, given: Given = NOTHING_GIVEN, reason: str = "", **changed: Any
) -> Case:
    """Take a held case through a transition of the table.

    `given`: what this act brings for the table's needs; `changed`: facts to write with it. Raises StageRefused, NotPermitted,
    NeedMissing, EvidenceMissing, SamePerson.
    """
    transition, stage = BY_CODE[code], CaseStage(case.stage)
    if stage not in transition.sources:
        raise StageRefused(stage, transition.label)
    require(transition, by, case)
    check_needs(transition, case, given, by=by, today=day_of(now), reason=reason)
    to = transition.to or CaseStage(case.came_from)
    on = day_of(now)
    facts = {"stage": to.value, "stage_since": now, "version": case.version + 1, **changed}
    if to in WAYS_BACK:
        facts["came_from"] = stage.value
    if to in ENDS:
        facts["ended_at"] = now
    Case.objects.filter(pk=case.pk).update(**facts)
    StageChange.objects.create(
        case=case, home_path=case.home_path, school_path=case.school_path, transition=code, from_stage=stage.value,
        to_stage=to.value, reason=reason, clause=transition.clause, version=case.version + 1, **written(by, now),
    )  # fmt: skip
    moved = _as_it_is(case)
    clocks.end_those_of_other_stages(moved, to, by=by, on=on)
    clocks.start(moved, (*transition.starts, *MUST_RUN.get(to, ())), on=given.clock_from or on, not_before=on)
    clocks.show_first(moved)
    standing.tell_ledgers(moved, to, on=on, now=now)
    detail = {"transition": code, "from": stage.value, "to": to.value}
    record(AuditEvent.CASE_MOVED, by=by, at=now, target=moved, place_path=place_of(case, by), detail=detail)
    return _as_it_is(case)


def require(transition: Transition, by: Actor, case: Case) -> None:
    """Raise NotPermitted unless the table lets this actor make the transition at the case's place."""
    if transition.by_system and not by.account_id:
        return
    place = place_of(case, by)
    if not any(by.can(capability, at=place) for capability in transition.who):
        raise NotPermitted(sorted(transition.who, key=str)[0])


def what_changed(case: Case, *, since: int) -> str:
    """A sentence on what others did to a case since a version of it was looked at."""
    last = StageChange.objects.filter(case=case, version__gt=since).order_by("-version").first()
    if last is None:
        return "没有存上：这个个案刚被别人补充过。请刷新看看，再接着办。"
    at = last.written_at.astimezone(clock.ZONE)
    label = BY_CODE[last.transition].label if last.transition in BY_CODE else "开案"
    return f"没有存上：{last.by_name} {at.month}月{at.day}日 {at:%H:%M} 已经“{label}”，现在是“{CaseStage(case.stage).label}”。"
