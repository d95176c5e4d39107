"""What people do with records of children: look at a whole number, merge, split, undo; save a view, ask for an export."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast
from uuid import uuid4

from django.db import transaction
from django.db.models import F, Q

from baoxue.audit.actions import record
from baoxue.audit.events import AuditEvent
from baoxue.children.alone import alone_in
from baoxue.children.days import Days, left_over
from baoxue.children.errors import CaseOpen, ExportGone, NothingToSplit, NotOneCounty, ReasonMissing, UndoneAlready
from baoxue.children.models import (
    CaseStatus,
    Child,
    Doubt,
    Enrolment,
    Export,
    GroupMembership,
    LedgerView,
    Merge,
    MergeKind,
    Schooling,
    Source,
    TwoTimes,
)
from baoxue.children.queries import keep_no_number
from baoxue.children.sums import count_again
from baoxue.jurisdictions.models import Jurisdiction
from baoxue.platform import jobs
from baoxue.platform.actor import Actor
from baoxue.platform.clock import day_of
from baoxue.platform.crypto import keyring
from baoxue.platform.errors import ChangedMeanwhile, InputRefused
from baoxue.platform.namekeys import name_key
from baoxue.policy.capabilities import Capability
from baoxue.policy.idnumber import IdState, classify, mask
from baoxue.policy.ledgers import Ledger
from baoxue.policy.purposes import Purpose
from baoxue.policy.schoolingstatus import SchoolingStatus

EXPORT = "children.export"
KEPT_FOR = timedelta(days=7)
_SHORTEST_REASON = 4
_FACTS = (Schooling, Enrolment, GroupMembership)


def place_for(by: Actor, child: Child) -> str:
    """Where an act on a child belongs: its home, or its school for a post that reaches only that."""
    return child.home_path if by.scope.covers(child.home_path) else child.school_path


@transaction.atomic
def view(*, child: Child, by: Actor, now: datetime, part: str = "page") -> None:
    """Put on record that a child was looked at. `part`: its page, or its register rows (`rows`)."""
    record(AuditEvent.CHILD_VIEWED, target=child, place_path=place_for(by, child), by=by, at=now, detail={"part": part})


@transaction.atomic
def searched(*, found: int, kind: str, by: Actor, now: datetime) -> None:
    """Put on record that somebody searched: of what kind the words were and how much they found, never the words."""
    record(AuditEvent.SEARCHED, by=by, at=now, detail={"kind": kind, "found": found})


@transaction.atomic
def reveal(*, child: Child, purpose: Purpose, by: Actor, now: datetime) -> str:
    """Give the whole identity number of a child, for a purpose that goes on record. Raises NotPermitted."""
    place = place_for(by, child)
    by.require(Capability.REVEAL_NUMBER, at=place)
    record(AuditEvent.NUMBER_REVEALED, target=child, place_path=place, by=by, at=now, detail={"purpose": purpose.value})
    return child.id_number


@dataclass(frozen=True, slots=True)
class SaidByCase:
    """What a case says of a child: 就学状况, whether it is suspected only, and one sentence why."""

    status: SchoolingStatus
    suspected: bool
    reason: str


def say_by_case(*, child: Child, said: SaidByCase, holds: bool, on: date, now: datetime) -> None:
    """Let a case say how a child stands from a day on: at once in the ledgers, and in later builds as long as it `holds`.

    Part of an act of a case, which records it. What was recorded before stays as it was known.
    """
    if holds:
        where = {"county": child.county, "home_path": child.home_path, "school_path": child.school_path}
        told = {"status": said.status.value, "suspected": said.suspected, "reason": said.reason, "since": on}
        CaseStatus.objects.update_or_create(child=child, defaults=where | told)
    else:
        CaseStatus.objects.filter(child=child).delete()
    Child.objects.filter(pk=child.pk).update(status=said.status.value, changed_at=now)
    for fact in Schooling.objects.filter(child=child, valid_to=None, recorded_to=None):
        if (fact.status, fact.suspected) == (said.status.value, said.suspected):
            continue
        Schooling.objects.filter(pk=fact.pk).update(recorded_to=now)
        began = fact.valid_from
        if began < on:
            _copy(fact, child, now=now, valid=(began, on))
        fact.status, fact.suspected, fact.reason = said.status.value, said.suspected, said.reason
        _copy(fact, child, now=now, valid=(max(began, on), None))


@transaction.atomic
def add_by_hand(
    *, county: Jurisdiction, home_path: str, name: str, sex: str, birth_date: date | None, id_number: str,
    guardian_name: str, phone: str, address: str, by: Actor, now: datetime,
) -> Child:  # fmt: skip
    """Make a record of a child that no register has (found door to door, told by neighbours). Raises InputRefused.

    A number that a record of the county has already is refused: it is that child.
    """
    by.require(Capability.WORK_CASE, at=home_path)
    name, number = name.strip(), id_number.strip().upper()
    if not name:
        raise InputRefused("请写孩子的姓名。", field="name")
    ring = keyring()
    digest = ring.digest(number, kind="id_number") if number else b""
    known = classify(number) if number else None
    if number and (known is None or known.state is not IdState.VALID):
        raise InputRefused("身份证号不对：位数、出生日期或校验码有误。没有就空着。", field="id_number")
    if number and Child.objects.filter(county=county, id_digest=digest, merged_into=None).exists():
        raise InputRefused("这个证件号在册里已经有人。请用证件号搜索，从那条记录报线索。", field="id_number")
    day, keys = day_of(now), name_key(name)
    where = {"county": county, "home_path": home_path, "school_path": ""}
    common = {
        "name": name, "name_sort": keys.sort, "sex": sex, "birth_date": birth_date,
        "id_masked": mask(number) if number else "", "status": SchoolingStatus.TO_VERIFY.value,
    }  # fmt: skip
    child = Child.objects.create(
        **where, **common, name_pinyin=keys.pinyin, name_initials=keys.initials, id_number=number, id_digest=digest,
        guardian_name=guardian_name, phone=phone, address=address, created_at=now, changed_at=now,
    )  # fmt: skip
    said = SaidByCase(SchoolingStatus.TO_VERIFY, False, "册里没有，人工补录")
    CaseStatus.objects.create(
        child=child, **where, status=said.status.value, suspected=False, reason=said.reason, since=day
    )
    Schooling.objects.create(
        child=child, **where, **common, counted=True, suspected=False, reason=said.reason, valid_from=day,
        recorded_from=now,
    )  # fmt: skip
    record(AuditEvent.CHILD_ADDED, target=child, place_path=home_path, by=by, at=now)
    return child


@transaction.atomic
def merge(*, kept: Child, other: Child, reason: str, by: Actor, now: datetime) -> Merge:
    """Make two records one: the rows of `other` become rows of `kept`, by hand, so that later runs respect it.

    Raises NotPermitted, ReasonMissing, NotOneCounty, CaseOpen, ChangedMeanwhile.
    """
    _require(by, kept, reason)
    by.require(Capability.EDIT_CHILD, at=place_for(by, other))
    if kept.county_id != other.county_id or kept.pk == other.pk:
        raise NotOneCounty
    if CaseStatus.objects.filter(child=other).exists():
        raise CaseOpen
    alone_in(kept.county)
    both = Child.objects.select_for_update(of=("self",)).filter(pk__in=[kept.pk, other.pk], merged_into=None)
    if len(both.order_by("pk")) != 2:
        raise ChangedMeanwhile("这条记录刚被别人合并过，请刷新后再看。")
    Child.objects.filter(pk=other.pk).update(merged_into=kept, changed_at=now)
    moved = _move(other, kept)
    moved |= {"facts": _known(other), "carried": _carry(other, kept, now=now)}
    _outdate(moved["facts"], now=now)
    done = _write_down(MergeKind.MERGE, kept, other, moved, reason=reason, by=by, now=now)
    Doubt.objects.filter(Q(child=kept, other=other) | Q(child=other, other=kept), settled_at=None).update(
        settled_at=now, settled_by_name=by.name
    )
    count_again(kept.county)
    record(AuditEvent.CHILDREN_MERGED, target=kept, place_path=place_for(by, kept), by=by, at=now,
           detail={"merge": done.pk, "rows": len(moved["sources"])})  # fmt: skip
    return done


@transaction.atomic
def split(*, child: Child, sources: Collection[int], reason: str, by: Actor, now: datetime) -> Merge:
    """Make a record of their own for some rows of a child (ids of Source). Both sides stay so in later runs.

    The new record starts as a copy; what its own rows say comes with the next build. Raises NotPermitted, ReasonMissing,
    NothingToSplit.
    """
    _require(by, child, reason)
    alone_in(child.county)
    own = set(Source.objects.filter(child=child, recorded_to=None).values_list("pk", flat=True))
    chosen = own & set(sources)
    if not chosen or chosen == own:
        raise NothingToSplit
    new = Child.objects.get(pk=child.pk)
    new.pk, new.created_at, new.changed_at = uuid4(), now, now
    new._state.adding = True
    new.save()
    pinned = list(Source.objects.filter(pk__in=own, by_hand=False).values_list("pk", flat=True))
    Source.objects.filter(pk__in=own).update(by_hand=True)
    Source.objects.filter(pk__in=chosen).update(child=new)
    for table in _FACTS:
        for fact in table.objects.filter(child=child, recorded_to=None, valid_to=None):
            _copy(fact, new, now=now)
    moved = {"sources": sorted(chosen), "pinned": sorted(pinned)}
    done = _write_down(MergeKind.SPLIT, child, new, moved, reason=reason, by=by, now=now)
    count_again(child.county)
    record(AuditEvent.CHILDREN_SPLIT, target=child, place_path=place_for(by, child), by=by, at=now,
           detail={"merge": done.pk, "rows": len(chosen)})  # fmt: skip
    return done


@transaction.atomic
def undo(*, done: Merge, by: Actor, now: datetime) -> Merge:
    """Undo a merge or a split: the rows go back where they were. Raises NotPermitted, UndoneAlready."""
    by.require(Capability.EDIT_CHILD, at=place_for(by, done.kept))
    alone_in(done.kept.county)
    if Merge.objects.filter(pk=done.pk, undone_at=None).update(undone_at=now, undone_by_name=by.name) != 1:
        raise UndoneAlready
    moved: dict[str, Any] = done.moved
    if done.kind == MergeKind.MERGE:
        Child.objects.filter(pk=done.other_id).update(merged_into=None, changed_at=now)
        Source.objects.filter(pk__in=moved["sources"]).update(child_id=done.other_id)
        _outdate(moved["carried"], now=now)
        for table in _FACTS:
            for fact in table.objects.filter(pk__in=moved["facts"][table.__name__]):
                _copy(fact, done.other, now=now)
    else:
        Child.objects.filter(pk=done.other_id).update(merged_into=done.kept, changed_at=now)
        Source.objects.filter(child_id=done.other_id, recorded_to=None).update(child_id=done.kept_id)
        known = _known(done.other)
        _carry(done.other, done.kept, now=now)
        _outdate(known, now=now)
    Source.objects.filter(pk__in=moved["pinned"]).update(by_hand=False)
    count_again(done.kept.county)
    event = AuditEvent.CHILDREN_MERGED if done.kind == MergeKind.MERGE else AuditEvent.CHILDREN_SPLIT
    record(event, target=done.kept, place_path=place_for(by, done.kept), by=by, at=now,
           detail={"merge": done.pk, "undone": True})  # fmt: skip
    done.refresh_from_db()
    return done


@transaction.atomic
def leave_apart(*, doubt: Doubt, by: Actor, now: datetime) -> None:
    """Settle a doubt: the two records stay as they are. Raises NotPermitted, ChangedMeanwhile."""
    by.require(Capability.EDIT_CHILD, at=place_for(by, doubt.child))
    if Doubt.objects.filter(pk=doubt.pk, settled_at=None).update(settled_at=now, settled_by_name=by.name) != 1:
        raise ChangedMeanwhile("这一对刚被别人看过了。")
    record(AuditEvent.CHILDREN_LEFT_APART, target=doubt.child, place_path=place_for(by, doubt.child), by=by, at=now,
           detail={"doubt": doubt.pk})  # fmt: skip


def _require(by: Actor, child: Child, reason: str) -> None:
    by.require(Capability.EDIT_CHILD, at=place_for(by, child))
    if len(reason.strip()) < _SHORTEST_REASON:
        raise ReasonMissing


def _move(other: Child, kept: Child) -> dict[str, Any]:
    moved = list(Source.objects.filter(child=other, recorded_to=None).values_list("pk", flat=True))
    both = Source.objects.filter(child__in=[kept, other], recorded_to=None)
    pinned = list(both.filter(by_hand=False).values_list("pk", flat=True))
    # Both sides by hand: a run that still takes them for two must not make a new record of either.
    both.update(by_hand=True)
    Source.objects.filter(pk__in=moved).update(child=kept)
    return {"sources": moved, "pinned": pinned}


def _known(child: Child) -> dict[str, list[int]]:
    """The ids of what is known of a record, by table."""
    return {
        table.__name__: list(table.objects.filter(child=child, recorded_to=None).values_list("pk", flat=True))
        for table in _FACTS
    }


def _outdate(facts: dict[str, list[int]], *, now: datetime) -> None:
    """What was known is known no longer."""
    for table in _FACTS:
        table.objects.filter(pk__in=facts[table.__name__], recorded_to=None).update(recorded_to=now)


def _carry(other: Child, kept: Child, *, now: datetime) -> dict[str, list[int]]:
    """Copy to `kept` what is known of `other` for days of which nothing is known of `kept`; gives the ids of the copies."""
    carried: dict[str, list[int]] = {}
    for table in _FACTS:
        own = list(table.objects.filter(child=kept, recorded_to=None))
        carried[table.__name__] = [
            _copy(fact, kept, now=now, valid=days)
            for fact in table.objects.filter(child=other, recorded_to=None)
            for days in left_over(_days(fact), [_days(held) for held in own if _alike(fact, held)])
        ]
    return carried


def _days(fact: TwoTimes) -> Days:
    return (fact.valid_from, fact.valid_to)


def _alike(fact: TwoTimes, held: TwoTimes) -> bool:
    """Whether only one of two facts can hold on a day: a child is in several groups at once."""
    return not isinstance(fact, GroupMembership) or fact.group == cast(GroupMembership, held).group


def _copy(fact: TwoTimes, child: Child, *, now: datetime, valid: Days | None = None) -> int:
    """Record a fact as one of this record, anew; gives its id."""
    fact.pk, fact.child, fact.recorded_from, fact.recorded_to = None, child, now, None
    if valid is not None:
        fact.valid_from, fact.valid_to = valid
    fact._state.adding = True
    fact.save()
    return cast(int, fact.pk)


def _write_down(
    kind: MergeKind, kept: Child, other: Child, moved: dict[str, Any], *, reason: str, by: Actor, now: datetime
) -> Merge:
    return Merge.objects.create(
        kind=kind.value, kept=kept, other=other, home_path=kept.home_path, school_path=kept.school_path, moved=moved,
        reason=reason.strip(), at=now, by_id=by.account_id, by_name=by.name,
    )  # fmt: skip


# Views and exports -------------------------------------------------------------------------------------------------


@transaction.atomic
def save_view(*, ledger: Ledger, name: str, query: dict[str, str], by: Actor) -> LedgerView:
    """Keep filters and columns of a ledger under a name; one of the same name is replaced. Raises InputRefused, NumberKept."""
    name = name.strip()[:40]
    keep_no_number(query.get("q", ""))
    if not name:
        raise InputRefused("请给视图起个名字。", field="name")
    kept, _ = LedgerView.objects.update_or_create(
        account_id=by.account_id or 0,
        ledger=ledger.value,
        name=name,
        place_path=by.scope.path,
        defaults={"query": query},
    )
    return kept


@transaction.atomic
def drop_view(*, view: LedgerView, by: Actor) -> None:
    """Forget a saved view of one's own."""
    LedgerView.objects.filter(pk=view.pk, account_id=by.account_id or 0).delete()


