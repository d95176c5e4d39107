"""数据接入 for programs: the same acts as the pages, one address per act."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Annotated, Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Field, File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile

from baoxue.access.request import ActingRequest
from baoxue.audit.actions import record
from baoxue.audit.events import AuditEvent
from baoxue.jurisdictions.queries import county_of
from baoxue.platform import clock
from baoxue.platform.actor import Actor
from baoxue.platform.gate import api
from baoxue.platform.paging import Page, Paging, paged
from baoxue.policy.capabilities import Capability
from baoxue.policy.registers import Register
from baoxue.registers import actions, downloads, queries
from baoxue.registers.models import Import, ImportState, Snapshot

router = Router(tags=["数据接入"], by_alias=True)
snapshots_router = Router(tags=["数据接入"], by_alias=True)

OneRegister = Annotated[Register | None, Query(alias="register")]
_MAY_LOOK = (Capability.IMPORT_REGISTER, Capability.CONFIRM_UNUSUAL_IMPORT, Capability.SEE_COMPARISON)
_MAY_ACT = (Capability.IMPORT_REGISTER, Capability.CONFIRM_UNUSUAL_IMPORT)


# In Python the field cannot be called `register`: the metaclass of abstract classes has a method of that name.
_REGISTER = Field(validation_alias="register", serialization_alias="register")


class ImportOut(Schema):
    """One file on its way to a snapshot. `job` reads it; `snapshot` is there once it is confirmed.

    `corrects`: the import whose rejected rows it brings corrected; its numbers are then of both together.

    `department`: whose list it is, of a register that several departments bring.
    """

    id: uuid.UUID
    of_register: Register = _REGISTER
    department: str
    county: str = Field(validation_alias="county.code")
    place_path: str
    as_of: date
    state: str
    state_name: str = Field(validation_alias="get_state_display")
    file_name: str
    sentence: str
    unusual: bool
    job: uuid.UUID | None = Field(validation_alias="job_id")
    snapshot: uuid.UUID | None = Field(validation_alias="snapshot_id")
    replaces: uuid.UUID | None = Field(validation_alias="replaces_id")
    corrects: uuid.UUID | None = Field(validation_alias="corrects_id")
    created_at: datetime
    created_by: str = Field(validation_alias="created_by_name")
    confirmed_at: datetime | None


class ImportWhole(ImportOut):
    """An import with what its file holds: the reader's account (values masked) and the differences to the last snapshot."""

    report: dict[str, Any]
    differences: dict[str, Any]
    reason: str
    second_reason: str


class SnapshotOut(Schema):
    """A register as it was on a day. `sha256` is of its canonical Parquet file.

    `department`: whose list it is, of a register that several departments bring; `all`: their lists put together.
    """

    id: uuid.UUID
    of_register: Register = _REGISTER
    department: str
    county: str = Field(validation_alias="county.code")
    place_path: str
    as_of: date
    rows: int
    sha256: str
    created_at: datetime
    created_by: str


class RejectOut(Schema):
    """A rejected row, its value masked. `row`: number among the data rows; `line`: of the sheet."""

    row: int
    sheet: str | None
    line: int
    column: str
    value_masked: str
    reason: str


class RejectPage(Schema):
    """A part of the rejected rows."""

    items: list[RejectOut]
    count: int


class Reason(Schema):
    """The answer to an unusual import's questions, or what the second look found."""

    reason: str = Field("", max_length=500)


@router.get("", response=Page[ImportOut], operation_id="imports", summary="放进来的文件")
@api(*_MAY_LOOK)
def imports(
    request: HttpRequest,
    paging: Query[Paging],
    of_register: OneRegister = None,
    state: ImportState | None = None,
) -> dict[str, Any]:
    """Imports within reach, the newest first."""
    listed = queries.imports_of(_by(request))
    if of_register is not None:
        listed = listed.filter(register=of_register.value)
    if state is not None:
        listed = listed.filter(state=state.value)
    return paged(listed, paging)


@router.post("", response={201: ImportOut}, operation_id="start_import", summary="放入一份名册")
@api(Capability.IMPORT_REGISTER)
def start(
    request: HttpRequest,
    of_register: Annotated[Register, Form(alias="register")],
    as_of: Form[date],
    file: File[UploadedFile],
    replaces: Form[uuid.UUID | None] = None,
) -> Status[Import]:
    """Keep a file and have it read (`job`); nothing is taken before it is confirmed."""
    by = _by(request)
    county = county_of(by.scope.path)
    if county is None:
        raise Http404
    started = actions.start_import(
        file=cast(Any, file.file),
        file_name=file.name or "",
        register=of_register,
        county=county,
        as_of=as_of,
        by=by,
        now=clock.now(),
        replaces=None if replaces is None else _seen(request, replaces),
    )
    return Status(201, started)


@router.get("/{uuid:import_id}", response=ImportWhole, operation_id="import", summary="一份名册到了哪一步")
@api(*_MAY_LOOK)
def one(request: HttpRequest, import_id: uuid.UUID) -> Import:
    """One import, with its preview."""
    return _seen(request, import_id)


