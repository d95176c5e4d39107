"""Which value of a parameter holds at a place on a day, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from baoxue.audit.actions import record
from baoxue.audit.events import AuditEvent
from baoxue.jurisdictions.models import Jurisdiction, ParameterVersion
from baoxue.platform.actor import Actor
from baoxue.platform.errors import InputRefused
from baoxue.policy.calendar import DayType
from baoxue.policy.capabilities import Capability
from baoxue.policy.parameters import PARAMETERS, Parameter


@dataclass(frozen=True, slots=True)
class Value:
    """A value in force. `place`: where it was set, None for this project's default; `document`: on what ground.

    `version`: key of the ParameterVersion, None for the default: what a case keeps of the value it was opened under.
    """

    parameter: Parameter
    value: float
    day_type: DayType | None
    place: Jurisdiction | None
    document: str
    valid_from: date | None
    version: int | None


def parameter(place: Jurisdiction, code: str, *, on: date) -> Value:
    """The value of one parameter at a place on a day."""
    return parameters(place, on=on, codes=(code,))[code]


def parameters(place: Jurisdiction, *, on: date, codes: tuple[str, ...] = tuple(PARAMETERS)) -> dict[str, Value]:
    """The values in force at a place on a day, by code: the nearest place upwards wins, its latest version."""
    found: dict[str, ParameterVersion] = {}
    versions = (
        ParameterVersion.objects.filter(
            Q(valid_to=None) | Q(valid_to__gte=on), jurisdiction__path__in=upwards(place.path), code__in=codes,
            valid_from__lte=on,
        )
        .select_related("jurisdiction")
        .order_by("jurisdiction__path", "valid_from", "recorded_at", "pk")
    )  # fmt: skip
    for version in versions:  # paths lengthen: the last is the nearest place's latest
        found[version.code] = version
    return {code: _value(PARAMETERS[code], found.get(code)) for code in codes}


@transaction.atomic
def set_parameter(
    *,
    place: Jurisdiction,
    code: str,
    value: float,
    day_type: DayType | None,
    document: str,
    valid_from: date,
    by: Actor,
    now: datetime,
    valid_to: date | None = None,
) -> ParameterVersion:
    """Set a parameter at a place from a day on. Raises NotPermitted, InputRefused.

    A new version is added; what was in force before stays what it was.
    """
    by.require(Capability.SET_PARAMETERS, at=place.path)
    known = PARAMETERS.get(code)
    if known is None:
        raise InputRefused("没有这个参数。", field="code")
    if not known.least <= value <= known.most:
        raise InputRefused(f"“{known.label}”应在 {known.least:g} 到 {known.most:g} 之间。", field="value")
    if not document.strip():
        raise InputRefused("请写明依据的文件（文号），没有文件就写谁、哪天决定的。", field="document")
    if valid_to is not None and valid_to < valid_from:
        raise InputRefused("失效日期不能早于生效日期。", field="valid_to")
    version = ParameterVersion.objects.create(
        jurisdiction=place,
        code=code,
        value=value,
        day_type="" if known.day_type is None else (day_type or known.day_type).value,
        document=document.strip(),
        valid_from=valid_from,
        valid_to=valid_to,
        recorded_at=now,
        recorded_by=by.name,
    )
    record(
        AuditEvent.PARAMETER_SET,
        by=by,
        at=now,
        target=version,
        place_path=place.path,
        detail={"code": code, "value": value},
    )
    return version


def upwards(path: str) -> list[str]:
    """The paths of a place and of all places above it."""
    parts = path.strip("/").split("/")
    return ["/", *("/" + "/".join(parts[:length]) + "/" for length in range(1, len(parts) + 1))]


def _value(known: Parameter, version: ParameterVersion | None) -> Value:
    if version is None:
        return Value(known, known.default, known.day_type, None, known.clause, None, None)
    return Value(
        known,
        float(version.value),
        DayType(version.day_type) if version.day_type else None,
        version.jurisdiction,
        version.document,
        version.valid_from,
        version.pk,
    )