@transaction.atomic
def start_export(
    *, ledger: Ledger, county: Jurisdiction, as_of: date, known_at: datetime | None, query: dict[str, str],
    purpose: Purpose | None, by: Actor, now: datetime,
) -> Export:  # fmt: skip
    """Ask for the workbook of a ledger; a job makes it. Gone after seven days. Raises NotPermitted, NumberKept.

    `purpose`: what whole numbers are needed for; None: numbers come masked, and what else is protected stays out.
    """
    by.require(Capability.EXPORT_LEDGER)
    keep_no_number(query.get("q", ""))
    if purpose is not None:
        by.require(Capability.REVEAL_NUMBER)
    export = Export.objects.create(
        place_path=by.scope.path, account_id=by.account_id or 0, kind=ledger.value, created_at=now,
        created_by_name=by.name, expires_at=now + KEPT_FOR,
        query={
            "county": county.code, "as_of": as_of.isoformat(), "filters": query,
            "known_at": None if known_at is None else known_at.isoformat(),
            "purpose": "" if purpose is None else purpose.value,
        },
    )  # fmt: skip
    export.job_id = jobs.ask(EXPORT, {"export": str(export.pk)}, place_path=by.scope.path, by=by, now=now).pk
    export.save(update_fields=["job_id"])
    # Of free text only that there was some: it may name a child.
    filters = {name: value for name, value in query.items() if name != "q"}
    record(AuditEvent.EXPORTED, target=export, by=by, at=now,
           detail={"ledger": ledger.value, "as_of": as_of.isoformat(), "purpose": export.query["purpose"],
                   "filters": filters, "searched": "q" in query})  # fmt: skip
    return export


@transaction.atomic
def download(*, export: Export, by: Actor, now: datetime) -> str:
    """Give the name of a finished file, to be opened by `platform.storage`; on record. Raises NotPermitted, ExportGone."""
    by.require(Capability.EXPORT_LEDGER)
    if export.query["purpose"]:
        by.require(Capability.REVEAL_NUMBER)
    if now >= export.expires_at or not export.file:
        raise ExportGone
    Export.objects.filter(pk=export.pk).update(downloaded=F("downloaded") + 1)
    record(AuditEvent.EXPORT_DOWNLOADED, target=export, by=by, at=now, detail={"rows": export.rows})
    return export.file
