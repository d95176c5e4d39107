"""儿童 and 台账 for programs. Numbers come masked; the whole number is for people, in the pages, for a purpose."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Annotated, Any, cast

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from baoxue.access.request import ActingRequest
from baoxue.children import actions, queries
from baoxue.children.models import PROTECTED, Child, Export, LedgerView, Merge
from baoxue.children.queries import NOT_OF_A_VIEW, Filters, Moment
from baoxue.jurisdictions.models import Jurisdiction
from baoxue.platform import clock, storage
from baoxue.platform.actor import Actor
from baoxue.platform.gate import api
from baoxue.policy.capabilities import Capability
from baoxue.policy.ledgers import Ledger
from baoxue.policy.purposes import Purpose

router = Router(tags=["儿童与台账"], by_alias=True)

_MOST = 200
Size = Annotated[int, Query(ge=1, le=_MOST, description="一页多少行")]
After = Annotated[str, Query(max_length=40, description="上一页给出的 next")]
County = Annotated[str, Query(max_length=20, description="县的代码；辖区只有一个县时可不给")]


class Times(Schema):
    """When a fact holds (`valid_to`: first day it no longer does) and when it was recorded."""

    valid_from: date
    valid_to: date | None
    recorded_from: datetime


class ChildOut(Schema):
    """One child. `status`: code of 就学状况."""

    id: uuid.UUID
    name: str
    sex: str
    birth_date: date | None
    id_masked: str
    student_masked: str
    status: str
    school_code: str
    school_name: str
    grade: int | None
    class_name: str
    poverty_household: bool
    groups: list[str]
    home_path: str
    left_on: date | None


class ViewOut(Schema):
    """A saved view of a ledger. `query`: the parameters of the ledger's page."""

    id: int
    ledger: str
    name: str
    query: dict[str, str]


class ViewIn(Schema):
    """A view to save."""

    name: str
    query: dict[Annotated[str, Field(max_length=40)], Annotated[str, Field(max_length=200)]] = Field(
        default_factory=dict
    )


class SchoolingOut(Times):
    """就学状况 over a time."""

    status: str
    suspected: bool
    school_name: str
    reason: str
    left_reason: str


class EnrolmentOut(Times):
    """Where a child was enrolled over a time."""

    school_code: str
    school_name: str
    grade: int | None
    class_name: str
    attending: bool | None


class GroupOut(Times):
    """A special group over a time, and the register that says so."""

    group: str
    source: str


class SourceOut(Schema):
    """A register row that is this child."""

    id: int
    of_register: str = Field(validation_alias="register", serialization_alias="register")
    row: int
    snapshot: uuid.UUID = Field(validation_alias="snapshot_id")
    by_hand: bool


class ChildWhole(ChildOut):
    """A child with its history, the newest first."""

    schooling: list[SchoolingOut]
    enrolments: list[EnrolmentOut]
    memberships: list[GroupOut]
    sources: list[SourceOut]


class MergeIn(Schema):
    """The record that goes, and on what ground it is the same child."""

    other: uuid.UUID
    reason: str = Field(max_length=500)


class SplitIn(Schema):
    """The register rows (ids of `sources`) that are another child's, and on what ground."""

    sources: list[int] = Field(max_length=200)
    reason: str = Field(max_length=500)


class MergeOut(Schema):
    """A merge or a split; `id` undoes it."""

    id: int
    kind: str
    kept: uuid.UUID = Field(validation_alias="kept_id")
    other: uuid.UUID = Field(validation_alias="other_id")
    at: datetime
    undone_at: datetime | None


class ChildPage(Schema):
    """A part of the list; `next` is given back as `after`, null at the end."""

    items: list[ChildOut]
    next: str | None


class Wanted(Schema):
    """A whole number."""

    number: str = Field(max_length=60)


