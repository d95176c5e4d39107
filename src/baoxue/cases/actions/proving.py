"""What a case rests on: verification results and evidence."""

from __future__ import annotations

from datetime import date, datetime
from typing import BinaryIO

from django.db import transaction

from baoxue.audit.actions import record
from baoxue.audit.events import AuditEvent
from baoxue.cases import clocks
from baoxue.cases.models import Attempt, Case, Evidence, ServedDocument, Verification
from baoxue.cases.moving import hold, place_of, touch, written
from baoxue.platform import storage
from baoxue.platform.actor import Actor
from baoxue.platform.clock import day_of
from baoxue.platform.errors import InputRefused
from baoxue.policy.capabilities import Capability
from baoxue.policy.casecodes import OUTCOMES, EvidenceKind, Outcome, VerificationResult
from baoxue.policy.casestages import ENDS, CaseStage, Clock

EVIDENCE = "evidence"
MOST_BYTES = 30_000_000
# What people photograph, scan and record; each by how its bytes begin.
_BEGINNINGS: dict[bytes, str] = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"%PDF-": "application/pdf",
}


@transaction.atomic
def verify(
    *, case: Case, result: VerificationResult, verified_on: date, words: str, by: Actor, now: datetime,
    version: int | None = None,
) -> Case:  # fmt: skip
    """Write down a verification result (V code). 失联 changes how the child is sought, and closes nothing.

    Raises NotPermitted, InputRefused, CaseChanged.
    """
    by.require(Capability.WORK_CASE, at=place_of(case, by))
    case = hold(case, version=version)
    _not_ended(case)
    if verified_on > day_of(now):
        raise InputRefused("核查日期不能晚于今天。", field="verified_on")
    if len(words.strip()) < 4:
        raise InputRefused("请写一句怎么核查的（问了谁、看到什么）。", field="words")
    Verification.objects.create(
        case=case, home_path=case.home_path, school_path=case.school_path, result=result.value,
        verified_on=verified_on, words=words.strip(), **written(by, now),
    )  # fmt: skip
    on, lost = day_of(now), OUTCOMES[result] is Outcome.STAYS_OPEN
    clocks.end(case, (Clock.VERIFY, Clock.RECHECK), by=by, on=on)
    if lost:
        clocks.start(case, (Clock.RECHECK,), on=on)
    if case.stage == CaseStage.VERIFYING:
        # The result is there; until somebody decides on it the case still has a clock.
        clocks.start(case, (Clock.VERIFY,), on=on)
    record(AuditEvent.CASE_VERIFIED, by=by, at=now, target=case, place_path=place_of(case, by),
           detail={"result": result.value})  # fmt: skip
    return touch(case, sought_as_lost=lost)


@transaction.atomic
def add_evidence(
    *, case: Case, kind: EvidenceKind, words: str, by: Actor, now: datetime, file: BinaryIO | None = None,
    file_name: str = "", attempt: Attempt | None = None, document: ServedDocument | None = None,
) -> Evidence:  # fmt: skip
    """Add a proof: a picture or a PDF, kept sealed, or a fact somebody saw (`words`). Raises NotPermitted, InputRefused."""
    by.require(Capability.WORK_CASE, at=place_of(case, by))
    kept: dict[str, object] = {}
    if file is not None:
        kept = _kept(file, file_name)
    elif len(words.strip()) < 4:
        raise InputRefused("请附上材料，或写明在哪里看到什么。", field="words")
    evidence = Evidence.objects.create(
        case=case, home_path=case.home_path, school_path=case.school_path, kind=kind.value, words=words.strip(),
        attempt=attempt, document=document, **kept, **written(by, now),
    )  # fmt: skip
    record(AuditEvent.EVIDENCE_ADDED, by=by, at=now, target=case, place_path=place_of(case, by),
           detail={"kind": kind.value})  # fmt: skip
    touch(hold(case, version=None))
    return evidence


@transaction.atomic
def take_back(*, evidence: Evidence, by: Actor, now: datetime) -> Evidence:
    """Take a proof back: it stays, and counts no more. Only whoever added it, or the county. Raises NotPermitted, InputRefused."""
    case = evidence.case
    if evidence.by_id != by.account_id:
        by.require(Capability.DECIDE_CASE, at=case.county.path)
    if CaseStage(case.stage) in ENDS:
        raise InputRefused("个案已经办结，佐证不能再撤。")
    Evidence.objects.filter(pk=evidence.pk, withdrawn_at=None).update(withdrawn_at=now, withdrawn_by_name=by.name)
    record(AuditEvent.EVIDENCE_TAKEN_BACK, by=by, at=now, target=case, place_path=place_of(case, by),
           detail={"kind": evidence.kind})  # fmt: skip
    touch(hold(case, version=None))
    return Evidence.objects.get(pk=evidence.pk)


def _kept(file: BinaryIO, file_name: str) -> dict[str, object]:
    """Keep a file sealed. What it is, its bytes say, not its name."""
    head = file.read(16)
    kind = next((kind for beginning, kind in _BEGINNINGS.items() if head.startswith(beginning)), "")
    if not kind:
        raise InputRefused("只收照片（JPG、PNG）和 PDF。请换一种格式再放入。", field="file")
    file.seek(0, 2)
    if file.tell() > MOST_BYTES:
        raise InputRefused(f"文件太大，请压到 {MOST_BYTES // 1_000_000} MB 以内。", field="file")
    file.seek(0)
    name, sha256, size = storage.keep(file, kind=EVIDENCE)
    return {"file": name, "file_name": file_name[:200], "file_sha256": sha256, "file_size": size, "content_type": kind}


def _not_ended(case: Case) -> None:
    if CaseStage(case.stage) in ENDS:
        raise InputRefused(f"个案已经“{CaseStage(case.stage).label}”，不能再改。")
