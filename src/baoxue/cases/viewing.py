"""That somebody looked goes on record."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from baoxue.audit.actions import record
from baoxue.audit.events import AuditEvent
from baoxue.cases.models import Case, Evidence
from baoxue.cases.moving import place_of
from baoxue.platform.actor import Actor


@transaction.atomic
def view_case(*, case: Case, by: Actor, now: datetime) -> None:
    """Put on record that a case was looked at."""
    record(AuditEvent.CASE_VIEWED, target=case, place_path=place_of(case, by), by=by, at=now)


@transaction.atomic
def open_evidence(*, evidence: Evidence, by: Actor, now: datetime) -> None:
    """Put on record that a file of proof was opened."""
    place = place_of(evidence.case, by)
    record(AuditEvent.EVIDENCE_OPENED, target=evidence.case, place_path=place, by=by, at=now,
           detail={"kind": evidence.kind})  # fmt: skip
