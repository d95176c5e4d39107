"""Places and schools for programs."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema

from baoxue.jurisdictions.models import Jurisdiction, School
from baoxue.jurisdictions.parameters import parameters
from baoxue.jurisdictions.queries import schools_of, visible_place, within_path
from baoxue.platform import clock
from baoxue.platform.gate import api
from baoxue.platform.paging import Page, Paging, paged

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


@router.get("/jurisdictions", response=Page[PlaceOut], summary="辖区内的机构")
@api()
def places(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """The places within reach, from the top."""
    found = within_path(request.actor.scope.path).select_related("parent")  # type: ignore[attr-defined]
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


@router.get("/schools", response=Page[SchoolOut], summary="辖区内的学校")
@api()
def schools(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """The schools within reach."""
    found = schools_of(request.actor.scope.path)  # type: ignore[attr-defined]
    shown = paged(found, paging)
    return shown | {"items": [_school(school) for school in shown["items"]]}


def _found(request: HttpRequest, code: str) -> Jurisdiction:
    found = visible_place(code, request.actor)  # type: ignore[attr-defined]
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


def _school(school: School) -> dict[str, Any]:
    return {
        "school_code": school.school_code,
        "name": school.jurisdiction.name,
        "path": school.jurisdiction.path,
        "stages": school.stages,
    }
