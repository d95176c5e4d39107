"""Duties of a case: set going, ended, moved by pauses; which is due first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import F

from baoxue.cases.models import Case, Duty
from baoxue.cases.models.duty import DutyState
from baoxue.jurisdictions.calendars import calendar_of
from baoxue.jurisdictions.models import Jurisdiction
from baoxue.jurisdictions.parameters import parameters, upwards
from baoxue.platform.actor import Actor
from baoxue.policy.calendar import Calendar, DayType
from baoxue.policy.capabilities import Role
from baoxue.policy.casestages import CaseStage, Clock
from baoxue.policy.duties import RULES, DutyRule, Limit, Moment, due_day, moments
from baoxue.policy.parameters import PARAMETERS, Unit

_WINDOW = timedelta(days=430)
_DUTY_GROUPS = ("个案", "依法控辍", "提醒和督办")


def limits_now(place: Jurisdiction, *, on: date) -> dict[str, list[object]]:
    """The limits in force at a place, as a case keeps them: parameter code → [days, day type, version]."""
    codes = tuple(code for code, known in PARAMETERS.items() if known.unit is Unit.DAYS and known.group in _DUTY_GROUPS)
    in_force = parameters(place, on=on, codes=codes)
    return {
        code: [int(value.value), (value.day_type or DayType.CALENDAR).value, value.version]
        for code, value in in_force.items()
    }


def limit_of(case: Case, parameter: str) -> Limit:
    """A limit as it was in force when the case was opened."""
    days, day_type, version = case.limits[parameter]
    return Limit(int(days), DayType(day_type), version)


def calendar_for(case: Case, start: date) -> Calendar:
    """The calendar that holds where a case belongs: its school's, else its county's."""
    place = Jurisdiction.objects.filter(path=case.school_path).first() if case.school_path else None
    return calendar_of(place or case.county, start - timedelta(days=7), start + _WINDOW)


def start(
    case: Case, clocks: Iterable[Clock], *, on: date, words: str = "", not_before: date | None = None,
    not_after: date | None = None,
) -> None:  # fmt: skip
    """Set clocks going from a day on. One that runs already goes on as it is: an edit does not set it back.

    `not_before`, `not_after`: bounds of the due day, where people agreed on a day or the count began in the past.
    """
    running = set(Duty.objects.filter(case=case, state=DutyState.OPEN).values_list("clock", flat=True))
    calendar: Calendar | None = None
    for clock in clocks:
        if clock.value in running:
            continue
        running.add(clock.value)
        calendar = calendar or calendar_for(case, on)
        rule, limit = RULES[clock], limit_of(case, RULES[clock].parameter)
        due = due_day(on, limit, calendar, grace=_grace(case, clock))
        due_on = min(max(due.on, not_before or due.on), not_after or date.max)
        role = _owner(case, rule)
        duty = Duty(
            case=case, county_id=case.county_id, home_path=case.home_path, school_path=case.school_path,
            clock=clock.value, words=words, started_on=on, days=limit.days, day_type=limit.day_type.value,
            parameter_version=limit.version, due_on=due_on, as_working_days=due.as_working_days,
            owner_role=role.value, owner_path=path_of_role(case, role),
        )  # fmt: skip
        duty.next_on = moments_of(duty, case)[0].on
        duty.save()


def _grace(case: Case, clock: Clock) -> Limit | None:
    return limit_of(case, RULES[clock].grace) if RULES[clock].grace else None


def moments_of(duty: Duty, case: Case) -> tuple[Moment, ...]:
    """When somebody is told about a duty."""
    return moments(
        Role(duty.owner_role),
        duty.due_on,
        remind_before=limit_of(case, "remind_before").days,
        escalate_every=limit_of(case, "escalate_every").days,
    )


def _owner(case: Case, rule: DutyRule) -> Role:
    """Who owes a duty: the school's post, else the township's; the county's where the township is not known."""
    if case.school_path:
        return rule.school
    return Role.COUNTY_OFFICER if case.home_path == case.county.path else rule.home


def path_of_role(case: Case, role: Role) -> str:
    """Where a role sits that answers for a case: its school, its township, its county, the city above."""
    if role in (Role.CLASS_TEACHER, Role.RECORD_KEEPER, Role.PRINCIPAL):
        return case.school_path or case.home_path
    if role in (Role.TOWNSHIP_OFFICER, Role.GRID_WORKER):
        return case.home_path
    if role is Role.CITY_OFFICER:
        return upwards(case.county.path)[-2]
    return case.county.path


def end(case: Case, clocks: Iterable[Clock], *, by: Actor, on: date, state: DutyState = DutyState.DONE) -> int:
    """End open duties of these kinds; gives their number."""
    of = Duty.objects.filter(case=case, state=DutyState.OPEN, clock__in=[clock.value for clock in clocks])
    return of.update(state=state.value, ended_on=on, ended_by_name=by.name, next_on=None)


def end_those_of_other_stages(case: Case, stage: CaseStage, *, by: Actor, on: date) -> None:
    """Take off what is not owed at a stage."""
    off = [clock for clock, rule in RULES.items() if stage not in rule.lives_in]
    end(case, off, by=by, on=on, state=DutyState.OFF)


def show_first(case: Case) -> None:
    """Write on the case which of its duties is due first."""
    first = Duty.objects.filter(case=case, state=DutyState.OPEN).order_by("due_on", "pk").first()
    Case.objects.filter(pk=case.pk).update(
        due_on=first.due_on if first else None,
        due_clock=first.clock if first else "",
        due_role=first.owner_role if first else "",
    )


def pause(duty: Duty, case: Case, *, first: date, last: date) -> None:
    """Let a duty's clock stand still on these days: its due day moves by as many days as its limit counts among them."""
    calendar = calendar_for(case, duty.started_on)
    counted = calendar.count(first, last, day_type=DayType(duty.day_type))
    limit = Limit(duty.days, DayType(duty.day_type))
    grace = _grace(case, Clock(duty.clock))
    due = due_day(duty.started_on, limit, calendar, paused=duty.paused_days + counted, grace=grace)
    duty.paused_days, duty.due_on, duty.as_working_days = duty.paused_days + counted, due.on, due.as_working_days
    told = moments_of(duty, case)
    duty.next_on = told[duty.moment].on if duty.moment < len(told) else None
    Duty.objects.filter(pk=duty.pk).update(
        paused_days=F("paused_days") + counted, due_on=duty.due_on, as_working_days=duty.as_working_days,
        next_on=duty.next_on,
    )  # fmt: skip