class LedgerRow(Schema):
    """One row of a ledger, as it stood then."""

    child: uuid.UUID = Field(validation_alias="child_id")
    name: str
    sex: str
    birth_date: date | None
    id_masked: str
    status: str
    stage: str
    school_code: str
    school_name: str
    grade: int | None
    class_name: str
    poverty_household: bool
    groups: list[str]
    home_path: str
    absent_since: date | None
    reason: str
    valid_from: date
    recorded_from: datetime


class LedgerPage(Schema):
    """A part of a ledger. `count`: rows in all; `by_status`: the same by 就学状况."""

    items: list[LedgerRow]
    next: str | None
    count: int
    by_status: dict[str, int]
    as_of: date
    known_at: datetime | None


class ChangeOut(Schema):
    """What changed in a ledger between two days: `earlier` + `entered` − all of `left` = `later`.

    `left`: numbers by the 就学状况 the children have on the later day ("" = no register has them any more).
    """

    earlier: int
    entered: int
    left: dict[str, int]
    later: int
    rows_entered: list[LedgerRow]
    rows_left: list[LedgerRow]


class ExportOut(Schema):
    """A workbook that is made or being made; `ready`: it can be fetched."""

    id: uuid.UUID
    ledger: str = Field(validation_alias="kind")
    rows: int
    file_name: str
    ready: bool
    job: uuid.UUID | None = Field(validation_alias="job_id")
    created_at: datetime
    expires_at: datetime

    @staticmethod
    def resolve_ready(export: Export) -> bool:
        """Whether there is a file."""
        return bool(export.file)


class Asked(Schema):
    """What of a ledger is asked for: the day, what was known when, filters."""

    as_of: date | None = Field(None, description="哪一天的台账，默认今天")
    known_at: datetime | None = Field(None, description="按那时所知，默认现在")
    county: str = Field("", max_length=20)
    q: str = Field("", max_length=60)
    township: str = Field("", max_length=20)
    school: str = Field("", max_length=20)
    stage: str = Field("", max_length=20)
    grade: str = Field("", max_length=2)
    sex: str = Field("", max_length=1)
    status: str = Field("", max_length=2)
    poverty: str = Field("", max_length=1)
    group: str = Field("", max_length=28)

    def moment(self) -> Moment:
        """The day and what was known."""
        return Moment(self.as_of or clock.today(), self.known_at)

    def filters(self) -> Filters:
        """The filters among it."""
        return Filters.of(self.dict())


@router.get("/children", response=ChildPage, operation_id="children", summary="一个县的儿童")
@api(Capability.SEE_CHILDREN)
def children(
    request: HttpRequest, q: str = "", county: County = "", after: After = "", size: Size = 50
) -> dict[str, Any]:
    """In the order of names; `q`: how a name, its pinyin or initials begin."""
    queries.keep_no_number(q)
    by = _actor(request)
    place = _county(by, county)
    rows = queries.named(by, place, q).order_by("name_sort", "pk") if q else queries.children(by, place)
    if q:
        actions.searched(found=rows[: queries.SHOWN].count(), kind=queries.kind_of(q), by=by, now=clock.now())
    return _page(by, rows.defer(*PROTECTED), after, size, key="pk", named=bool(q))


@router.post("/children/search", response=list[ChildOut], operation_id="children_search", summary="按整个号码找儿童")
@api(Capability.SEE_CHILDREN)
def by_number(request: HttpRequest, wanted: Wanted) -> list[Child]:
    """Whose whole identity or student number this is. Numbers are sent, not put into an address."""
    by = _actor(request)
    found = queries.search(by, wanted.number).children if queries.is_number(wanted.number) else []
    actions.searched(found=len(found), kind="number", by=by, now=clock.now())
    return queries.as_seen(by, found)


