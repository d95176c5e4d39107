"""Slow work as jobs in the database: progress, cancel, retry, survival of a killed worker.

A kind of job is a function registered with `@work("registers.read")` in a room's `tasks.py`. It gets a `Running`, does its
work as the actor who asked for it, may run twice (a worker can be killed anywhere), and returns ids and counts. It calls
`running.progress` often: that also ends it when somebody asked to stop. `platform.worker` brings the work to a process.
"""

from __future__ import annotations

import os
import socket
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import psycopg
import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F

from baoxue.platform import clock
from baoxue.platform.actor import Actor
from baoxue.platform.models import Job, JobState
from baoxue.platform.scope import EVERYWHERE, Scope, acting_as
from baoxue.policy.capabilities import Capability
from baoxue.refusal import Refusal

log = structlog.get_logger(__name__)

Work = Callable[["Running"], dict[str, Any]]
_kinds: dict[str, Work] = {}

MAX_ATTEMPTS = 3
# A running job tells of itself every BEAT seconds; one that is silent for longer than SILENT_AFTER lost its worker.
BEAT = 4.0
SILENT_AFTER = timedelta(seconds=20)
CHANNEL = "baoxue_jobs"


class Stopped(Refusal):
    """Somebody asked the job to stop."""

    code = "stopped"


class Superseded(Refusal):
    """The job was given to another worker meanwhile, because this one had been silent for too long."""

    code = "superseded"


class JobFailed(Exception):
    """A job ended by a defect, which is its cause."""


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
        tell(self.job, step=step, done=done, total=total)


def worker_name() -> str:
    """This process, among the workers of all machines."""
    return f"{socket.gethostname()}-{os.getpid()}"[:120]


def work(kind: str) -> Callable[[Work], Work]:
    """Register the function that does a kind of job."""

    def register(function: Work) -> Work:
        _kinds[kind] = function
        return function

    return register


def kinds() -> frozenset[str]:
    """The kinds of job this installation knows."""
    return frozenset(_kinds)


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
    _wake()
    return job


def ask_to_stop(job: Job, *, now: datetime) -> None:
    """Let a job end at its next step; one that waits ends at once, one that has ended stays as it is."""
    Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(cancel_asked=True)
    Job.objects.filter(pk=job.pk, state=JobState.WAITING).update(
        state=JobState.CANCELLED, cancel_asked=True, ended_at=now, sentence=_STOPPED, code=Stopped.code
    )


def ask_again(job: Job, *, by: Actor, now: datetime) -> bool:
    """Let a job that failed or was stopped begin anew, as `by`; False when it is in another state by now."""
    ended = Job.objects.filter(pk=job.pk, state__in=[JobState.FAILED, JobState.CANCELLED])
    asked = ended.update(
        state=JobState.WAITING,
        actor=_packed(by),
        account_id=by.account_id,
        created_at=now,
        ended_at=None,
        attempts=0,
        cancel_asked=False,
        sentence="",
        code="",
    )
    _wake()
    return asked == 1


_STOPPED = "已按要求停下，没有改动任何数据。"


def tell(job: Job, *, step: str, done: int, total: int | None) -> None:
    """Write progress outside of any open transaction. Raises Stopped, Superseded."""
    with _aside() as cursor:
        cursor.execute(
            "UPDATE platform_job SET step = %s, done = %s, total = %s, beat_at = now(),"
            " step_at = CASE WHEN step = %s THEN step_at ELSE now() END"
            " WHERE id = %s AND state = 'running' AND attempts = %s RETURNING cancel_asked",
            [step[:200], done, total, step[:200], job.pk, job.attempts],
        )
        row = cursor.fetchone()
        # Inside the transaction that asked for it, as in tests, a job is not seen from here at all.
        if row is None and cursor.execute("SELECT 1 FROM platform_job WHERE id = %s", [job.pk]).fetchone():
            raise Superseded("任务中断后已由另一个进程接手。")
    if row is not None and row[0]:
        raise Stopped(_STOPPED)


def claim_next(*, now: datetime) -> Job | None:
    """The job that has waited longest, now ours; None when none waits. Workers never wait for each other here."""
    with acting_as(EVERYWHERE), transaction.atomic():
        waiting = Job.objects.filter(state=JobState.WAITING).order_by("created_at")
        job = waiting.select_for_update(skip_locked=True).first()
        return None if job is None else _claimed(job, now)


def run_job(job_id: str) -> None:
    """Run one job to its end. Only one worker can claim it; a second run of an ended one does nothing."""
    now = clock.now()
    with acting_as(EVERYWHERE), transaction.atomic():
        job = Job.objects.filter(pk=job_id, state=JobState.WAITING).select_for_update(skip_locked=True).first()
        claimed = None if job is None else _claimed(job, now)
    if claimed is not None:
        run(claimed)


