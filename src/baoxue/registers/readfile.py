"""The reading of an import's file, as a job does it. May be killed anywhere and run again: its effect is one update."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.db import transaction

from baoxue.jurisdictions.parameters import parameters
from baoxue.jurisdictions.queries import place_of, township_finder, within
from baoxue.platform import storage
from baoxue.platform.actor import Actor
from baoxue.policy.capabilities import Level
from baoxue.policy.registers import Column, Register
from baoxue.policy.specialgroup import SpecialGroup
from baoxue.progress import Progress
from baoxue.reading import ReadReport, RegisterRefused, read_register, rows_as_written
from baoxue.refusal import Refusal
from baoxue.registers.account import account_of, preview_of, write_rejects
from baoxue.registers.correcting import base_of, join_rows
from baoxue.registers.differences import AlarmLimits, Differences, differences
from baoxue.registers.errors import NotAtThisStep, NothingToTake
from baoxue.registers.files import keep_file, write_plain
from baoxue.registers.gathering import gather
from baoxue.registers.models import Import, ImportState, Snapshot
from baoxue.registers.ownrows import keep_own_rows
from baoxue.registers.queries import last_snapshot, snapshots_of_schools

_BY_ADDRESS = frozenset({Register.HOUSEHOLD, Register.POVERTY})


def read_file(import_id: uuid.UUID, *, by: Actor, progress: Progress) -> dict[str, Any]:
    """Read, compare, keep. Raises the RegisterRefused of the reader, after the import has been told.

    Of a correction also NotAtThisStep (what it corrects is no more) and NothingToTake (it is a whole register).
    """
    imported, last = _to_read(import_id, by)
    if imported is None:
        return {}
    with storage.scratch() as private:
        try:
            return _read(imported, last, private, progress)
        except (RegisterRefused, NotAtThisStep, NothingToTake) as refusal:
            _refuse(imported, refusal)
            raise


def gather_file(import_id: uuid.UUID, *, by: Actor, progress: Progress) -> dict[str, Any]:
    """Put the county's rows and those of its schools together, compare, keep. Raises NothingToTake."""
    imported, last = _to_read(import_id, by)
    if imported is None:
        return {}
    register = Register(imported.register)
    with transaction.atomic():
        brought = snapshots_of_schools(imported.county, register, as_of=imported.as_of, by=by)
        schools = {place.path: place for place in within(imported.county.path, Level.SCHOOL)}
    if not brought:  # another import of the county took the rows meanwhile
        refusal = NothingToTake(f"没有学校交来比县里更新的{register.label}名册。")
        _refuse(imported, refusal)
        raise refusal
    with storage.scratch() as private:
        canonical, before = private / "canonical.parquet", None
        if last is not None:
            before = private / "base.parquet"
            write_plain(last.file, before)
        parts = []
        for number, snapshot in enumerate(brought):
            progress("收学校的名册", number, len(brought))
            path = private / f"school-{number}.parquet"
            write_plain(snapshot.file, path)
            parts.append((schools[snapshot.place_path].code, schools[snapshot.place_path].name, path))
        rows = gather(before, parts, canonical)
        report = ReadReport(register, imported.file_name, "", 0, rows=rows, accepted=rows, last_row=rows)
        gathered = [
            [name, snapshot.as_of.isoformat(), snapshot.rows]
            for (_, name, _), snapshot in zip(parts, brought, strict=True)
        ]
        made = None if last is None else _compare(imported, last, canonical, private)
        return _keep(imported, last, report, canonical, made, account={"missing": [], "gathered": gathered})


def _to_read(import_id: uuid.UUID, by: Actor) -> tuple[Import | None, Snapshot | None]:
    """The import while it waits to be read, and the snapshot it is compared with."""
    with transaction.atomic():
        found = Import.objects.visible_to(by).select_related("county", "corrects__corrects")
        imported = found.filter(pk=import_id).first()
        if imported is None or imported.state != ImportState.READING:
            return None, None
        register = Register(imported.register)
        return imported, last_snapshot(
            imported.place_path, register, as_of=imported.as_of, department=imported.department
        )


def _read(imported: Import, last: Snapshot | None, private: Path, progress: Progress) -> dict[str, Any]:
    register = Register(imported.register)
    # Under its own name: the reader looks for a school or a category in it, and names it in its sentences. In a folder of
    # its own: the name may be one of ours.
    upload, canonical = private / "upload" / imported.file_name, private / "canonical.parquet"
    upload.parent.mkdir(mode=0o700)
    progress("打开文件", 0)
    try:
        write_plain(imported.upload, upload)
    except FileNotFoundError:
        progress("文件已被放弃", 0)  # ends the job, if that is why
        raise
    report = read_register(upload, register, canonical, progress=progress)
    _leave_others_out(imported, report, canonical)
    account = {} if imported.corrects is None else _join(imported, last, report, canonical, private)
    originals = _originals(upload, report, private)
    upload.unlink()
    progress("和上一份比较", report.accepted, report.accepted)
    made = None if last is None else _compare(imported, last, canonical, private)
    progress("存好结果", report.accepted, report.accepted)
    return _keep(imported, last, report, canonical, made, account=account, originals=originals)


