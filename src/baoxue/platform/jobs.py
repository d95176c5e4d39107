"""Slow work as jobs in the database: progress, cancel, retry, survival of a killed worker.

A kind of job is a function registered with `@work("registers.read")`. It gets a `Running`, does its work as the actor who
asked for it, may run twice (a worker can be killed anywhere), and returns ids and counts. It calls `running.progress`
often: that also ends it when somebody asked to stop. Procrastinate brings the work to a worker.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import psycopg
import structlog
from django.db import connection, transaction
from django.db.models import F
from procrastinate.contrib.django import app

from baoxue.platform import clock
from baoxue.platform.actor import Actor
from baoxue.platform.models import Job, JobState
from baoxue.platform.scope import Scope, acting_as
from baoxue.policy.capabilities import Capability
from baoxue.refusal import Refusal

log = structlog.get_logger(__name__)

Work = Callable[["Running"], dict[str, Any]]
_kinds: dict[str, Work] = {}

MAX_ATTEMPTS = 3
# A running job tells of itself at least this often; one that is silent for longer lost its worker.
SILENT_AFTER = timedelta(seconds=60)


class Stopped(Refusal):
    """Somebody asked the job to stop."""

    code = "stopped"


@dataclass(slots=True)
class Running:
    """A job at work."""

    job: Job
    actor: Actor
    _told_at: float = field(default=0.0)

    @property
    def arguments(self) -> dict[str, Any]:
        """What the job was asked with."""
        return dict(self.job.arguments)

    def progress(self, step: str, done: int, total: int | None = None) -> None:
        """Say how far the work is, as `baoxue.progress.Progress`. Raises Stopped when somebody asked to stop.

        Written on a connection of its own: what is inside an open transaction nobody else sees.
        """
        at = monotonic()
        if at - self._told_at < 0.5 and step == self.job.step:
            return
        self._told_at = at
        self.job.step = step
        tell(self.job.pk, step=step, done=done, total=total)


def work(kind: str) -> Callable[[Work], Work]:
    """Register the function that does a kind of job."""

    def register(function: Work) -> Work:
        _kinds[kind] = function
        return function

    return register


def ask(kind: str, arguments: dict[str, Any], *, place_path: str, by: Actor, now: datetime) -> Job:
    """Ask for a job, inside the transaction of the act that needs it: if that is undone, so is the job."""
    if kind not in _kinds:
        raise LookupError(kind)
    job = Job.objects.create(
        kind=kind,
        arguments=arguments,
        place_path=place_path,
        actor=_packed(by),
        account_id=by.account_id,
        created_at=now,
    )
    run_job.defer(job_id=str(job.pk))
    return job


def ask_to_stop(job: Job) -> None:
    """Let a job end at its next step; one that waits ends at once."""
    Job.objects.filter(pk=job.pk).update(cancel_asked=True)
    Job.objects.filter(pk=job.pk, state=JobState.WAITING).update(state=JobState.CANCELLED, ended_at=clock.now())


def tell(job_id: uuid.UUID, *, step: str, done: int, total: int | None) -> None:
    """Write progress outside of any open transaction. Raises Stopped."""
    with _aside() as cursor:
        cursor.execute(
            "UPDATE platform_job SET step = %s, done = %s, total = %s, beat_at = now() WHERE id = %s"
            " RETURNING cancel_asked",
            [step[:200], done, total, job_id],
        )
        row = cursor.fetchone()
    if row is not None and row[0]:
        raise Stopped("已按要求停下，没有改动任何数据。")


@app.task(name="baoxue.run_job", queue="work")
def run_job(job_id: str) -> None:
    """Run one job to its end. Only one worker can claim it; a second run of an ended one does nothing."""
    claimed = _claim(uuid.UUID(job_id))
    if claimed is None:
        return
    running = Running(claimed, _unpacked(claimed.actor))
    with acting_as(running.actor.scope):
        try:
            result = _kinds[claimed.kind](running)
        except Stopped as refusal:
            _end(claimed, JobState.CANCELLED, sentence=refusal.sentence, code=refusal.code)
        except Refusal as refusal:
            _end(claimed, JobState.REFUSED, sentence=refusal.sentence, code=refusal.code)
        except Exception as error:
            # The one place where a defect of a job is caught: it must end, and its trace must hold no values.
            log.error("job.failed", job=job_id, kind=claimed.kind, error=type(error).__name__)
            _end(claimed, JobState.FAILED, sentence="系统出错，已有的数据都还在。请把编号告诉管理员。", code="defect")
            raise
        else:
            _end(claimed, JobState.DONE, result=result, sentence=str(result.get("sentence", "")))


def rescue(*, now: datetime) -> int:
    """Ask again for running jobs whose worker fell silent; those tried too often end as failed. Number asked again."""
    again = 0
    with acting_as(_EVERYWHERE):
        silent = list(Job.objects.filter(state=JobState.RUNNING, beat_at__lt=now - SILENT_AFTER))
        for job in silent:
            with transaction.atomic():
                mine = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)
                if job.attempts >= MAX_ATTEMPTS:
                    mine.update(
                        state=JobState.FAILED, ended_at=now, code="worker-lost", sentence="多次中断，已停止重试。"
                    )
                elif mine.update(state=JobState.WAITING, step="中断后重新开始"):
                    run_job.defer(job_id=str(job.pk))
                    again += 1
    return again


_EVERYWHERE = Scope("/", children=True, registers=frozenset({"*"}))


def _claim(job_id: uuid.UUID) -> Job | None:
    now = clock.now()
    with acting_as(_EVERYWHERE), transaction.atomic():
        claimed = Job.objects.filter(pk=job_id, state=JobState.WAITING).update(
            state=JobState.RUNNING, started_at=now, beat_at=now, attempts=F("attempts") + 1, done=0, total=None
        )
        return Job.objects.get(pk=job_id) if claimed else None


def _end(
    job: Job, state: JobState, *, result: dict[str, Any] | None = None, sentence: str = "", code: str = ""
) -> None:
    with transaction.atomic():
        Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(
            state=state, result=result or {}, sentence=sentence, code=code, ended_at=clock.now(), step=""
        )
    log.info("job.ended", job=str(job.pk), kind=job.kind, state=state.value)


def _packed(by: Actor) -> dict[str, Any]:
    return {
        "account_id": by.account_id,
        "post_id": by.post_id,
        "name": by.name,
        "role": by.role,
        "path": by.scope.path,
        "children": by.scope.children,
        "registers": sorted(by.scope.registers),
        "capabilities": sorted(capability.value for capability in by.capabilities),
        "address": by.address,
        "token_id": by.token_id,
    }


def _unpacked(packed: dict[str, Any]) -> Actor:
    return Actor(
        account_id=packed["account_id"],
        post_id=packed["post_id"],
        name=packed["name"],
        role=packed["role"],
        scope=Scope(packed["path"], children=packed["children"], registers=frozenset(packed["registers"])),
        capabilities=frozenset(Capability(code) for code in packed["capabilities"]),
        address=packed["address"],
        token_id=packed["token_id"],
    )


@contextmanager
def _aside() -> Iterator[psycopg.Cursor[Any]]:
    """A transaction on a connection of its own, for what must be seen before the work commits."""
    of = connection.settings_dict
    with (
        psycopg.connect(
            dbname=of["NAME"], user=of["USER"], password=of["PASSWORD"], host=of["HOST"], port=of["PORT"]
        ) as other,
        other.cursor() as cursor,
    ):
        for name, value in _EVERYWHERE.as_settings().items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
        yield cursor
