"""Places and schools for programs."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from baoxue.jurisdictions import actions, codelists
from baoxue.jurisdictions.models import CodeListEntry, Jurisdiction, School
from baoxue.jurisdictions.parameters import parameters, set_parameter
from baoxue.jurisdictions.queries import schools_of, visible_place, within_path
from baoxue.platform import clock
from baoxue.platform.actor import Actor
from baoxue.platform.gate import ActorRequest, api
from baoxue.platform.paging import Page, Paging, paged
from baoxue.policy.calendar import DayKind, DayType
from baoxue.policy.capabilities import Capability, Level
from baoxue.policy.codelists import LONGEST_CODE, CodeList, base_codes
from baoxue.policy.parameters import PARAMETERS
from baoxue.policy.schoolyear import Semester

router = Router(tags=["机构"])


class PlaceOut(Schema):
    """One place. `path`: from the root; `parent`: code of the place above, if any."""

    code: str
    name: str
    level: str
    path: str
    parent: str | None


class SchoolOut(Schema):
    """One school."""

    school_code: str
    name: str
    path: str
    stages: list[str]


class ParameterOut(Schema):
    """A parameter in force. `place`: code of the place that set it; None = this system's default."""

    code: str
    label: str
    value: float
    unit: str
    day_type: str | None
    place: str | None
    document: str


class ParameterIn(Schema):
    """A value from a day on, and the document it rests on."""

    value: float
    day_type: DayType | None = None
    document: str = Field(max_length=160)
    valid_from: date
    valid_to: date | None = None


class CodeOut(Schema):
    """A code of a list. `means`: the base code it stands for. `id`, `place`, `document`, days: None for a base code.

    `valid_to`: last day on which it may be chosen; what was written down with it keeps its meaning.
    """

    id: int | None
    code: str
    label: str
    means: str
    place: str | None
    document: str | None
    valid_from: date | None
    valid_to: date | None


class CodeIn(Schema):
    """A code to be added: which base code it stands for, on what ground, from when."""

    code: str = Field(max_length=LONGEST_CODE)
    label: str = Field(max_length=40)
    means: str = Field(max_length=24)
    document: str = Field(max_length=160)
    valid_from: date


class CodeEndIn(Schema):
    """The last day on which a code may be chosen."""

    last_day: date


class TermIn(Schema):
    """The days of a semester, both included."""

    school_year: int = Field(ge=2000, le=2100)
    semester: Semester
    first_day: date
    last_day: date


class SpecialDayIn(Schema):
    """What a day is, and the notice that says so."""

    day: date
    kind: DayKind
    name: str = Field("", max_length=40)
    document: str = Field(max_length=120)


class PlaceIn(Schema):
    """A place under another; of a school `code` is its 学校标识码."""

    level: Level
    code: str = Field(max_length=20)
    name: str = Field(max_length=80)


class TeachingPointIn(Schema):
    """A 教学点 of a school."""

    code: str = Field(max_length=12)
    name: str = Field(max_length=80)