def _join(
    imported: Import, last: Snapshot | None, report: ReadReport, canonical: Path, private: Path
) -> dict[str, Any]:
    """Put the rows of what a correction corrects before its own; gives what to add to the account."""
    assert imported.corrects is not None
    with transaction.atomic():
        base = base_of(imported, last)
    path, preview = private / "base.parquet", preview_of(canonical, report.register)
    write_plain(base.file, path)
    rows = join_rows(path, canonical, report, most=imported.corrects.report["rejected"])
    path.unlink()
    joined = {"rows": rows, "added": report.accepted - rows, "sha256": base.sha256}
    return {"joined": joined, "preview": preview}


def _originals(upload: Path, report: ReadReport, private: Path) -> Path | None:
    """The rejected rows as they stand in the file."""
    if not report.rejected:
        return None
    out = private / "originals.parquet"
    rows_as_written(upload, report.register, out, rows=sorted({reject.row for reject in report.rejected}))
    return out


def _leave_others_out(imported: Import, report: ReadReport, canonical: Path) -> None:
    """What a school brings are its own rows."""
    if imported.place_path == imported.county.path:
        return
    place = place_of(imported.place_path)
    if place is None:
        raise LookupError(imported.place_path)
    keep_own_rows(canonical, report, school_code=place.code, school_name=place.name)


def _compare(imported: Import, last: Snapshot, canonical: Path, private: Path) -> Differences:
    before, register = private / "before.parquet", Register(imported.register)
    write_plain(last.file, before)
    with transaction.atomic():
        names, limits = _place_names(imported, register), _alarm_limits(imported)
    return differences(before, canonical, register, place_names=names, limits=limits)


def _alarm_limits(imported: Import) -> AlarmLimits:
    """What the county calls unusual on the day of the register."""
    codes = ("import_fewer_rows", "import_changed_rows", "import_gone_rows")
    values = parameters(imported.county, on=imported.as_of, codes=codes)
    return AlarmLimits(*(values[code].value / 100 for code in codes))


def _place_names(imported: Import, register: Register) -> Callable[[pa.Table], list[str]]:
    """How the rows of a register are told apart by place: township, school or category."""
    county = imported.county
    if register in _BY_ADDRESS:
        finder = township_finder(county)
        names = {township.path: township.name for township in within(county.path, Level.TOWNSHIP)}

        def by_township(rows: pa.Table) -> list[str]:
            codes, addresses = rows[Column.REGION_CODE.value].to_pylist(), rows[Column.ADDRESS.value].to_pylist()
            return [names.get(path, "分不清乡镇") for path in finder.paths_of(codes, addresses)]

        return by_township
    if register is Register.SPECIAL:
        return lambda rows: [_categories(codes) for codes in rows[Column.CATEGORY.value].to_pylist()]
    return lambda rows: [
        name or code or "没写学校"
        for name, code in zip(
            rows[Column.SCHOOL_NAME.value].to_pylist(), rows[Column.SCHOOL_CODE.value].to_pylist(), strict=True
        )
    ]


def _categories(codes: str) -> str:
    return "、".join(SpecialGroup(code).label for code in codes.split(";"))


def _keep(
    imported: Import,
    last: Snapshot | None,
    report: ReadReport,
    canonical: Path,
    made: Differences | None,
    *,
    account: dict[str, Any],
    originals: Path | None = None,
) -> dict[str, Any]:
    """Seal the results and write them into the import, in one update. `account`: what to add to the reader's."""
    rejects = canonical.with_name("rejects.parquet")
    write_rejects(report.rejected, rejects)
    account = account_of(report, canonical) | account
    sealed, sha256, _ = keep_file(canonical, kind="canonical")
    sealed_rejects, _, _ = keep_file(rejects, kind="rejects")
    sealed_originals = "" if originals is None else keep_file(originals, kind="rejects")[0]
    with transaction.atomic():
        kept = _still_reading(imported).update(
            state=ImportState.PREVIEW,
            canonical=sealed,
            rejects=sealed_rejects,
            originals=sealed_originals,
            report=account | {"canonical_sha256": sha256},
            differences={} if made is None else made.to_json(),
            unusual=made is not None and bool(made.questions),
            compared_with=last,
            sentence="",
        )
    if not kept:  # given up meanwhile, or another worker was first
        for name in filter(None, (sealed, sealed_rejects, sealed_originals)):
            storage.forget(name)
        return {}
    return {
        "import": str(imported.pk),
        "accepted": report.accepted,
        "rejected": len(report.rejected),
        "sentence": f"{report.register.label}名册读完：可收 {report.accepted:,} 行，退回 {len(report.rejected):,} 行。",
    }


@transaction.atomic
def _refuse(imported: Import, refusal: Refusal) -> None:
    _still_reading(imported).update(state=ImportState.REFUSED, sentence=refusal.sentence)


def _still_reading(imported: Import) -> Any:
    return Import.objects.filter(pk=imported.pk, state=ImportState.READING)