@router.get("/{uuid:import_id}/rejects", response=RejectPage, operation_id="import_rejects", summary="退回的行")
@api(*_MAY_LOOK)
def rejects(request: HttpRequest, import_id: uuid.UUID, paging: Query[Paging]) -> dict[str, Any]:
    """Rejected rows, values masked."""
    imported = _seen(request, import_id)
    rows = queries.rejects_of(imported, first=paging.offset, most=paging.limit)
    detail = {"what": "rejects", "rows": len(rows)}
    record(AuditEvent.EXPORTED, by=_by(request), at=clock.now(), target=imported, detail=detail)
    return {"items": rows, "count": imported.report.get("rejected", 0)}


@router.get("/{uuid:import_id}/rejected.xlsx", operation_id="rejected_rows", summary="退回的整行")
@api(Capability.IMPORT_REGISTER)
def rejected_rows(request: HttpRequest, import_id: uuid.UUID) -> HttpResponse:
    """The rejected rows as they stood in the file, as a workbook to correct: for who may bring the register."""
    imported, by, now = _brought(request, import_id), _by(request), clock.now()
    detail = {"what": "rejected_rows", "rows": imported.report["rejected"]}
    record(AuditEvent.EXPORTED, by=by, at=now, target=imported, detail=detail)
    answer = HttpResponse(downloads.originals_xlsx(imported, by=by, now=now), content_type=downloads.XLSX)
    answer["Content-Disposition"] = f'attachment; filename="rejected-{imported.register}-{imported.as_of}.xlsx"'
    return answer


@router.post("/corrections", response={201: ImportOut}, operation_id="correct_import", summary="放改好的行")
@api(Capability.IMPORT_REGISTER)
def correct(request: HttpRequest, corrects: Form[uuid.UUID], file: File[UploadedFile]) -> Status[Import]:
    """Keep a file of rejected rows, corrected, and have it read; its rows join those of the import it corrects."""
    started = actions.start_correction(
        file=cast(Any, file.file),
        file_name=file.name or "",
        corrects=_brought(request, corrects),
        by=_by(request),
        now=clock.now(),
    )
    return Status(201, started)


@router.post("/{uuid:import_id}/confirm", response=ImportOut, operation_id="confirm_import", summary="收下")
@api(Capability.IMPORT_REGISTER)
def confirm(request: HttpRequest, import_id: uuid.UUID, given: Reason) -> Import:
    """Take the rows; an unusual import needs a reason and goes to another person (state `second_look`)."""
    imported = _seen(request, import_id)
    return actions.confirm(imported=imported, reason=given.reason, by=_by(request), now=clock.now())


@router.post("/{uuid:import_id}/second-look", response=ImportOut, operation_id="second_look", summary="复看后收下")
@api(Capability.CONFIRM_UNUSUAL_IMPORT)
def second_look(request: HttpRequest, import_id: uuid.UUID, given: Reason) -> Import:
    """Take an unusual import that somebody else confirmed."""
    imported = _seen(request, import_id)
    return actions.confirm_second_look(imported=imported, reason=given.reason, by=_by(request), now=clock.now())


@router.post("/{uuid:import_id}/cancel", response=ImportOut, operation_id="cancel_import", summary="不收")
@api(*_MAY_ACT)
def cancel(request: HttpRequest, import_id: uuid.UUID) -> Import:
    """Give an import up; its file is removed."""
    return actions.cancel(imported=_seen(request, import_id), by=_by(request), now=clock.now())


@router.post("/{uuid:import_id}/again", response=ImportOut, operation_id="read_again", summary="重新识别")
@api(Capability.IMPORT_REGISTER)
def again(request: HttpRequest, import_id: uuid.UUID) -> Import:
    """Read the file again: its job broke off, or another snapshot came meanwhile."""
    return actions.read_again(imported=_seen(request, import_id), by=_by(request), now=clock.now())


@snapshots_router.get("", response=Page[SnapshotOut], operation_id="snapshots", summary="收下过的名册")
@api(*_MAY_LOOK)
def snapshots(request: HttpRequest, paging: Query[Paging], of_register: OneRegister = None) -> dict[str, Any]:
    """Snapshots within reach, the newest day first."""
    return paged(queries.snapshots_of(_by(request), register=of_register), paging)


@snapshots_router.get("/{uuid:snapshot_id}", response=SnapshotOut, operation_id="snapshot", summary="一份收下的名册")
@api(*_MAY_LOOK)
def snapshot(request: HttpRequest, snapshot_id: uuid.UUID) -> Snapshot:
    """One snapshot."""
    found: Snapshot = get_object_or_404(queries.snapshots_of(_by(request), register=None), pk=snapshot_id)
    return found


def _by(request: HttpRequest) -> Actor:
    return cast(ActingRequest, request).actor


def _brought(request: HttpRequest, pk: uuid.UUID) -> Import:
    imported = _seen(request, pk)
    if not imported.originals or not queries.may_bring(_by(request), imported):
        raise Http404
    return imported


def _seen(request: HttpRequest, pk: uuid.UUID) -> Import:
    listed = Import.objects.visible_to(_by(request)).select_related("county", "job", "corrects")
    found: Import = get_object_or_404(listed, pk=pk)
    return found
