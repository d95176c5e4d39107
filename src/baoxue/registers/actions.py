"""What people do with a register file: drop it, confirm it, look again, give it up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import BinaryIO

from django.db import transaction

from baoxue.audit.actions import record
from baoxue.audit.events import AuditEvent
from baoxue.jurisdictions.models import Jurisdiction
from baoxue.platform import clock, jobs, storage
from baoxue.platform.actor import Actor
from baoxue.platform.errors import InputRefused
from baoxue.policy.capabilities import Capability
from baoxue.policy.registers import Register
from baoxue.registers.correcting import OPEN, TAKEN, base_of, chain_of
from baoxue.registers.errors import (
    DifferencesOutdated,
    NotAtThisStep,
    NothingToTake,
    ReasonMissing,
    RegisterNotYours,
    SameFileAgain,
    SamePersonTwice,
)
from baoxue.registers.files import keep_file, shown_name, write_plain
from baoxue.registers.gathering import gather
from baoxue.registers.models import TOGETHER, Import, ImportState, Snapshot
from baoxue.registers.queries import (
    last_snapshot,
    latest_lists,
    may_bring,
    own_department,
    registers_of,
    snapshots_of_schools,
    together,
)

READ = "registers.read"
GATHER = "registers.gather"
_OLDEST = date(2000, 1, 1)
# Still on its way: neither taken nor given up.
_OPEN = (ImportState.READING, ImportState.PREVIEW, ImportState.SECOND_LOOK)


@transaction.atomic
def start_import(
    *,
    file: BinaryIO,
    file_name: str,
    register: Register,
    county: Jurisdiction,
    as_of: date,
    by: Actor,
    now: datetime,
    replaces: Import | None = None,
) -> Import:
    """Keep a file sealed and ask for its reading. A post at a school brings the rows of its school.

    `file`: read to its end, in pieces. Raises NotPermitted, RegisterNotYours, InputRefused (date, empty file),
    SameFileAgain.
    """
    path = by.scope.path if by.scope.path.startswith(county.path) else county.path
    by.require(Capability.IMPORT_REGISTER, at=path)
    _require_register(by, register)
    if not _OLDEST <= as_of <= clock.day_of(now):
        raise InputRefused("截至日是名册数据所说的那一天，不能晚于今天，也不能早于 2000 年。", field="as_of")
    imported = Import(
        county=county,
        place_path=path,
        register=register.value,
        department=own_department(by, register),
        as_of=as_of,
        replaces=replaces,
    )
    return _drop(imported, file, file_name, by=by, now=now)


@transaction.atomic
def start_correction(*, file: BinaryIO, file_name: str, corrects: Import, by: Actor, now: datetime) -> Import:
    """Keep a file of the rejected rows of an import, corrected, and ask for its reading; its rows join those taken there.

    Raises NotPermitted, RegisterNotYours, NotAtThisStep, InputRefused (empty file), SameFileAgain.
    """
    by.require(Capability.IMPORT_REGISTER, at=corrects.place_path)
    if not may_bring(by, corrects):
        raise RegisterNotYours(Register(corrects.register))
    if corrects.state not in (*OPEN, *TAKEN) or not corrects.originals:
        raise NotAtThisStep("这份名册没有可以更正的退回行。")
    imported = Import(
        county=corrects.county,
        place_path=corrects.place_path,
        register=corrects.register,
        department=corrects.department,
        as_of=corrects.as_of,
        corrects=corrects,
    )
    return _drop(imported, file, file_name, by=by, now=now)


def _drop(imported: Import, file: BinaryIO, file_name: str, *, by: Actor, now: datetime) -> Import:
    """Keep the file of a new import sealed, save it, and ask for its reading."""
    upload, sha256, size = storage.keep(file, kind="uploads")
    register = Register(imported.register)
    try:
        if not size:
            raise InputRefused("文件是空的，请重新导出。", field="file")
        _refuse_same_file(imported.place_path, register, imported.department, imported.as_of, sha256)
    except (InputRefused, SameFileAgain):
        storage.forget(upload)
        raise
    imported.file_name = shown_name(file_name)
    imported.upload, imported.upload_sha256, imported.upload_size = upload, sha256, size
    imported.created_at, imported.created_by_id, imported.created_by_name = now, by.account_id, by.name
    imported.save()
    _ask_for_reading(imported, by=by, now=now)
    detail = {"register": register.value, "size": size, "correction": imported.corrects_id is not None}
    record(AuditEvent.IMPORT_STARTED, by=by, at=now, target=imported, detail=detail)
    return imported


@transaction.atomic
def gather_schools(*, county: Jurisdiction, register: Register, as_of: date, by: Actor, now: datetime) -> Import:
    """Begin an import of a county's register out of its last snapshot and what schools brought since.

    `as_of`: what schools brought for this day or an earlier one; the import speaks of the newest of these days. It is
    looked at and confirmed as one that came as a file. Raises NotPermitted, RegisterNotYours, NothingToTake.
    """
    by.require(Capability.IMPORT_REGISTER, at=county.path)
    _require_register(by, register)
    brought = snapshots_of_schools(county, register, as_of=as_of, by=by)
    if not brought:
        raise NothingToTake(f"没有学校交来比县里更新的{register.label}名册。")
    imported = Import.objects.create(
        county=county,
        place_path=county.path,
        register=register.value,
        as_of=max(snapshot.as_of for snapshot in brought),
        file_name=f"{len(brought)} 所学校交来的{register.label}名册",
        upload_size=0,
        created_at=now,
        created_by_id=by.account_id,
        created_by_name=by.name,
    )
    _ask_for_reading(imported, by=by, now=now)
    record(
        AuditEvent.IMPORT_STARTED,
        by=by,
        at=now,
        target=imported,
        detail={"register": register.value, "schools": len(brought)},
    )
    return imported


@transaction.atomic
def read_again(*, imported: Import, by: Actor, now: datetime) -> Import:
    """Read a file again: its job broke off, or the differences shown are no longer those to the last snapshot."""
    by.require(Capability.IMPORT_REGISTER, at=imported.place_path)
    imported = _locked(imported)
    broke_off = imported.state == ImportState.READING and (imported.job is None or imported.job.ended)
    if not broke_off and imported.state not in (ImportState.PREVIEW, ImportState.SECOND_LOOK):
        raise NotAtThisStep("这份名册现在不用重新识别。")
    imported.state = ImportState.READING.value
    _forget_at_end(imported.canonical, imported.rejects, imported.originals)
    imported.canonical = imported.rejects = imported.originals = ""
    _ask_for_reading(imported, by=by, now=now)
    record(AuditEvent.IMPORT_READ_AGAIN, by=by, at=now, target=imported, detail={"register": imported.register})
    return imported


@transaction.atomic
def confirm(*, imported: Import, reason: str, by: Actor, now: datetime) -> Import:
    """Take the rows as a snapshot; when the differences are unusual, hand them to another person for a second look.

    `reason`: the answer to the questions an unusual import asks. Raises NotPermitted, NotAtThisStep, NothingToTake,
    DifferencesOutdated, ReasonMissing.
    """
    by.require(Capability.IMPORT_REGISTER, at=imported.place_path)
    imported = _ready(imported, ImportState.PREVIEW)
    if imported.unusual and not reason.strip():
        raise ReasonMissing("这份名册和上一份差得多，请先写明原因，再请另一人复看。")
    imported.reason = reason.strip()
    imported.confirmed_at, imported.confirmed_by_id, imported.confirmed_by_name = now, by.account_id, by.name
    if imported.unusual:
        imported.state = ImportState.SECOND_LOOK.value
        imported.save()
        record(AuditEvent.IMPORT_CONFIRMED, by=by, at=now, target=imported, detail={"second_look": "asked"})
        return imported
    return _take(imported, by=by, now=now)


@transaction.atomic
def confirm_second_look(*, imported: Import, reason: str, by: Actor, now: datetime) -> Import:
    """Take an unusual import after a second look, by somebody else than who confirmed it.

    A part of the system has no account: a command run on the machine itself may answer for both, and is on record as
    such. Raises NotPermitted, NotAtThisStep, SamePersonTwice, ReasonMissing, DifferencesOutdated.
    """
    by.require(Capability.CONFIRM_UNUSUAL_IMPORT, at=imported.place_path)
    imported = _ready(imported, ImportState.SECOND_LOOK)
    if by.account_id is not None and by.account_id == imported.confirmed_by_id:
        raise SamePersonTwice("变动异常的名册要由另一人复看，不能自己确认自己复看。")
    if not reason.strip():
        raise ReasonMissing("请写明您核对了什么，再收下。")
    imported.second_reason = reason.strip()
    imported.second_by_id, imported.second_by_name = by.account_id, by.name
    return _take(imported, by=by, now=now)


@transaction.atomic
def cancel(*, imported: Import, by: Actor, now: datetime) -> Import:
    """Give an import up; its files are removed. Raises NotPermitted, NotAtThisStep."""
    if not by.can(Capability.CONFIRM_UNUSUAL_IMPORT, at=imported.place_path):
        by.require(Capability.IMPORT_REGISTER, at=imported.place_path)
    imported = _locked(imported)
    if imported.state not in _OPEN:
        raise NotAtThisStep("这份名册已经收下或放弃了。")
    if imported.job is not None and not imported.job.ended:
        jobs.ask_to_stop(imported.job, now=now)
    _forget_at_end(imported.upload, imported.canonical, imported.rejects, imported.originals)
    imported.state = ImportState.CANCELLED.value
    imported.upload = imported.canonical = imported.rejects = imported.originals = ""
    imported.report.pop("preview", None)
    imported.save()
    record(AuditEvent.IMPORT_CANCELLED, by=by, at=now, target=imported)
    return imported


@transaction.atomic
def to_compare(*, county: Jurisdiction, as_of: date, by: Actor, now: datetime) -> dict[Register, Snapshot]:
    """What a comparison of a day takes: of each register the newest list of every department, put together.

    Raises NotPermitted.
    """
    by.require(Capability.RUN_COMPARISON, at=county.path)
    return {
        register: lists[0] if len(lists) == 1 else together(lists) or _put_together(lists, county=county, now=now)
        for register, lists in latest_lists(county, as_of=as_of, by=by).items()
    }


def _put_together(lists: Sequence[Snapshot], *, county: Jurisdiction, now: datetime) -> Snapshot:
    with storage.scratch() as private:
        parts = []
        for number, snapshot in enumerate(lists):
            path = private / f"part-{number}.parquet"
            write_plain(snapshot.file, path)
            parts.append(("", snapshot.list_name, path))
        canonical = private / "canonical.parquet"
        rows = gather(None, parts, canonical)
        sealed, sha256, _ = keep_file(canonical, kind="canonical")
    made: Snapshot = Snapshot.objects.create(
        county=county,
        place_path=county.path,
        register=lists[0].register,
        department=TOGETHER,
        as_of=max(snapshot.as_of for snapshot in lists),
        rows=rows,
        sha256=sha256,
        file=sealed,
        counts={"rows": rows, "accepted": rows, "rejected": 0, "parts": [str(snapshot.pk) for snapshot in lists]},
        created_at=now,
        created_by="、".join(dict.fromkeys(snapshot.created_by for snapshot in lists))[:120],
    )
    return made


def _require_register(by: Actor, register: Register) -> None:
    if register not in registers_of(by):
        raise RegisterNotYours(register)


def _refuse_same_file(path: str, register: Register, department: str, as_of: date, sha256: str) -> None:
    same = (
        Import.objects.filter(
            place_path=path, register=register.value, department=department, as_of=as_of, upload_sha256=sha256
        )
        .exclude(state__in=(ImportState.CANCELLED, ImportState.REFUSED))
        .order_by("-created_at")
        .first()
    )
    if same is None:
        return
    if same.state == ImportState.CONFIRMED:
        raise SameFileAgain("这份文件已经收下过了，截至日也一样，不用再放一次。", import_id=same.pk)
    raise SameFileAgain("这份文件已经放进来了，还没有确认；请接着看那一次。", import_id=same.pk)


def _ask_for_reading(imported: Import, *, by: Actor, now: datetime) -> None:
    kind = READ if imported.upload else GATHER
    imported.job = jobs.ask(kind, {"import": str(imported.pk)}, place_path=imported.place_path, by=by, now=now)
    imported.save()


def _locked(imported: Import) -> Import:
    """The row as it is now, held until the end of the transaction: two clerks cannot both act on it."""
    held: Import = Import.objects.select_for_update(of=("self",)).select_related("job", "county").get(pk=imported.pk)
    return held


def _ready(imported: Import, state: ImportState) -> Import:
    imported = _locked(imported)
    if imported.state != state:
        raise NotAtThisStep(f"这份名册现在是“{ImportState(imported.state).label}”，不在这一步；请刷新页面。")
    if not imported.report["accepted"]:
        raise NothingToTake("这份文件没有一行可以收，请按退回的原因改好再放。")
    # Two imports confirmed at once: the second waits here, and then sees the first one's snapshot as the last.
    Jurisdiction.objects.select_for_update().get(pk=imported.county_id)
    last = last_snapshot(
        imported.place_path, Register(imported.register), as_of=imported.as_of, department=imported.department
    )
    if (None if last is None else last.pk) != imported.compared_with_id:
        raise DifferencesOutdated("您看差异的时候，另一份名册刚被收下；请重新识别，看过新的差异再收。")
    if imported.corrects is not None:
        imported.corrects = _locked(imported.corrects)
        if base_of(imported, last).sha256 != imported.report["joined"]["sha256"]:
            raise DifferencesOutdated("它更正的那一份刚重新识别过；请重新识别，看过新的差异再收。")
    return imported


def _take(imported: Import, *, by: Actor, now: datetime) -> Import:
    report = imported.report
    imported.snapshot = Snapshot.objects.create(
        county=imported.county,
        place_path=imported.place_path,
        register=imported.register,
        department=imported.department,
        as_of=imported.as_of,
        rows=report["accepted"],
        sha256=report["canonical_sha256"],
        file=imported.canonical,
        counts={"rows": report["rows"], "accepted": report["accepted"], "rejected": report["rejected"]},
        created_at=now,
        created_by=by.name,
    )
    imported.state = ImportState.CONFIRMED.value
    imported.save()
    # Their rows are in this snapshot: nobody shall take them once more without the corrected ones.
    waiting = [one.pk for one in chain_of(imported) if one.state in OPEN]
    Import.objects.filter(pk__in=waiting).update(state=ImportState.JOINED)
    detail = {"register": imported.register, "rows": report["accepted"], "unusual": imported.unusual}
    record(AuditEvent.IMPORT_CONFIRMED, by=by, at=now, target=imported, detail=detail)
    return imported


def _forget_at_end(*names: str) -> None:
    """Remove files once the transaction stands: undone, it needs them."""
    for name in filter(None, names):
        transaction.on_commit(partial(storage.forget, name))
