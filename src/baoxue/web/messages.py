"""What the bell shows: the work a person asked the system to do, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from baoxue.platform.actor import Actor
from baoxue.platform.models import Job, JobState

SHOWN = 30
# What a person asked for when they asked for a job of this kind.
_WORDS = {
    "registers.read": "识别名册",
    "comparison.run": "四查三比对",
    "children.build": "更新儿童记录和台账",
    "children.export": "导出台账",
}


@dataclass(frozen=True, slots=True)
class Message:
    """One job in words."""

    job: Job
    words: str


def of(by: Actor) -> list[Message]:
    """The newest jobs somebody asked for."""
    jobs = Job.objects.visible_to(by).filter(account_id=by.account_id).order_by("-created_at")[:SHOWN]
    return [Message(job, _WORDS.get(job.kind, job.kind)) for job in jobs]


def unread(by: Actor, *, since: str | None) -> int:
    """How many of somebody's jobs ended since they last looked (an instant in ISO form; None = never)."""
    ended = Job.objects.visible_to(by).filter(account_id=by.account_id).exclude(ended_at=None)
    ended = ended.exclude(state=JobState.CANCELLED)
    return (ended if since is None else ended.filter(ended_at__gt=datetime.fromisoformat(since))).count()
