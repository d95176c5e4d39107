"""Keeping the tree."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from baoxue.audit.actions import record
from baoxue.audit.events import AuditEvent
from baoxue.jurisdictions.models import Jurisdiction, School
from baoxue.platform.actor import Actor
from baoxue.platform.errors import InputRefused
from baoxue.policy.capabilities import Capability, Level
from baoxue.policy.schoolyear import SchoolStage

# What may stand under what. A province may hold counties itself (省直管县), a county its schools without townships.
_UNDER: dict[Level, frozenset[Level]] = {
    Level.MINISTRY: frozenset(),
    Level.PROVINCE: frozenset({Level.MINISTRY}),
    Level.CITY: frozenset({Level.PROVINCE}),
    Level.COUNTY: frozenset({Level.PROVINCE, Level.CITY}),
    Level.TOWNSHIP: frozenset({Level.COUNTY}),
    Level.SCHOOL: frozenset({Level.TOWNSHIP, Level.COUNTY}),
}


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