def run(job: Job, *, asked_to_end: Callable[[], bool] = lambda: False) -> None:
    """Do the work of a claimed job.

    Where the database itself failed, the job is left as it is: it will be found silent and asked for again. Where this
    process was asked to end, it is given back: some libraries turn what the signal raised into an error of their own.
    """
    # A job must not believe in a day that was, after the clock of a demonstration was put forward.
    clock.look_again()
    with _beating(job):
        try:
            actor = _unpacked(job.actor)
            with acting_as(actor.scope):
                result = _kinds[job.kind](Running(job, actor))
            _end(job, JobState.DONE, result=result, sentence=str(result.get("sentence", "")))
        except Stopped as refusal:
            _end(job, JobState.CANCELLED, sentence=refusal.sentence, code=refusal.code)
        except Superseded:
            log.warning("job.superseded", job=str(job.pk), kind=job.kind)
        except Refusal as refusal:
            _end(job, JobState.REFUSED, sentence=refusal.sentence, code=refusal.code)
        except (OperationalError, InterfaceError, psycopg.OperationalError) as error:
            log.warning("job.database_lost", job=str(job.pk), kind=job.kind, error=type(error).__name__)
            raise
        except KeyboardInterrupt:
            _give_back(job)
            raise
        except Exception as error:
            if asked_to_end():
                _give_back(job)
                raise KeyboardInterrupt from error
            # The one place where a defect of a job is caught: it must end. The log gets its place, but no values.
            places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
            log.error("job.failed", job=str(job.pk), kind=job.kind, error=type(error).__name__, trace=places)
            _end(job, JobState.FAILED, sentence="系统出错，已有的数据都还在。请把编号告诉管理员。", code="defect")
            raise JobFailed from error


def rescue(*, now: datetime) -> int:
    """Ask again for running jobs whose worker fell silent; those tried too often end as failed. Number asked again.

    `now`: of the machine's own clock, as are signs of life.
    """
    again = 0
    with acting_as(EVERYWHERE), transaction.atomic():
        silent = Job.objects.filter(state=JobState.RUNNING, beat_at__lt=now - SILENT_AFTER)
        for job in silent.select_for_update(skip_locked=True):
            mine = Job.objects.filter(pk=job.pk)
            if job.cancel_asked:
                mine.update(
                    state=JobState.CANCELLED, ended_at=clock.now(), sentence=_STOPPED, code=Stopped.code, step=""
                )
            elif job.attempts >= MAX_ATTEMPTS:
                mine.update(
                    state=JobState.FAILED,
                    ended_at=clock.now(),
                    code="worker-lost",
                    sentence="多次中断，已停止重试。",
                    step="",
                )
            else:
                mine.update(state=JobState.WAITING, step="中断后重新开始")
                _wake()
                again += 1
    return again


def _claimed(job: Job, now: datetime) -> Job:
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, started_at=now, beat_at=clock.real(now), attempts=F("attempts") + 1, done=0, total=None
    )
    return Job.objects.get(pk=job.pk)


def _end(
    job: Job, state: JobState, *, result: dict[str, Any] | None = None, sentence: str = "", code: str = ""
) -> None:
    with acting_as(EVERYWHERE), transaction.atomic():
        Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts).update(
            state=state, result=result or {}, sentence=sentence, code=code, ended_at=clock.now(), step=""
        )
    log.info("job.ended", job=str(job.pk), kind=job.kind, state=state.value)


def _give_back(job: Job) -> None:
    """Let another worker begin the job anew: this one was asked to end."""
    with acting_as(EVERYWHERE), transaction.atomic():
        mine = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)
        mine.update(state=JobState.WAITING, step="中断后重新开始")
        _wake()


def _wake() -> None:
    """Tell the workers, at the end of this transaction, that something waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])


@contextmanager
def _beating(job: Job) -> Iterator[None]:
    """Let the job and its worker tell of themselves, from a thread and a connection of its own, also during silent work."""
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(BEAT):
            try:
                with _aside() as cursor:
                    cursor.execute(
                        "UPDATE platform_job SET beat_at = now() WHERE id = %s AND state = 'running' AND attempts = %s",
                        [job.pk, job.attempts],
                    )
                    cursor.execute("UPDATE platform_worker SET beat_at = now() WHERE name = %s", [worker_name()])
            except psycopg.OperationalError:
                # The database is away for a moment; the next beat tries again.
                log.warning("job.beat_missed", job=str(job.pk))

    thread = threading.Thread(target=beat, name=f"beat-{job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


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
        scope=Scope(
            packed["path"],
            children=packed["children"],
            registers=frozenset(packed["registers"]),
            account=packed["account_id"],
        ),
        # One that a later version no longer knows gives nothing.
        capabilities=frozenset(Capability(code) for code in packed["capabilities"] if code in set(Capability)),
        address=packed["address"],
        token_id=packed["token_id"],
    )


@contextmanager
def _aside() -> Iterator[psycopg.Cursor[Any]]:
    """A transaction on a connection of its own, for what must be seen before the work commits."""
    with connect_aside() as other, other.cursor() as cursor:
        for name, value in EVERYWHERE.as_settings().items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
        yield cursor


def connect_aside(*, autocommit: bool = False) -> psycopg.Connection[Any]:
    """A new connection to the database Django uses, outside of its pool."""
    of = connection.settings_dict
    options = {name: value for name, value in of["OPTIONS"].items() if name != "pool"}
    return psycopg.connect(
        **options,
        dbname=of["NAME"],
        user=of["USER"],
        password=of["PASSWORD"],
        host=of["HOST"],
        port=of["PORT"],
        autocommit=autocommit,
        connect_timeout=10,
    )