@router.get("/children/{child_id}", response=ChildWhole, operation_id="child", summary="一个儿童")
@api(Capability.SEE_CHILDREN)
def child(request: HttpRequest, child_id: uuid.UUID) -> dict[str, Any]:
    """With its history as known now. That it was looked at goes on record."""
    by, moment = _actor(request), Moment(clock.today())
    found = _child(by, child_id)
    actions.view(child=found, by=by, now=clock.now())
    return {
        **{name: getattr(found, name) for name in ChildOut.model_fields},
        "schooling": queries.schooling_of(by, found, moment),
        "enrolments": queries.enrolments_of(by, found, moment),
        "memberships": queries.groups_of(by, found, moment),
        "sources": queries.sources_of(by, found),
    }


@router.post("/children/{child_id}/merge", response=MergeOut, operation_id="merge_children", summary="合并两条记录")
@api(Capability.EDIT_CHILD)
def merge(request: HttpRequest, child_id: uuid.UUID, given: MergeIn) -> Merge:
    """Two records are one child; the other one goes into this."""
    by = _actor(request)
    kept, other = _child(by, child_id), _child(by, given.other)
    return actions.merge(kept=kept, other=other, reason=given.reason, by=by, now=clock.now())


@router.post("/children/{child_id}/split", response=MergeOut, operation_id="split_child", summary="拆开一条记录")
@api(Capability.EDIT_CHILD)
def split(request: HttpRequest, child_id: uuid.UUID, given: SplitIn) -> Merge:
    """Some register rows of a record are another child's."""
    by = _actor(request)
    return actions.split(child=_child(by, child_id), sources=given.sources, reason=given.reason, by=by, now=clock.now())


@router.post("/merges/{int:merge_id}/undo", response=MergeOut, operation_id="undo_merge", summary="撤销合并或拆分")
@api(Capability.EDIT_CHILD)
def undo(request: HttpRequest, merge_id: int) -> Merge:
    """Both records are again as they were."""
    by = _actor(request)
    done = Merge.objects.visible_to(by).filter(pk=merge_id).select_related("kept", "other").first()
    if done is None:
        raise Http404
    return actions.undo(done=done, by=by, now=clock.now())


@router.get(
    "/ledgers/{ledger}/changes",
    response=ChangeOut,
    operation_id="ledger_changes",
    summary="两天之间谁进了台账、谁离开了",
)
@api(Capability.SEE_CHILDREN)
def changes(request: HttpRequest, ledger: Ledger, since: date, asked: Query[Asked], size: Size = 200) -> dict[str, Any]:
    """From the day `since` to the day asked for; of each kind the first rows, in the order of names."""
    queries.keep_no_number(asked.q)
    by, later = _actor(request), asked.moment()
    found = queries.change(
        by, ledger, county=_county(by, asked.county), earlier=Moment(since, asked.known_at), later=later,
        filters=asked.filters(),
    )  # fmt: skip
    return {
        "earlier": found.earlier,
        "entered": found.entered,
        "left": dict(found.left),
        "later": found.later,
        "rows_entered": queries.as_seen(by, found.rows_entered[:size]),
        "rows_left": queries.as_seen(by, found.rows_left[:size]),
    }


@router.get("/ledgers/{ledger}", response=LedgerPage, operation_id="ledger", summary="一本台账")
@api(Capability.SEE_CHILDREN)
def ledger(
    request: HttpRequest, ledger: Ledger, asked: Query[Asked], after: After = "", size: Size = 50
) -> dict[str, Any]:
    """Its rows in the order of names, on a day, as known on a day."""
    queries.keep_no_number(asked.q)
    by, moment, filters = _actor(request), asked.moment(), asked.filters()
    place = _county(by, asked.county)
    counts = queries.counts(by, place, moment, filters)
    if filters.q:
        actions.searched(found=counts.of(ledger), kind=queries.kind_of(filters.q), by=by, now=clock.now())
    rows = queries.ledger(by, ledger, county=place, moment=moment, filters=filters)
    return {
        **_page(by, rows, after, size, key="child_id", named=bool(asked.q)),
        "count": counts.of(ledger),
        "by_status": counts.by_ledger[ledger],
        "as_of": moment.as_of,
        "known_at": moment.known_at,
    }


