"""Keeping the tree."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from baoxue.audit.actions import record
from baoxue.audit.events import AuditEvent
from baoxue.jurisdictions.models import Jurisdiction, School, SpecialDay, TeachingPoint, Term
from baoxue.platform.actor import Actor
from baoxue.platform.errors import InputRefused
from baoxue.policy.calendar import DayKind
from baoxue.policy.capabilities import Capability, Level
from baoxue.policy.schoolyear import SchoolStage, Semester

# What may stand under what. A province may hold counties itself (省直管县), a county its schools without townships.
_UNDER: dict[Level, frozenset[Level]] = {
    Level.MINISTRY: frozenset(),
    Level.PROVINCE: frozenset({Level.MINISTRY}),
    Level.CITY: frozenset({Level.PROVINCE}),
    Level.COUNTY: frozenset({Level.PROVINCE, Level.CITY}),
    Level.TOWNSHIP: frozenset({Level.COUNTY}),
    Level.SCHOOL: frozenset({Level.TOWNSHIP, Level.COUNTY}),
}


def levels_under(level: Level) -> list[Level]:
    """The levels of places that may stand directly under one of this level."""
    return [lower for lower, above in _UNDER.items() if level in above]


@transaction.atomic
def add_place(
    *,
    parent: Jurisdiction,
    level: Level,
    code: str,
    name: str,
    by: Actor,
    now: datetime,
    region_code: str = "",
) -> Jurisdiction:
    """Add a place under another. Raises NotPermitted, InputRefused (code taken, level that does not go there)."""
    by.require(Capability.MANAGE_JURISDICTIONS, at=parent.path)
    if Level(parent.level) not in _UNDER[level]:
        raise InputRefused(f"{level.label}不能放在“{parent.name}”下面。", field="parent")
    if Jurisdiction.objects.filter(code=code).exists():
        raise InputRefused(f"代码 {code} 已经有了。", field="code")
    place = Jurisdiction.objects.create(
        path=f"{parent.path}{code}/", level=level.value, code=code, name=name, parent=parent, region_code=region_code
    )
    record(AuditEvent.JURISDICTION_CHANGED, by=by, at=now, target=place, place_path=place.path, detail={"act": "add"})
    return place


@transaction.atomic
def add_school(
    *,
    parent: Jurisdiction,
    school_code: str,
    name: str,
    by: Actor,
    now: datetime,
    stages: tuple[SchoolStage, ...] = (),
) -> School:
    """Add a school by its 学校标识码 under a township or a county. Raises as `add_place`."""
    place = add_place(parent=parent, level=Level.SCHOOL, code=school_code, name=name, by=by, now=now)
    return School.objects.create(jurisdiction=place, school_code=school_code, stages=[stage.value for stage in stages])


def add_below(*, parent: Jurisdiction, level: Level, code: str, name: str, by: Actor, now: datetime) -> Jurisdiction:
    """Add what people call a place: a school by its 标识码, anything else by its official code. Raises as `add_place`."""
    if level is Level.SCHOOL:
        return add_school(parent=parent, school_code=code, name=name, by=by, now=now).jurisdiction
    return add_place(parent=parent, level=level, code=code, name=name, region_code=code, by=by, now=now)


@transaction.atomic
def add_teaching_point(*, place: Jurisdiction, code: str, name: str, by: Actor, now: datetime) -> TeachingPoint:
    """Add a 教学点 to the school at a place. Raises NotPermitted, InputRefused (no school, code taken)."""
    by.require(Capability.MANAGE_JURISDICTIONS, at=place.path)
    school = School.objects.filter(jurisdiction=place).first()
    if school is None:
        raise InputRefused(f"“{place.name}”不是学校，教学点要加在学校下面。", field="code")
    if not code.strip() or not name.strip():
        raise InputRefused("请填教学点的代码和名称。", field="code" if not code.strip() else "name")
    if TeachingPoint.objects.filter(code=code.strip()).exists():
        raise InputRefused(f"代码 {code.strip()} 已经有了。", field="code")
    point = TeachingPoint.objects.create(school=school, code=code.strip(), name=name.strip())
    detail = {"act": "teaching_point"}
    record(AuditEvent.JURISDICTION_CHANGED, by=by, at=now, target=point, place_path=place.path, detail=detail)
    return point


@transaction.atomic
def rename_place(*, place: Jurisdiction, name: str, by: Actor, now: datetime) -> None:
    """Give a place another name. Raises NotPermitted, InputRefused."""
    by.require(Capability.MANAGE_JURISDICTIONS, at=place.path)
    if not name.strip():
        raise InputRefused("请填名称。", field="name")
    place.name = name.strip()
    place.save(update_fields=["name"])
    record(
        AuditEvent.JURISDICTION_CHANGED, by=by, at=now, target=place, place_path=place.path, detail={"act": "rename"}
    )


@transaction.atomic
def end_place(*, place: Jurisdiction, last_day: date, by: Actor, now: datetime) -> None:
    """Say that a place is no more after a day; its row and its past stay. Raises NotPermitted, InputRefused."""
    by.require(Capability.MANAGE_JURISDICTIONS, at=place.path)
    open_below = Jurisdiction.objects.filter(parent=place, valid_to=None).count()
    if open_below:
        raise InputRefused(f"“{place.name}”下面还有 {open_below} 处没有撤销，请先处理它们。", field="last_day")
    place.valid_to = last_day
    place.save(update_fields=["valid_to"])
    record(AuditEvent.JURISDICTION_CHANGED, by=by, at=now, target=place, place_path=place.path, detail={"act": "end"})


@transaction.atomic
def set_term(
    *,
    place: Jurisdiction,
    school_year: int,
    semester: Semester,
    first_day: date,
    last_day: date,
    by: Actor,
    now: datetime,
) -> None:
    """Enter the days of a semester at a place. Raises NotPermitted, InputRefused."""
    by.require(Capability.SET_PARAMETERS, at=place.path)
    if last_day <= first_day:
        raise InputRefused("最后一天要晚于第一天。", field="last_day")
    if not date(school_year, 8, 1) <= first_day <= last_day <= date(school_year + 1, 8, 31):
        raise InputRefused(
            f"{school_year} 学年的课在 {school_year} 年 8 月到 {school_year + 1} 年 8 月之间。", field="first_day"
        )
    term, _ = Term.objects.update_or_create(
        jurisdiction=place,
        school_year=school_year,
        semester=semester.value,
        defaults={"first_day": first_day, "last_day": last_day},
    )
    detail = {"act": "term", "first_day": first_day.isoformat(), "last_day": last_day.isoformat()}
    record(AuditEvent.JURISDICTION_CHANGED, by=by, at=now, target=term, place_path=place.path, detail=detail)


@transaction.atomic
def set_special_day(
    *, place: Jurisdiction, day: date, kind: DayKind, name: str, document: str, by: Actor, now: datetime
) -> None:
    """Say what a day is at a place, on the ground of a document. Raises NotPermitted, InputRefused."""
    by.require(Capability.SET_PARAMETERS, at=place.path)
    if not document.strip():
        raise InputRefused("请写明依据的通知。", field="document")
    entry, _ = SpecialDay.objects.update_or_create(
        jurisdiction=place, day=day, defaults={"kind": kind.value, "name": name.strip(), "document": document.strip()}
    )
    detail = {"act": "special_day", "day": day.isoformat(), "kind": kind.value}
    record(AuditEvent.JURISDICTION_CHANGED, by=by, at=now, target=entry, place_path=place.path, detail=detail)
