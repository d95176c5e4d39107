"""The clock of a demonstration, for programs; no other installation has these operations."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.http import HttpRequest
from ninja import Router, Schema

from baoxue.access.request import ActingRequest
from baoxue.operation.democlock import move_clock
from baoxue.platform import clock
from baoxue.platform.errors import InputRefused
from baoxue.platform.gate import api

router = Router(tags=["演示"])


class Clock(Schema):
    """What the clock says, or shall say: an instant with its offset, `2025-10-14T08:00:00+08:00`."""

    now: datetime


def _told(instant: datetime) -> Clock:
    return Clock(now=instant.astimezone(clock.ZONE))


@router.get("/clock", response=Clock, operation_id="get_demo_clock", summary="演示时钟现在几点")
@api()
def get_clock(request: HttpRequest) -> Clock:
    """What the clock says."""
    return _told(clock.now())


@router.post("/clock", response=Clock, operation_id="move_demo_clock", summary="把演示时钟往后拨")
@api()
def post_clock(request: HttpRequest, given: Clock) -> Clock:
    """Put the clock forward; answers once everything that falls due on the way is done."""
    if given.now.tzinfo is None:
        raise InputRefused("时间要带时区，如 2025-10-14T08:00:00+08:00。", field="now")
    return _told(move_clock(to=given.now, by=cast(ActingRequest, request).actor))
