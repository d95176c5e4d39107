"""A run at work: compares its snapshots and writes down what came of it. May be killed anywhere and run again."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import transaction

from baoxue.comparison.bulkinsert import insert
from baoxue.comparison.models import Finding, Pair, Run, RunState, Verdict
from baoxue.comparison.registerrows import RegisterRows
from baoxue.comparison.verdictsinforce import Answers, decided_pairs, verdicts_in_force
from baoxue.comparison.writtendown import Places, findings_of, pairs_of, people_of
from baoxue.jurisdictions.queries import school_paths, township_finder
from baoxue.matching.rules import RULES_VERSION
from baoxue.matching.snapshots import Outcome, compare_snapshots
from baoxue.platform import jobs, storage
from baoxue.platform.actor import Actor
from baoxue.policy.registers import Register
from baoxue.progress import Progress
from baoxue.refusal import Refusal
from baoxue.registers.models import Snapshot
from baoxue.registers.queries import opened_snapshot

BUILD = "children.build"
_KIND = "comparison"


def make_run(run_id: uuid.UUID, *, by: Actor, now: datetime, progress: Progress) -> dict[str, Any]:
    """Compare, then write all of it down in one transaction, which also asks for the children's records.

    A run that has ended is left as it is. Raises the Refusal of the engine, and Stopped, after the run has been told.
    """
    with transaction.atomic():
        run = Run.objects.visible_to(by).select_related("county").get(pk=run_id)
        if run.state != RunState.WORKING:
            return {"run": str(run_id)}
        snapshots = {Register(snapshot.register): snapshot for snapshot in run.snapshots.all()}
        verdicts = verdicts_in_force(run.county, at=run.verdicts_at)
        places = Places(run.county.path, township_finder(run.county), school_paths(run.county))
    try:
        return _compare(run, snapshots, verdicts, places, by=by, now=now, progress=progress)
    except jobs.Superseded:  # another worker does this run: it is not ours to end
        raise
    except Refusal as refusal:
        state = RunState.CANCELLED if isinstance(refusal, jobs.Stopped) else RunState.REFUSED
        with transaction.atomic():
            Run.objects.filter(pk=run_id, state=RunState.WORKING).update(
                state=state, sentence=refusal.sentence, ended_at=now
            )
        raise


def _compare(
    run: Run,
    snapshots: Mapping[Register, Snapshot],
    verdicts: list[Verdict],
    places: Places,
    *,
    by: Actor,
    now: datetime,
    progress: Progress,
) -> dict[str, Any]:
    with storage.scratch() as scratch, _opened(snapshots) as files:
        registers = {register: RegisterRows(register, file) for register, file in files.items()}
        decided = decided_pairs(verdicts, registers)
        outcome = compare_snapshots(
            files,
            hashes={register: snapshot.sha256 for register, snapshot in snapshots.items()},
            county=run.county.code,
            county_name=run.county.name,
            as_of=run.as_of,
            now=now,
            scratch=scratch,
            decided=decided,
            progress=progress,
        )
        progress("写下结果", 0)
        findings = findings_of(run, outcome.findings, registers, places, Answers(verdicts))
        pairs = pairs_of(run, outcome.pairs, registers, places)
        people = people_of(outcome.people, places)
    with _kept(outcome, people) as kept:
        # Beyond this, stopping is too late.
        progress("写下结果", 1)
        outcome.summary["applied"] = {
            "pairs": len(decided),
            "findings": sum(finding.settled_by_id is not None for finding in findings),
        }
        return _write(run, outcome, findings, pairs, kept, by=by, now=now)


@contextmanager
def _opened(snapshots: Mapping[Register, Snapshot]) -> Iterator[dict[Register, Path]]:
    with ExitStack() as stack:
        yield {register: stack.enter_context(opened_snapshot(snapshot)) for register, snapshot in snapshots.items()}


@contextmanager
def _kept(outcome: Outcome, people: pa.Table) -> Iterator[dict[str, str]]:
    """The sealed files of a run by field, kept only if what follows succeeds."""
    kept: dict[str, str] = {}
    try:
        for field, table in (("children", outcome.children), ("links", outcome.links), ("people", people)):
            kept[field] = _keep(table)
        yield kept
    except BaseException:
        for name in kept.values():
            storage.forget(name)
        raise


def _keep(table: pa.Table) -> str:
    buffer = BytesIO()
    pq.write_table(table, buffer, compression="zstd", row_group_size=20_000)
    buffer.seek(0)
    return storage.keep(buffer, kind=_KIND)[0]


@transaction.atomic
def _write(
    run: Run, outcome: Outcome, findings: list[Finding], pairs: list[Pair], kept: dict[str, str], *, by: Actor,
    now: datetime,
) -> dict[str, Any]:  # fmt: skip
    # What was asked to stop meanwhile, or was done by a worker believed lost, is left as it is.
    if Run.objects.select_for_update(of=("self",)).get(pk=run.pk).state != RunState.WORKING:
        raise jobs.Stopped("这次比对已经由别的进程结束，没有改动任何数据。")
    insert(findings)
    insert(pairs)
    waiting = len({finding.child for finding in findings if finding.waits and finding.settled_by_id is None})
    meeting = outcome.summary.pop("meeting")
    sentence = f"比对算完了：待核 {waiting:,} 人，要看两条记录 {len(pairs):,} 对。"
    Run.objects.filter(pk=run.pk).update(
        state=RunState.DONE,
        rules_version=RULES_VERSION,
        summary=outcome.summary,
        picture={"rows": meeting, "without_finding": _without_finding(outcome.people)},
        sentence=sentence,
        ended_at=now,
        **kept,
    )
    jobs.ask(BUILD, {"run": str(run.pk)}, place_path=run.place_path, by=by, now=now)
    return {"run": str(run.pk), "findings": len(findings), "pairs": len(pairs), "sentence": sentence}


def _without_finding(people: pa.Table) -> dict[str, int]:
    """By combination: children who wait although nothing was found of them."""
    waiting: dict[str, int] = {}
    for combination, waits, kinds in zip(
        *(people[name].to_pylist() for name in ("combination", "waits", "finding_kinds")), strict=True
    ):
        if waits and not kinds:
            waiting[combination] = waiting.get(combination, 0) + 1
    return waiting
