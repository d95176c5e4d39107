"""Who the caller is."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from ninja import Router, Schema

from baoxue.access.request import ActingRequest
from baoxue.platform.gate import api

router = Router(tags=["我"])


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


@router.get("/me", response=Me, operation_id="me", summary="我是谁、在哪个岗位、能做什么")
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
