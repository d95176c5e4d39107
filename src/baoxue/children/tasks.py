"""Slow work of this room. Each job is one transaction: outside of one there is no scope, and no row shows."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from django.db import transaction

from baoxue.children.actions import EXPORT
from baoxue.children.answers import answers_of
from baoxue.children.build import build
from baoxue.children.export import make_export
from baoxue.children.models import Export
from baoxue.children.widerows import RunFiles
from baoxue.comparison.models import Run
from baoxue.comparison.queries import opened_children
from baoxue.platform import clock, storage
from baoxue.platform.jobs import Running, work
from baoxue.policy.registers import Register
from baoxue.registers.queries import opened_snapshot


@work("children.build")
@transaction.atomic
def build_records(running: Running) -> dict[str, Any]:
    """Take a run over into the records."""
    run = Run.objects.get(pk=running.arguments["run"])
    with ExitStack() as opened:
        scratch = opened.enter_context(storage.scratch())
        snapshots = {
            Register(snapshot.register): opened.enter_context(opened_snapshot(snapshot))
            for snapshot in run.snapshots.all()
        }
        files = RunFiles(opened.enter_context(opened_children(run)), snapshots, answers_of(run))
        counts = build(run, files, scratch=scratch, now=clock.now(), progress=running.progress)
    return {
        "run": str(run.pk),
        "sentence": f"台账已按 {run.as_of} 的名册更新：{counts.children:,} 人，新建 {counts.new:,} 人，"
        f"名册里不再有的 {counts.gone:,} 人。",
        **{name: getattr(counts, name) for name in counts.__slots__},
    }


@work(EXPORT)
@transaction.atomic
def export(running: Running) -> dict[str, Any]:
    """Make the workbook of a ledger."""
    made = make_export(
        Export.objects.get(pk=running.arguments["export"]), by=running.actor, now=clock.now(), progress=running.progress
    )
    return {"export": str(made.pk), "rows": made.rows, "sentence": f"导出好了，{made.rows:,} 行。"}
