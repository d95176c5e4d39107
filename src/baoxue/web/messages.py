"""What the bell shows: what a person was told, and the work they asked the system to do, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from baoxue.notifications.queries import last_look
from baoxue.notifications.queries import unread as notices_unread
from baoxue.operation.actions import came_to_nothing
from baoxue.platform.actor import Actor
from baoxue.platform.models import Job, JobState

SHOWN = 30


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a person asked for with a kind of job, in words. `address`: page of its result, which takes an `argument`."""

    words: str
    address: str = ""
    argument: str = ""


_ASKED = {
    "registers.read": _Asked("识别名册", "registers:import", "import"),
    "registers.gather": _Asked("汇总各校名册"),
    "comparison.run": _Asked("四查三比对", "comparison:run", "run"),
    "children.build": _Asked("更新儿童记录和台账", "comparison:run", "run"),
    "audit.verify": _Asked("核对审计记录", "access:audit"),
    "cases.take_up": _Asked("把属实的线索开成个案"),
    "children.export": _Asked("导出台账", "children:export", "export"),
}


@dataclass(frozen=True, slots=True)
class Message:
    """One job in words; `url` leads to its result, or to how far it is."""

    job: Job
    words: str
    url: str


def of(by: Actor) -> list[Message]:
    """The newest jobs somebody asked for."""
    jobs = Job.objects.visible_to(by).filter(account_id=by.account_id).order_by("-created_at")[:SHOWN]
    return [_message(job) for job in jobs]


def _message(job: Job) -> Message:
    asked = _ASKED.get(job.kind, _Asked("系统的一件事"))
    # What came to nothing has no result to show; its own page offers to run it again.
    result = "" if came_to_nothing(job) else _page_of(asked, job)
    return Message(job, asked.words, result or reverse("operation:job", args=[job.pk]))


def _page_of(asked: _Asked, job: Job) -> str:
    if not asked.address:
        return ""
    if not asked.argument:
        return reverse(asked.address)
    result = job.arguments.get(asked.argument)
    return reverse(asked.address, args=[result]) if result else ""


def unread(by: Actor) -> int:
    """How much is new since somebody last looked at their messages: notices, and jobs of theirs that ended."""
    since = last_look(by)
    return notices_unread(by, since=since) + _jobs_ended(by, since=since)


def _jobs_ended(by: Actor, *, since: datetime | None) -> int:
    ended = Job.objects.visible_to(by).filter(account_id=by.account_id).exclude(ended_at=None)
    ended = ended.exclude(state=JobState.CANCELLED)
    return (ended if since is None else ended.filter(ended_at__gt=since)).count()
