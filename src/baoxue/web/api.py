"""工作台 for programs: the same lines as on the page."""

from __future__ import annotations

from datetime import date
from typing import cast

from django.http import HttpRequest
from ninja import Router, Schema

from baoxue.access.request import ActingRequest
from baoxue.platform import clock
from baoxue.platform.gate import api
from baoxue.web.tasks import Desk, Task

router = Router(tags=["我"], by_alias=True)


class TaskOut(Schema):
    """One line. `way`: place in the navigation; `number`: how much it counts; `url`: the page of the act.

    `due`, `days_left` (negative: overdue): of its deadline, null without one. `waits_for`: whose turn it is, empty: mine.
    """

    way: str
    verb: str
    what: str
    why: str
    act: str
    url: str
    number: int
    due: date | None
    days_left: int | None
    waits_for: str


@router.get("/workbench", response=list[TaskOut], operation_id="workbench", summary="工作台：要办的和等别人的事")
@api()
def workbench(request: HttpRequest) -> list[Task]:
    """What waits for the post, and for others on whom its work depends."""
    acting = cast(ActingRequest, request)
    return Desk(acting.actor, acting.post_in_force.jurisdiction, today=clock.today()).tasks()