@router.get("/ledgers/{ledger}/views", response=list[ViewOut], operation_id="ledger_views", summary="存好的视图")
@api(Capability.SEE_CHILDREN)
def views(request: HttpRequest, ledger: Ledger) -> list[LedgerView]:
    """The caller's own saved views of a ledger, by name."""
    return queries.views_of(_actor(request), ledger)


@router.post("/ledgers/{ledger}/views", response={201: ViewOut}, operation_id="save_view", summary="存一个视图")
@api(Capability.SEE_CHILDREN)
def save_view(request: HttpRequest, ledger: Ledger, given: ViewIn) -> Status[LedgerView]:
    """Keep filters of a ledger under a name; one of the same name is replaced."""
    kept = {name: value for name, value in given.query.items() if name not in NOT_OF_A_VIEW}
    return Status(201, actions.save_view(ledger=ledger, name=given.name, query=kept, by=_actor(request)))


@router.delete("/views/{int:view_id}", response={204: None}, operation_id="drop_view", summary="删一个视图")
@api(Capability.SEE_CHILDREN)
def drop_view(request: HttpRequest, view_id: int) -> Status[None]:
    """Forget a saved view of one's own."""
    by = _actor(request)
    actions.drop_view(view=get_object_or_404(queries.own_views(by), pk=view_id), by=by)
    return Status(204, None)


@router.post(
    "/ledgers/{ledger}/exports", response={202: ExportOut}, operation_id="ledger_export", summary="导出一本台账"
)
@api(Capability.EXPORT_LEDGER)
def export(request: HttpRequest, ledger: Ledger, asked: Query[Asked], purpose: Purpose | None = None) -> Status[Export]:
    """Ask for the workbook; the job makes it. Whole numbers only for a `purpose`, and to a post that may see them."""
    by, moment = _actor(request), asked.moment()
    made = actions.start_export(
        ledger=ledger, county=_county(by, asked.county), as_of=moment.as_of, known_at=moment.known_at,
        query=asked.filters().in_force(), purpose=purpose, by=by, now=clock.now(),
    )  # fmt: skip
    return Status(202, made)


@router.get("/exports/{export_id}", response=ExportOut, operation_id="export", summary="一次导出")
@api(Capability.EXPORT_LEDGER)
def one_export(request: HttpRequest, export_id: uuid.UUID) -> Export:
    """Whether it is ready."""
    return _export(_actor(request), export_id)


@router.get("/exports/{export_id}/file", operation_id="export_file", summary="导出的文件")
@api(Capability.EXPORT_LEDGER)
def export_file(request: HttpRequest, export_id: uuid.UUID) -> HttpResponse:
    """The workbook; on record."""
    by = _actor(request)
    file = actions.download(export=_export(by, export_id), by=by, now=clock.now())
    answer = StreamingHttpResponse(
        storage.blocks(file), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    answer["Cache-Control"] = "no-store"
    return cast(HttpResponse, answer)


def _actor(request: HttpRequest) -> Actor:
    return cast(ActingRequest, request).actor


def _child(by: Actor, child_id: uuid.UUID) -> Child:
    found = queries.child_of(by, child_id)
    if found is None:
        raise Http404
    return found


def _county(by: Actor, code: str) -> Jurisdiction:
    found = [county for county in queries.counties_of(by) if code in ("", county.code)]
    if not found:
        raise Http404
    return found[0]


def _export(by: Actor, export_id: uuid.UUID) -> Export:
    found = Export.objects.visible_to(by).filter(pk=export_id, account_id=by.account_id).first()
    if found is None:
        raise Http404
    return cast(Export, found)


def _page(by: Actor, rows: Any, after: str, size: int, *, key: str, named: bool) -> dict[str, Any]:
    found: list[Child] = queries.take(rows, queries.position_of(rows, after, key=key), size + 1, key=key, named=named)
    last = found[size - 1] if len(found) > size else None
    return {
        "items": queries.as_seen(by, found[:size]),
        "next": None if last is None else str(getattr(last, key)),
    }