@router.get("/jurisdictions", response=Page[PlaceOut], summary="辖区内的机构")
@api()
def places(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """The places within reach, from the top."""
    found = within_path(_actor(request).scope.path).select_related("parent")
    shown = paged(found, paging)
    return shown | {"items": [_place(place) for place in shown["items"]]}


@router.get("/jurisdictions/{place_code}", response=PlaceOut, summary="一个机构")
@api()
def place(request: HttpRequest, place_code: str) -> dict[str, Any]:
    """One place."""
    return _place(_found(request, place_code))


@router.get(
    "/jurisdictions/{place_code}/parameters", response=list[ParameterOut], summary="一个机构适用的时限和参数，谁定的"
)
@api()
def parameters_in_force(request: HttpRequest, place_code: str) -> list[dict[str, Any]]:
    """What applies at a place today, and where it came from."""
    values = parameters(_found(request, place_code), on=clock.today()).values()
    return [
        {
            "code": value.parameter.code,
            "label": value.parameter.label,
            "value": value.value,
            "unit": value.parameter.unit.value,
            "day_type": value.day_type,
            "place": None if value.place is None else value.place.code,
            "document": value.document,
        }
        for value in values
    ]


@router.post("/jurisdictions/{place_code}/parameters/{parameter_code}", response={204: None}, summary="设一个参数")
@api(Capability.SET_PARAMETERS)
def set_one_parameter(request: HttpRequest, place_code: str, parameter_code: str, given: ParameterIn) -> Status[None]:
    """From a day on; what held before stays what it was."""
    by = _actor(request)
    if parameter_code not in PARAMETERS:
        raise Http404
    set_parameter(place=_within(by, place_code), code=parameter_code, **given.dict(), by=by, now=clock.now())
    return Status(204, None)


@router.get(
    "/jurisdictions/{place_code}/codes/{code_list}",
    response=list[CodeOut],
    summary="一个机构的一张代码表，自带的和本地加的",
)
@api()
def codes(request: HttpRequest, place_code: str, code_list: CodeList) -> list[dict[str, Any]]:
    """Base codes, then those added at the place and above it, ended ones too."""
    added = codelists.entries_at(_found(request, place_code)).filter(code_list=code_list.value)
    nowhere = {"id": None, "place": None, "document": None, "valid_from": None, "valid_to": None}
    base = [
        {"code": known.code, "label": known.label, "means": known.means} | nowhere for known in base_codes(code_list)
    ]
    return [*base, *map(_code, added)]


@router.post("/jurisdictions/{place_code}/codes/{code_list}", response={201: CodeOut}, summary="给一张代码表加一个代码")
@api(Capability.SET_PARAMETERS)
def add_code(request: HttpRequest, place_code: str, code_list: CodeList, given: CodeIn) -> Status[dict[str, Any]]:
    """At a province, city or county; those below have it too."""
    by = _actor(request)
    made = codelists.add_code(
        place=_within(by, place_code), code_list=code_list, **given.dict(), by=by, now=clock.now()
    )
    return Status(201, _code(made))


@router.post("/jurisdictions/{place_code}/code-entries/{code_entry_id}/end", response=CodeOut, summary="停用一个代码")
@api(Capability.SET_PARAMETERS)
def end_code(request: HttpRequest, place_code: str, code_entry_id: int, given: CodeEndIn) -> dict[str, Any]:
    """After the day it can be chosen no more."""
    by = _actor(request)
    entry = get_object_or_404(
        CodeListEntry.objects.select_related("jurisdiction"), pk=code_entry_id, jurisdiction=_within(by, place_code)
    )
    return _code(codelists.end_code(entry=entry, last_day=given.last_day, by=by, now=clock.now()))


@router.post("/jurisdictions/{place_code}/terms", response={204: None}, summary="填一个学期")
@api(Capability.SET_PARAMETERS)
def set_one_term(request: HttpRequest, place_code: str, given: TermIn) -> Status[None]:
    """Places under it follow, unless they have their own."""
    by = _actor(request)
    actions.set_term(place=_within(by, place_code), **given.dict(), by=by, now=clock.now())
    return Status(204, None)


@router.post("/jurisdictions/{place_code}/special-days", response={204: None}, summary="填放假、调休或停课")
@api(Capability.SET_PARAMETERS)
def set_one_day(request: HttpRequest, place_code: str, given: SpecialDayIn) -> Status[None]:
    """A day that is not what its weekday says."""
    by = _actor(request)
    actions.set_special_day(place=_within(by, place_code), **given.dict(), by=by, now=clock.now())
    return Status(204, None)


@router.post("/jurisdictions/{place_code}/places", response={201: PlaceOut}, summary="在下面加一处")
@api(Capability.MANAGE_JURISDICTIONS)
def add_place(request: HttpRequest, place_code: str, given: PlaceIn) -> Status[dict[str, Any]]:
    """A township or a school."""
    by = _actor(request)
    made = actions.add_below(parent=_within(by, place_code), **given.dict(), by=by, now=clock.now())
    return Status(201, _place(made))


@router.post("/jurisdictions/{place_code}/teaching-points", response={204: None}, summary="给学校加一个教学点")
@api(Capability.MANAGE_JURISDICTIONS)
def add_teaching_point(request: HttpRequest, place_code: str, given: TeachingPointIn) -> Status[None]:
    """Of a school."""
    by = _actor(request)
    actions.add_teaching_point(place=_within(by, place_code), **given.dict(), by=by, now=clock.now())
    return Status(204, None)


@router.get("/schools", response=Page[SchoolOut], summary="辖区内的学校")
@api()
def schools(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """The schools within reach."""
    found = schools_of(_actor(request).scope.path)
    shown = paged(found, paging)
    return shown | {"items": [_school(school) for school in shown["items"]]}


def _actor(request: HttpRequest) -> Actor:
    return cast(ActorRequest, request).actor


def _within(by: Actor, code: str) -> Jurisdiction:
    found = visible_place(code, by)
    if found is None or not by.scope.covers(found.path):
        raise Http404
    return found


def _found(request: HttpRequest, code: str) -> Jurisdiction:
    found = visible_place(code, _actor(request))
    if found is None:
        raise Http404
    return found


def _place(place: Jurisdiction) -> dict[str, Any]:
    return {
        "code": place.code,
        "name": place.name,
        "level": place.level,
        "path": place.path,
        "parent": None if place.parent is None else place.parent.code,
    }


def _code(entry: CodeListEntry) -> dict[str, Any]:
    return {
        "id": entry.pk,
        "code": entry.code,
        "label": entry.label,
        "means": entry.means,
        "place": entry.jurisdiction.code,
        "document": entry.document,
        "valid_from": entry.valid_from,
        "valid_to": entry.valid_to,
    }


def _school(school: School) -> dict[str, Any]:
    return {
        "school_code": school.school_code,
        "name": school.jurisdiction.name,
        "path": school.jurisdiction.path,
        "stages": school.stages,
    }
