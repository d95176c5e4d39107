"""Jobs for programs."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, cast

from django.http import HttpRequest
from ninja import Router, Schema

from baoxue.access.request import ActingRequest
from baoxue.operation import actions
from baoxue.operation.queries import job_of, progress_of
from baoxue.platform import clock
from baoxue.platform.gate import api
from baoxue.platform.models import Job

router = Router(tags=["任务"])


class JobOut(Schema):
    """How far a job is and how it ended. `done` of `total` parts of its step, mostly rows."""

    id: uuid.UUID
    kind: str
    state: str
    step: str
    done: int
    total: int | None
    seconds_left: int | None
    sentence: str
    code: str
    result: dict[str, Any]
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


def _told(job: Job) -> dict[str, Any]:
    fields = {name: getattr(job, name) for name in JobOut.model_fields if name != "seconds_left"}
    return {**fields, "seconds_left": progress_of(job, now=clock.real_now()).seconds_left}


@router.get("/{uuid:job_id}", response=JobOut, operation_id="get_job", summary="任务的进度和结果")
@api()
def get_job(request: HttpRequest, job_id: uuid.UUID) -> dict[str, Any]:
    """State, progress and result of one job."""
    return _told(job_of(cast(ActingRequest, request).actor, job_id))


@router.post("/{uuid:job_id}/stop", response=JobOut, operation_id="stop_job", summary="停下任务")
@api()
def stop_job(request: HttpRequest, job_id: uuid.UUID) -> dict[str, Any]:
    """Let a job end at its next step; what it has not finished is undone."""
    acting = cast(ActingRequest, request)
    return _told(actions.stop_job(job=job_of(acting.actor, job_id), by=acting.actor, now=clock.now()))


@router.post("/{uuid:job_id}/again", response=JobOut, operation_id="ask_job_again", summary="重新运行任务")
@api()
def ask_again(request: HttpRequest, job_id: uuid.UUID) -> dict[str, Any]:
    """Have a job done that failed or was stopped; 409 when there is nothing to do again."""
    acting = cast(ActingRequest, request)
    return _told(actions.ask_again(job=job_of(acting.actor, job_id), by=acting.actor, now=clock.now()))
