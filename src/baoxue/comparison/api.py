"""四查三比对 for programs: the same acts as the pages, one address per act."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, cast

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from baoxue.access.request import ActingRequest
from baoxue.comparison import actions, lists, queries
from baoxue.comparison.groups import groups_seen
from baoxue.comparison.models import Finding, Pair, Run, RunState, Verdict
from baoxue.comparison.picture import picture_of, queue_of
from baoxue.comparison.sidebyside import lines_of, weights_of
from baoxue.jurisdictions.queries import county_by_code
from baoxue.platform import clock
from baoxue.platform.actor import Actor
from baoxue.platform.gate import api
from baoxue.platform.paging import Page, Paging, paged
from baoxue.policy.capabilities import Capability
from baoxue.policy.findings import FindingKind
from baoxue.policy.registers import Register
from baoxue.policy.verdicts import VerdictKind, default_expiry
from baoxue.registers.models import Snapshot

router = Router(tags=["四查三比对"], by_alias=True)
_SEE = Capability.SEE_COMPARISON
_DECIDE = Capability.DECIDE_PAIR


class RunIn(Schema):
    """A comparison to start. `county`: its code. `snapshots`: by register; without them the latest up to `as_of`."""

    county: str
    as_of: date
    snapshots: dict[Register, uuid.UUID] | None = None


class RunOut(Schema):
    """One comparison. `job` does it; its `sentence` says how it ended. `rules`: version of the rules."""

    id: uuid.UUID
    county: str = Field(validation_alias="county.code")
    school_year: int
    semester: str
    as_of: date
    state: RunState
    state_name: str = Field(validation_alias="get_state_display")
    sentence: str
    rules: str = Field(validation_alias="rules_version")
    job: uuid.UUID | None = Field(validation_alias="job_id")
    verdicts_at: datetime
    created_at: datetime
    created_by: str = Field(validation_alias="created_by_name")
    ended_at: datetime | None


class CombinationOut(Schema):
    """Children of one combination of registers, `110` = household yes, student yes, roll no."""

    combination: str = Field(validation_alias="key")
    title: str
    children: int
    poverty_household: int = Field(validation_alias="poor")
    settled: int
    waiting: int


class KindOut(Schema):
    """Findings of one kind: in all, waiting, and waiting in poverty households."""

    kind: str = Field(validation_alias="code")
    name: str = Field(validation_alias="label")
    total: int
    waiting: int
    poverty_household: int = Field(validation_alias="poor")


class RunWhole(RunOut):
    """A comparison with its picture, as it stands now. `pairs_left`: to be looked at. `snapshots`: by register."""

    snapshots: dict[str, uuid.UUID]
    children: int = Field(validation_alias="now.children")
    settled: int = Field(validation_alias="now.settled")
    waiting: int = Field(validation_alias="now.waiting")
    meeting: list[CombinationOut] = Field(validation_alias="now.rows")
    findings: list[KindOut]
    pairs: int = Field(validation_alias="queue.total")
    pairs_left: int = Field(validation_alias="queue.left")

    @staticmethod
    def resolve_snapshots(run: Any) -> dict[str, uuid.UUID]:
        """By register."""
        return {register: snapshot.pk for register, snapshot in run.now.registers.items()}

    @staticmethod
    def resolve_findings(run: Any) -> list[Any]:
        """All kinds, in the order of the page."""
        return list(run.now.kinds.values())


class VerdictOut(Schema):
    """What a person decided, and until when it holds."""

    id: int
    kind: VerdictKind
    kind_name: str = Field(validation_alias="get_kind_display")
    name: str
    finding_kind: str
    registers: list[str]
    evidence: str
    expires_on: date | None
    decided_at: datetime
    decided_by: str = Field(validation_alias="decided_by_name")
    withdrawn_at: datetime | None

    @staticmethod
    def resolve_registers(verdict: Verdict) -> list[str]:
        """The two of a pair; none for a finding."""
        return [register for register in (verdict.left, verdict.right) if register]


class FindingOut(Schema):
    """One finding, the number masked. `rows`: by register, the row in its snapshot. `settled_by`: the answer to it."""

    id: int
    comparison: uuid.UUID = Field(validation_alias="run_id")
    kind: FindingKind
    kind_name: str = Field(validation_alias="get_kind_display")
    decision: str
    confidence: float
    waits: bool
    name: str
    sex: str
    birth_date: date | None
    id_number: str = Field(validation_alias="id_masked")
    stage: str
    place: str = Field(validation_alias="place_name")
    school: str = Field(validation_alias="school_name")
    poverty_household: bool
    special_groups: list[str]
    differs: list[str]
    reason: str
    combination: str
    rows: dict[str, int]
    settled_by: VerdictOut | None

    @staticmethod
    def resolve_special_groups(finding: Finding, context: dict[str, Any]) -> list[str]:
        """Without those that whoever asks may not know of."""
        return groups_seen(context["request"].actor, finding.special_groups)


class LineOut(Schema):
    """One field of two records; of numbers and telephones only what may be shown."""

    field: str
    left: str
    right: str
    relation: str
    same: bool


class WeightOut(Schema):
    """What speaks for one child (above 0, at most 1) or against it."""

    words: str
    share: float


class PairOut(Schema):
    """Two rows that may be one child, and the verdict on them."""

    id: int
    comparison: uuid.UUID = Field(validation_alias="run_id")
    position: int
    left: str
    left_row: int
    right: str
    right_row: int
    name: str
    confidence: float
    lines: list[LineOut]
    weights: list[WeightOut]
    verdict: VerdictOut | None

    @staticmethod
    def resolve_lines(pair: Pair) -> list[dict[str, Any]]:
        """As the page shows them."""
        return [
            {
                "field": line.label,
                "left": "".join(part.text for part in line.left.parts),
                "right": "".join(part.text for part in line.right.parts),
                "relation": line.word,
                "same": line.same,
            }
            for line in lines_of(pair)
        ]

    @staticmethod
    def resolve_weights(pair: Pair) -> list[dict[str, Any]]:
        """The strongest for it first."""
        return [{"words": weight.words, "share": round(weight.share, 3)} for weight in weights_of(pair)]


class VerdictIn(Schema):
    """An answer. Without `expires_on` it holds as long as its kind does by default."""

    kind: VerdictKind
    evidence: str = Field("", max_length=500)
    expires_on: date | None = None


class Narrowed(Schema):
    """What a list of findings is narrowed to. `state`: waiting, settled or all. `home`: code of a township."""

    kind: str = ""
    state: str = "waiting"
    combination: str = ""
    home: str = ""
    poor: str = ""
    group: str = ""
    words: str = ""


class ChangesOut(Schema):
    """How many findings wait that did not wait before, wait no more, and still wait; verdicts that expired."""

    before: uuid.UUID
    new: int
    gone: int
    still: int
    expired: int


@router.get("/comparisons", response=Page[RunOut], operation_id="comparisons", summary="比对")
@api(_SEE)
def runs(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """Comparisons within reach, the latest day first."""
    return paged(queries.runs(_by(request)), paging)


@router.post("/comparisons", response={202: RunOut}, operation_id="start_comparison", summary="开始比对")
@api(Capability.RUN_COMPARISON)
def start(request: HttpRequest, asked: RunIn) -> Status[Run]:
    """Start a comparison; `job` does it."""
    by = _by(request)
    county = county_by_code(asked.county)
    if county is None or not by.scope.covers(county.path):
        raise Http404
    chosen = None
    if asked.snapshots is not None:
        chosen = {
            register: get_object_or_404(
                Snapshot.objects.visible_to(by), pk=pk, county=county, register=register.value, place_path=county.path
            )
            for register, pk in asked.snapshots.items()
        }
    started = actions.start_run(county=county, as_of=asked.as_of, snapshots=chosen, by=by, now=clock.now())
    return Status(202, started)


@router.get("/comparisons/{uuid:run_id}", response=RunWhole, operation_id="comparison", summary="一次比对")
@api(_SEE)
def one(request: HttpRequest, run_id: uuid.UUID) -> Any:
    """One comparison and its picture."""
    run: Any = _run(request, run_id)
    run.now, run.queue = picture_of(run, _by(request)), queue_of(run, _by(request))
    return run


@router.post("/comparisons/{uuid:run_id}/stop", response=RunOut, operation_id="stop_comparison", summary="停下")
@api(Capability.RUN_COMPARISON)
def stop(request: HttpRequest, run_id: uuid.UUID) -> Run:
    """Stop a comparison at its next step."""
    actions.stop_run(run=_run(request, run_id), by=_by(request), now=clock.now())
    return _run(request, run_id)


@router.get(
    "/comparisons/{uuid:run_id}/findings",
    response=Page[FindingOut],
    operation_id="comparison_findings",
    summary="一次比对的发现",
)
@api(_SEE)
def findings(request: HttpRequest, run_id: uuid.UUID, paging: Query[Paging], narrowed: Query[Narrowed]) -> Any:
    """Findings, poverty households first, then by name."""
    filters = lists.Filters.of(narrowed.dict())
    return paged(lists.findings(_run(request, run_id), _by(request), filters), paging)


@router.get(
    "/comparisons/{uuid:run_id}/changes",
    response=ChangesOut,
    operation_id="comparison_changes",
    summary="和上一次比",
)
@api(_SEE)
def changes(request: HttpRequest, run_id: uuid.UUID) -> dict[str, Any]:
    """What changed since the comparison before; 404 when there is none."""
    run, by = _run(request, run_id), _by(request)
    before = lists.run_before(run, by)
    if before is None:
        raise Http404
    changed = lists.changes(run, before, by)
    counts = {name: getattr(changed, name).count() for name in ("new", "gone", "still", "expired")}
    return {"before": before.pk, **counts}


@router.get(
    "/comparisons/{uuid:run_id}/pairs",
    response=Page[PairOut],
    operation_id="comparison_pairs",
    summary="要看的两条记录",
)
@api(_DECIDE)
def pairs(request: HttpRequest, run_id: uuid.UUID, paging: Query[Paging]) -> dict[str, Any]:
    """Pairs in the order in which they are looked at."""
    return paged(lists.pairs(_run(request, run_id), _by(request)), paging)


@router.post(
    "/pairs/{int:pair_id}/verdicts", response={201: VerdictOut}, operation_id="decide_pair", summary="判定两条记录"
)
@api(_DECIDE)
def decide_pair(request: HttpRequest, pair_id: int, said: VerdictIn) -> Status[Verdict]:
    """Answer whether two rows are one child; 409 when somebody else has."""
    by = _by(request)
    pair = get_object_or_404(Pair.objects.visible_to(by).select_related("run__county"), pk=pair_id)
    verdict = actions.decide_pair(
        pair=pair, kind=said.kind, evidence=said.evidence, expires_on=said.expires_on, by=by, now=clock.now()
    )
    return Status(201, verdict)


@router.get("/findings/{int:finding_id}", response=FindingOut, operation_id="finding", summary="一条发现")
@api(_SEE)
def finding(request: HttpRequest, finding_id: int) -> Finding:
    """One finding."""
    return _finding(request, finding_id)


@router.get("/findings", response=Page[FindingOut], operation_id="findings", summary="最近一次比对的发现")
@api(_SEE)
def latest_findings(request: HttpRequest, paging: Query[Paging], narrowed: Query[Narrowed]) -> Any:
    """Findings of the newest finished comparison within reach."""
    by = _by(request)
    newest = queries.runs(by).filter(state=RunState.DONE).order_by("-created_at").first()
    if newest is None:
        return {"items": [], "count": 0}
    return paged(lists.findings(newest, by, lists.Filters.of(narrowed.dict())), paging)


@router.post(
    "/findings/{int:finding_id}/verdicts",
    response={201: VerdictOut},
    operation_id="decide_finding",
    summary="答复一条发现",
)
@api(_DECIDE)
def decide_finding(request: HttpRequest, finding_id: int, said: VerdictIn) -> Status[Verdict]:
    """Answer a finding; 409 when somebody else has."""
    now = clock.now()
    verdict = actions.decide_finding(
        finding=_finding(request, finding_id),
        kind=said.kind,
        evidence=said.evidence,
        expires_on=said.expires_on or default_expiry(said.kind, on=clock.day_of(now)),
        by=_by(request),
        now=now,
    )
    return Status(201, verdict)


@router.get("/verdicts", response=Page[VerdictOut], operation_id="verdicts", summary="定过的结论")
@api(_SEE)
def verdicts(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """What was decided and has not been withdrawn, the latest first."""
    return paged(lists.verdicts(_by(request)), paging)


@router.post(
    "/verdicts/{int:verdict_id}/withdraw", response=VerdictOut, operation_id="withdraw_verdict", summary="撤回结论"
)
@api(_DECIDE)
def withdraw(request: HttpRequest, verdict_id: int) -> Verdict:
    """Take an answer back; 409 when it was taken back already."""
    by = _by(request)
    held = get_object_or_404(Verdict.objects.visible_to(by).select_related("county"), pk=verdict_id)
    return actions.withdraw(verdict=held, by=by, now=clock.now())


def _by(request: HttpRequest) -> Actor:
    return cast(ActingRequest, request).actor


def _run(request: HttpRequest, run_id: uuid.UUID) -> Run:
    found = queries.run_of(_by(request), run_id)
    if found is None:
        raise Http404
    return found


def _finding(request: HttpRequest, finding_id: int) -> Finding:
    listed = Finding.objects.visible_to(_by(request)).select_related("run__county", "settled_by")
    found: Finding = get_object_or_404(listed.defer("id_number"), pk=finding_id)
    return found
