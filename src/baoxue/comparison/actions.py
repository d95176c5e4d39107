"""What people do with comparisons: start one, stop one, decide, take a decision back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from baoxue.audit.actions import record
from baoxue.audit.events import AuditEvent
from baoxue.comparison.errors import (
    AlreadyWithdrawn,
    AlreadyWorking,
    AnswerRefused,
    DecidedMeanwhile,
    EvidenceMissing,
    NotWorking,
    RegistersMissing,
)
from baoxue.comparison.models import Finding, Pair, Run, RunState, Verdict
from baoxue.comparison.resting import findings_resting_on
from baoxue.jurisdictions.models import Jurisdiction
from baoxue.platform import clock, jobs
from baoxue.platform.actor import Actor
from baoxue.platform.errors import InputRefused
from baoxue.policy.capabilities import Capability
from baoxue.policy.findings import FindingKind
from baoxue.policy.registers import Register
from baoxue.policy.schoolyear import school_year_of, semester_of
from baoxue.policy.verdicts import ON_PAIRS, VerdictKind, on_finding
from baoxue.registers.actions import to_compare
from baoxue.registers.models import Snapshot

RUN = "comparison.run"
NEEDED = (Register.HOUSEHOLD, Register.STUDENT, Register.ROLL)
# A room above makes a case of what is real.
TAKE_UP = "cases.take_up"
_LONGEST_EVIDENCE = 500


@transaction.atomic
def start_run(
    *,
    county: Jurisdiction,
    as_of: date,
    by: Actor,
    now: datetime,
    snapshots: Mapping[Register, Snapshot] | None = None,
) -> Run:
    """Ask for a comparison over named snapshots, by default the latest of each register up to `as_of`.

    The verdicts in force `now` are heeded. Raises NotPermitted, RegistersMissing, AlreadyWorking, InputRefused.
    """
    by.require(Capability.RUN_COMPARISON, at=county.path)
    if as_of > clock.day_of(now):
        raise InputRefused("截至日不能晚于今天。", field="as_of")
    # Two clerks who start at once: the second waits here and then sees the first one's run.
    Jurisdiction.objects.select_for_update().get(pk=county.pk)
    if snapshots is not None and any(snapshot.as_of > as_of for snapshot in snapshots.values()):
        raise InputRefused("有的名册比截至日还晚，不能用来比对。", field="as_of")
    if snapshots is None:
        snapshots = to_compare(county=county, as_of=as_of, by=by, now=now)
    missing = [register for register in NEEDED if register not in snapshots]
    if missing:
        raise RegistersMissing(missing)
    working = Run.objects.filter(county=county, state=RunState.WORKING).select_related("job").first()
    if working is not None:
        if working.job is not None and not working.job.ended:
            raise AlreadyWorking(working.pk)
        _end(working, RunState.REFUSED, "中断了，没有算完。", now=now)
    run: Run = Run.objects.create(
        county=county,
        place_path=county.path,
        school_year=school_year_of(as_of),
        semester=semester_of(as_of).value,
        as_of=as_of,
        verdicts_at=now,
        created_at=now,
        created_by_id=by.account_id,
        created_by_name=by.name,
    )
    run.snapshots.set(snapshots.values())
    run.job = jobs.ask(RUN, {"run": str(run.pk)}, place_path=county.path, by=by, now=now)
    run.save(update_fields=["job"])
    detail = {"as_of": as_of.isoformat(), "registers": sorted(register.value for register in snapshots)}
    record(AuditEvent.COMPARISON_RUN, by=by, at=now, target=run, detail=detail)
    return run


@transaction.atomic
def stop_run(*, run: Run, by: Actor, now: datetime) -> Run:
    """Let a comparison end at its next step. Raises NotPermitted, NotWorking."""
    by.require(Capability.RUN_COMPARISON, at=run.place_path)
    held: Run = Run.objects.select_for_update(of=("self",)).select_related("job").get(pk=run.pk)
    if held.state != RunState.WORKING:
        raise NotWorking
    if held.job is not None and not held.job.ended:
        jobs.ask_to_stop(held.job, now=now)
        held.job.refresh_from_db()
    if held.job is None or held.job.ended:
        _end(held, RunState.CANCELLED, "已停下，没有改动任何数据。", now=now)
    record(AuditEvent.JOB_STOPPED, by=by, at=now, target=held)
    return held


def _end(run: Run, state: RunState, sentence: str, *, now: datetime) -> None:
    run.state, run.sentence, run.ended_at = state.value, sentence, now
    run.save(update_fields=["state", "sentence", "ended_at"])


@transaction.atomic
def decide_pair(
    *, pair: Pair, kind: VerdictKind, evidence: str, expires_on: date | None, by: Actor, now: datetime
) -> Verdict:
    """Answer whether two rows are one child. Later runs heed it until it expires; 看不准 is asked again.

    Findings of this run that rest on the doubt are settled with it. Raises NotPermitted, AnswerRefused, InputRefused,
    DecidedMeanwhile (which says who decided, and when).
    """
    by.require(Capability.DECIDE_PAIR, at=pair.run.place_path)
    if kind not in ON_PAIRS:
        raise AnswerRefused(f"“{kind.label}”不是对两条记录的回答。")
    _check(evidence, expires_on, now=now)
    sides = {"other_subject": pair.right_subject, "left": pair.left, "right": pair.right}
    verdict = _answer(
        pair, kind, subject=pair.left_subject, evidence=evidence, expires_on=expires_on, by=by, now=now, **sides
    )
    put_aside = Verdict.objects.filter(kind=VerdictKind.CANNOT_TELL, pairs=pair.pk)
    open_pair = Pair.objects.filter(Q(verdict=None) | Q(verdict__in=put_aside.values("pk")), pk=pair.pk)
    if open_pair.update(verdict=verdict) != 1:
        raise _decided_meanwhile(Pair.objects.select_related("verdict").get(pk=pair.pk).verdict)
    if kind is VerdictKind.SAME_CHILD:
        findings_resting_on(pair).update(settled_by=verdict)
    detail = {"kind": kind.value, "registers": [pair.left, pair.right]}
    record(AuditEvent.PAIR_DECIDED, by=by, at=now, target=verdict, place_path=pair.run.place_path, detail=detail)
    return verdict


@transaction.atomic
def decide_finding(
    *, finding: Finding, kind: VerdictKind, evidence: str, expires_on: date | None, by: Actor, now: datetime
) -> Verdict:
    """Answer a finding. Later runs show it as answered until it expires.

    Raises NotPermitted, AnswerRefused, EvidenceMissing, InputRefused, DecidedMeanwhile.
    """
    by.require(Capability.DECIDE_PAIR, at=finding.run.place_path)
    if kind not in on_finding(FindingKind(finding.kind)):
        raise AnswerRefused(f"“{kind.label}”不是对“{FindingKind(finding.kind).label}”的回答。")
    if not evidence.strip():
        raise EvidenceMissing
    _check(evidence, expires_on, now=now)
    verdict = _answer(
        finding, kind, subject=finding.subject, evidence=evidence, expires_on=expires_on, by=by, now=now,
        finding_kind=finding.kind,
    )  # fmt: skip
    if Finding.objects.filter(pk=finding.pk, settled_by=None).update(settled_by=verdict) != 1:
        raise _decided_meanwhile(Finding.objects.select_related("settled_by").get(pk=finding.pk).settled_by)
    detail = {"kind": kind.value, "finding": finding.kind}
    record(AuditEvent.PAIR_DECIDED, by=by, at=now, target=verdict, place_path=finding.run.place_path, detail=detail)
    if kind is VerdictKind.REAL:
        jobs.ask(TAKE_UP, {"finding": finding.pk}, place_path=finding.run.place_path, by=by, now=now)
    return verdict


@transaction.atomic
def withdraw(*, verdict: Verdict, by: Actor, now: datetime) -> Verdict:
    """Take an answer back: what it settled is open again, and later runs ask anew.

    Raises NotPermitted, AlreadyWithdrawn.
    """
    by.require(Capability.DECIDE_PAIR, at=verdict.county.path)
    changed = Verdict.objects.filter(pk=verdict.pk, withdrawn_at=None).update(
        withdrawn_at=now, withdrawn_by_name=by.name
    )
    verdict = Verdict.objects.select_related("county").get(pk=verdict.pk)
    if changed != 1:
        raise AlreadyWithdrawn(f"{verdict.withdrawn_by_name}已经撤回过这个结论。")
    Pair.objects.filter(verdict=verdict).update(verdict=None)
    Finding.objects.filter(settled_by=verdict).update(settled_by=None)
    record(AuditEvent.VERDICT_WITHDRAWN, by=by, at=now, target=verdict, place_path=verdict.county.path)
    return verdict


def _answer(
    about: Pair | Finding, kind: VerdictKind, *, subject: bytes, evidence: str, expires_on: date | None, by: Actor,
    now: datetime, **more: Any,
) -> Verdict:  # fmt: skip
    """Write down what somebody decided about a pair or a finding."""
    return Verdict.objects.create(
        county_id=about.run.county_id, home_path=about.home_path, school_path=about.school_path, name=about.name,
        run=about.run, kind=kind.value, subject=subject, evidence=evidence.strip(), expires_on=expires_on,
        decided_at=now, decided_by_id=by.account_id, decided_by_name=by.name, **more,
    )  # fmt: skip


def _check(evidence: str, expires_on: date | None, *, now: datetime) -> None:
    if len(evidence) > _LONGEST_EVIDENCE:
        raise InputRefused(f"依据太长了，请写在 {_LONGEST_EVIDENCE} 字以内。", field="evidence")
    if expires_on is not None and expires_on < clock.day_of(now):
        raise InputRefused("有效期不能早于今天。", field="expires_on")


def _decided_meanwhile(verdict: Verdict | None) -> DecidedMeanwhile:
    if verdict is None:
        return DecidedMeanwhile("没有存上：这一条刚被别人改过。请刷新再看。")
    at = verdict.decided_at.astimezone(clock.ZONE)
    kind = VerdictKind(verdict.kind).label
    return DecidedMeanwhile(f"没有存上：{verdict.decided_by_name} {at:%H:%M} 已定为“{kind}”。要改，请先撤回那个结论。")
