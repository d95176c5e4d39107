"""Notices for programs."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, cast

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status

from baoxue.access.request import ActingRequest
from baoxue.notifications import actions, queries
from baoxue.platform import clock
from baoxue.platform.gate import api
from baoxue.platform.paging import Page, Paging, paged
from baoxue.policy.notices import NoticeKind

router = Router(tags=["消息"])


class NoticeOut(Schema):
    """One notice. `url`: path of the page where it is acted on."""

    id: uuid.UUID
    kind: NoticeKind
    sentence: str
    url: str
    created_at: datetime


class NoticePage(Page[NoticeOut]):
    """`unread`: how many came since the caller last looked."""

    unread: int


@router.get("", response=NoticePage, operation_id="notices", summary="我的消息")
@api()
def notices(request: HttpRequest, paging: Query[Paging]) -> dict[str, Any]:
    """What the caller was told, in person or in the post in force, the newest first."""
    by = cast(ActingRequest, request).actor
    told = paged(queries.notices_of(by), paging)
    return {**told, "unread": queries.unread(by, since=queries.last_look(by))}


@router.post("/seen", response={204: None}, operation_id="notices_seen", summary="都看过了")
@api()
def seen(request: HttpRequest) -> Status[None]:
    """Everything so far counts as read."""
    actions.looked(by=cast(ActingRequest, request).actor, now=clock.now())
    return Status(204, None)
