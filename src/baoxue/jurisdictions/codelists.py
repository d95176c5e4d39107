"""The codes of a list as a place has them: the base ones, and those added at the place or above it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from baoxue.audit.actions import record
from baoxue.audit.events import AuditEvent
from baoxue.jurisdictions.models import CodeListEntry, Jurisdiction
from baoxue.jurisdictions.parameters import upwards
from baoxue.platform.actor import Actor
from baoxue.platform.errors import ChangedMeanwhile, InputRefused
from baoxue.policy.capabilities import Capability, Level
from baoxue.policy.codelists import ADDED_AT, BASES, Code, CodeList, base_codes, is_base, is_well_formed
from baoxue.policy.labelled import Labelled


def codes_at(place: Jurisdiction, code_list: CodeList, *, on: date) -> list[Code]:
    """The codes one may choose from at a place on a day: base, then the province's, the city's, the county's."""
    in_force = entries_at(place).filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)
    return [*base_codes(code_list), *_codes(in_force.filter(code_list=code_list.value))]


def known_codes(place: Jurisdiction, code_list: CodeList) -> dict[str, Code]:
    """Every code that ever held at a place, by code: what is written down keeps its meaning when a code ends."""
    added = _codes(entries_at(place).filter(code_list=code_list.value))
    return {code.code: code for code in (*base_codes(code_list), *added)}


def meaning(place: Jurisdiction, code_list: CodeList, code: str) -> Labelled:
    """The base code that a code stands for at a place, by which rules and figures go. Raises InputRefused."""
    known = known_codes(place, code_list).get(code)
    if known is None:
        raise InputRefused(f"“{code_list.label}”里没有代码“{code[:20]}”。", field=code_list.value)
    return BASES[code_list](known.means)


def entries_at(place: Jurisdiction) -> QuerySet[CodeListEntry]:
    """What was added at a place and above it, from the top, in the order it was added; ended ones too."""
    entries = CodeListEntry.objects.filter(jurisdiction__path__in=upwards(place.path))
    return entries.select_related("jurisdiction").order_by("jurisdiction__path", "recorded_at", "pk")


@transaction.atomic
def add_code(
    *, place: Jurisdiction, code_list: CodeList, code: str, label: str, means: str, document: str, valid_from: date,
    by: Actor, now: datetime,
) -> CodeListEntry:  # fmt: skip
    """Add a code to a list at a province, city or county. Raises NotPermitted, InputRefused.

    A code is used once on the way from the root to any county and is never used again, so that it always means the same.
    """
    by.require(Capability.SET_PARAMETERS, at=place.path)
    code, label = code.strip(), label.strip()
    _check(place, code_list, code=code, label=label, means=means, document=document)
    # One after the other: the same code added at a county and at its province at once would mean two things.
    Jurisdiction.objects.select_for_update().get(path="/")
    _check_free(place, code_list, code=code, label=label, valid_from=valid_from)
    entry = CodeListEntry.objects.create(
        jurisdiction=place, code_list=code_list.value, code=code, label=label, means=means, document=document.strip(),
        valid_from=valid_from, recorded_at=now, recorded_by=by.name,
    )  # fmt: skip
    detail = {"list": code_list.value, "entry": code, "means": BASES[code_list](means).label}
    record(AuditEvent.CODE_ADDED, by=by, at=now, target=entry, place_path=place.path, detail=detail)
    return entry


@transaction.atomic
def end_code(*, entry: CodeListEntry, last_day: date, by: Actor, now: datetime) -> CodeListEntry:
    """Let a code be chosen for the last time on a day; what was written down with it stays and means the same.

    Raises NotPermitted, InputRefused, ChangedMeanwhile.
    """
    by.require(Capability.SET_PARAMETERS, at=entry.jurisdiction.path)
    if last_day < entry.valid_from:
        raise InputRefused("最后一天不能早于生效日期。", field="last_day")
    ended = CodeListEntry.objects.filter(pk=entry.pk, valid_to=None)
    if ended.update(valid_to=last_day, ended_at=now, ended_by=by.name) != 1:
        raise ChangedMeanwhile("这个代码已经有人停用了。")
    detail = {"list": entry.code_list, "entry": entry.code, "last_day": last_day.isoformat()}
    record(AuditEvent.CODE_ENDED, by=by, at=now, target=entry, place_path=entry.jurisdiction.path, detail=detail)
    return CodeListEntry.objects.select_related("jurisdiction").get(pk=entry.pk)


def _codes(entries: Iterable[CodeListEntry]) -> list[Code]:
    return [Code(entry.code, entry.label, entry.means) for entry in entries]


def _check(place: Jurisdiction, code_list: CodeList, *, code: str, label: str, means: str, document: str) -> None:
    if Level(place.level) not in ADDED_AT:
        raise InputRefused("代码由省、市、县加，下面的照着用。", field="code")
    if not is_well_formed(code):
        raise InputRefused("代码用字母、数字和 - _ . ，最多 12 个，以字母或数字开头。", field="code")
    if is_base(code_list, code):
        raise InputRefused(f"代码 {code} 是系统自带的，请换一个。", field="code")
    if not label:
        raise InputRefused("请填名称。", field="label")
    if means not in {member.value for member in BASES[code_list]}:
        raise InputRefused("请选归到系统自带的哪一项。", field="means")
    if not document.strip():
        raise InputRefused("请写明依据的文件（文号），没有文件就写谁、哪天决定的。", field="document")


def _check_free(place: Jurisdiction, code_list: CodeList, *, code: str, label: str, valid_from: date) -> None:
    below = Q(jurisdiction__path__gte=place.path, jurisdiction__path__lt=place.path[:-1] + "0")
    on_the_way = CodeListEntry.objects.filter(
        below | Q(jurisdiction__path__in=upwards(place.path)), code_list=code_list.value
    )
    taken = on_the_way.filter(code__iexact=code).select_related("jurisdiction").first()
    if taken is not None:
        raise InputRefused(f"代码 {code} 在{taken.jurisdiction.name}已经用过，不能再用。", field="code")
    if any(known.label == label for known in codes_at(place, code_list, on=valid_from)):
        raise InputRefused(f"已经有“{label}”这一项了。", field="label")
