"""Duties with a limit: who owes what by when, who is reminded, and to whom it climbs when it is late.

Sources: 教基厅函〔2024〕15号 (快速发现与响应; 双线责任); the numbers are parameters of a place (`policy.parameters`), the
lines up are those of county practice (DOMAIN 1.2, 4.2): 班主任 → 校长 → 县专干 → 局长 → 分管县长 → 市, and 网格员 →
乡镇专干 → 县专干 on the other line. A due day is computed from stored facts and never counted down; a limit that ends on
a day off moves to the next working day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from baoxue.policy.calendar import Calendar, DayType, NoSuchDay
from baoxue.policy.capabilities import Role
from baoxue.policy.casestages import CaseStage, Clock
from baoxue.policy.labelled import Labelled


class Line(Labelled):
    """双线责任."""

    EDUCATION = "education", "教育线"
    ADMINISTRATIVE = "administrative", "行政线"


@dataclass(frozen=True, slots=True)
class DutyRule:
    """`parameter`: of its limit. `school`: who owes it for a pupil of a school here; `home`: for a child without one.

    `lives_in`: stages in which it is owed; a case that leaves them takes it off. `grace`: parameter of the days there are once
    the limit is over, where what is owed cannot be done before; "" = none.
    """

    parameter: str
    school: Role
    home: Role
    lives_in: frozenset[CaseStage]
    grace: str = ""


_S = CaseStage
_OUT = frozenset({_S.SUSPECTED, _S.NEVER_ENROLLED, _S.DROPOUT, _S.PERSUADING, _S.LEGAL_LADDER})
_SOUGHT = _OUT | {_S.VERIFYING}
_AFTER_RETURN = frozenset({_S.OBSERVING, _S.CLOSURE_APPLIED, _S.COUNTY_REVIEW, _S.CLOSED})
_TEACHER, _KEEPER, _TOWNSHIP, _COUNTY = (
    Role.CLASS_TEACHER,
    Role.RECORD_KEEPER,
    Role.TOWNSHIP_OFFICER,
    Role.COUNTY_OFFICER,
)


def _rule(parameter: str, school: Role, home: Role, *lives_in: CaseStage) -> DutyRule:
    return DutyRule(parameter, school, home, frozenset(lives_in))


RULES: dict[Clock, DutyRule] = {
    Clock.CONTACT: _rule("case_contact", _TEACHER, Role.GRID_WORKER, *_SOUGHT),
    Clock.FIRST_VISIT: _rule("case_visit", _TEACHER, _TOWNSHIP, *_SOUGHT),
    Clock.VERIFY: _rule("verify_within", _KEEPER, _TOWNSHIP, _S.VERIFYING),
    Clock.CONFIRM: _rule("suspected_at_most", _COUNTY, _COUNTY, _S.SUSPECTED),
    Clock.PAIR_UP: _rule("pair_up", _COUNTY, _COUNTY, *_OUT),
    Clock.PERSUADE: _rule("persuasion_every", _TEACHER, _TOWNSHIP, *_OUT),
    Clock.PROMISE: _rule("promise_grace", _TEACHER, _TOWNSHIP, *_SOUGHT),
    Clock.LADDER: _rule("ladder_grace", _TOWNSHIP, _TOWNSHIP, _S.PERSUADING, _S.LEGAL_LADDER),
    Clock.ARRIVE: _rule("arrive_within", _KEEPER, _TOWNSHIP, _S.RETURNED),
    Clock.OBSERVE: DutyRule("observation", Role.PRINCIPAL, _TOWNSHIP, frozenset({_S.OBSERVING}), grace="closure_grace"),
    Clock.FOLLOW_UP_1: _rule("follow_up_1", _TEACHER, _TOWNSHIP, *_AFTER_RETURN),
    Clock.FOLLOW_UP_2: _rule("follow_up_2", _TEACHER, _TOWNSHIP, *_AFTER_RETURN),
    Clock.FOLLOW_UP_3: _rule("follow_up_3", _TEACHER, _TOWNSHIP, *_AFTER_RETURN),
    Clock.TAKE_UP: _rule("take_up_within", _COUNTY, _COUNTY, _S.CLOSURE_APPLIED),
    Clock.REVIEW: _rule("review_within", _COUNTY, _COUNTY, _S.COUNTY_REVIEW),
    Clock.SUSPENSION: _rule("suspension_grace", _KEEPER, _TOWNSHIP, _S.SUSPENDED),
    Clock.RECHECK: _rule("recheck_every", _TOWNSHIP, _TOWNSHIP, *_SOUGHT),
}

FOLLOW_UPS = (Clock.FOLLOW_UP_1, Clock.FOLLOW_UP_2, Clock.FOLLOW_UP_3)

MUST_RUN: dict[CaseStage, tuple[Clock, ...]] = {
    _S.VERIFYING: (Clock.VERIFY,),
    _S.SUSPECTED: (Clock.CONFIRM, Clock.PERSUADE),
    _S.NEVER_ENROLLED: (Clock.PERSUADE,),
    _S.DROPOUT: (Clock.PERSUADE,),
    _S.PERSUADING: (Clock.PERSUADE,),
    _S.LEGAL_LADDER: (Clock.PERSUADE,),
    _S.RETURNED: (Clock.ARRIVE,),
    _S.OBSERVING: (Clock.OBSERVE,),
    _S.CLOSURE_APPLIED: (Clock.TAKE_UP,),
    _S.COUNTY_REVIEW: (Clock.REVIEW,),
    _S.SUSPENDED: (Clock.SUSPENSION,),
}
"""No open case is without a clock: those of its stage run from the moment it gets there, whichever way it came."""

_UP: dict[Role, Role] = {
    Role.CLASS_TEACHER: Role.PRINCIPAL,
    Role.RECORD_KEEPER: Role.PRINCIPAL,
    Role.PRINCIPAL: Role.COUNTY_OFFICER,
    Role.GRID_WORKER: Role.TOWNSHIP_OFFICER,
    Role.TOWNSHIP_OFFICER: Role.COUNTY_OFFICER,
    Role.DEPARTMENT_OFFICER: Role.COUNTY_OFFICER,
    Role.COUNTY_OFFICER: Role.BUREAU_DIRECTOR,
    Role.BUREAU_DIRECTOR: Role.COUNTY_LEADER,
    Role.COUNTY_LEADER: Role.CITY_OFFICER,
}

LINE_OF: dict[Role, Line] = {
    Role.GRID_WORKER: Line.ADMINISTRATIVE,
    Role.TOWNSHIP_OFFICER: Line.ADMINISTRATIVE,
    Role.COUNTY_LEADER: Line.ADMINISTRATIVE,
}


def line_of(role: Role) -> Line:
    """The line a post stands in."""
    return LINE_OF.get(role, Line.EDUCATION)


def climbs(owner: Role) -> tuple[Role, ...]:
    """Who hears of a duty that is late, one after the other."""
    up = []
    role = _UP.get(owner)
    while role is not None:
        up.append(role)
        role = _UP.get(role)
    return tuple(up)


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit as it was in force when the case was opened. `version`: of the parameter, None = this project's default."""

    days: int
    day_type: DayType
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A due day. `as_working_days`: the school calendar ends before, so from its end on working days were counted."""

    on: date
    as_working_days: bool = False


def due_day(start: date, limit: Limit, calendar: Calendar, *, paused: int = 0, grace: Limit | None = None) -> Due:
    """The day a duty is due: so many days after `start`, the first counted day being the one after.

    `paused`: days, of the limit's own kind, for which it was paused. Where the school calendar is not entered that far,
    working days are counted from its end on: a duty without a due day would be a duty nobody owes, and a longer limit never
    ends before a shorter one. `grace`: counted on from there.
    """
    if grace is not None:
        over = due_day(start, limit, calendar, paused=paused)
        due = due_day(over.on, grace, calendar)
        return Due(due.on, as_working_days=over.as_working_days or due.as_working_days)
    days = limit.days + paused
    try:
        end = calendar.add(start, days, day_type=limit.day_type)
    except NoSuchDay:
        known_to = max((last for _, last in calendar.terms), default=start)
        known_to = max(known_to, start)
        left = days - calendar.count(start + timedelta(days=1), known_to, day_type=limit.day_type)
        return Due(calendar.add(known_to, left, day_type=DayType.WORKING), as_working_days=True)
    return Due(calendar.next(end, day_type=DayType.WORKING))


class MomentKind(Labelled):
    """What is said at a moment."""

    REMINDER = "reminder", "提醒"
    ESCALATION = "escalation", "督办"


@dataclass(frozen=True, slots=True)
class Moment:
    """On a day somebody is told: the owner before it is due, those above once it is late."""

    kind: MomentKind
    on: date
    to: Role


def moments(owner: Role, due: date, *, remind_before: int, escalate_every: int) -> tuple[Moment, ...]:
    """The moments of a duty, in their order: always as many, whatever the due day, so that each is made exactly once.

    `remind_before`, `escalate_every`: calendar days. The first step up is on the day after the due day.
    """
    first = Moment(MomentKind.REMINDER, due - timedelta(days=remind_before), owner)
    late = due + timedelta(days=1)
    steps = (
        Moment(MomentKind.ESCALATION, late + timedelta(days=number * max(1, escalate_every)), role)
        for number, role in enumerate(climbs(owner))
    )
    return (first, *steps)
