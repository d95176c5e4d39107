"""Who the caller is; and the audit record, for the auditor's programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, cast

from django.http import HttpRequest
from ninja import Query, Router, Schema

from baoxue.access.request import ActingRequest
from baoxue.audit import queries
from baoxue.platform.gate import api
from baoxue.policy.capabilities import Capability

router = Router()


class Place(Schema):
    """A place in the tree."""

    code: str
    name: str
    level: str


class Me(Schema):
    """The caller: account, post, place, and what they may do here."""

    username: str
    name: str
    role: str
    role_name: str
    department: str
    place: Place
    capabilities: list[str]


@router.get("/me", response=Me, operation_id="me", tags=["我"], summary="我是谁、在哪个岗位、能做什么")
@api()
def me(request: HttpRequest) -> dict[str, object]:
    """The account, the post in force, and its capabilities (of a token: those it was limited to)."""
    acting = cast(ActingRequest, request)
    post = acting.post_in_force
    return {
        "username": acting.account.username,
        "name": acting.account.name,
        "role": post.role,
        "role_name": post.get_role_display(),
        "department": post.department,
        "place": post.jurisdiction,
        "capabilities": sorted(capability.value for capability in acting.actor.capabilities),
    }


class EntryOut(Schema):
    """One act or one look. `event`: code; `detail`: codes and counts."""

    id: int
    at: datetime
    event: str
    actor_name: str
    role: str
    address: str
    place_path: str
    target_type: str
    target_id: str
    detail: dict[str, Any]


class Entries(Schema):
    """A part of the record, the newest first. `before`: ask with it for the next part; null at the end."""

    items: list[EntryOut]
    before: int | None


@router.get("/audit", response=Entries, operation_id="list_audit", tags=["审计"], summary="审计记录，新的在前")
@api(Capability.READ_AUDIT)
def audit(
    request: HttpRequest,
    event: Annotated[str, Query(description="哪一种事，代码")] = "",
    q: Annotated[str, Query(description="姓名的一部分，或网络地址")] = "",
    first: Annotated[date | None, Query(description="从哪天起")] = None,
    last: Annotated[date | None, Query(description="到哪天止，含当天")] = None,
    target_type: Annotated[str, Query(description="对什么，类型")] = "",
    target_id: Annotated[str, Query(description="对什么，编号")] = "",
    before: Annotated[int | None, Query(description="上一部分给出的 before")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> dict[str, object]:
    """Entries within the auditor's place."""
    asked = queries.Asked(
        event=event, words=q, first=first, last=last, target_type=target_type, target_id=target_id, before=before
    )
    rows = list(queries.entries(cast(ActingRequest, request).actor, asked)[: limit + 1])
    return {"items": rows[:limit], "before": rows[limit - 1].pk if len(rows) > limit else None}
