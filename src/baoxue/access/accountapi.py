"""Accounts and posts, for the account administrator's programs: the same acts as the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Annotated, Any, cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status

from baoxue.access import actions, queries
from baoxue.access.forms import AccountForm, NewAccountForm, PostForm
from baoxue.access.models import Account, Post
from baoxue.access.request import ActingRequest
from baoxue.jurisdictions.models import Jurisdiction
from baoxue.platform import clock
from baoxue.platform.actor import Actor
from baoxue.platform.errors import InputRefused
from baoxue.platform.gate import api
from baoxue.platform.paging import Page, Paging, paged
from baoxue.policy.capabilities import Capability, Department, Role

router = Router(tags=["账户与岗位"], by_alias=True)
_NO_PLACE = "没有这个机构，或者它不在本岗位范围内。请核对代码。"


class PostOut(Schema):
    """A role at a place for a time, both days included. `department`: of a department's officer."""

    id: int
    role: str
    place_code: str
    place_name: str
    department: str
    valid_from: date
    valid_to: date | None

    @staticmethod
    def resolve_place_code(post: Post) -> str:
        """Code of its place."""
        return post.jurisdiction.code

    @staticmethod
    def resolve_place_name(post: Post) -> str:
        """Name of its place."""
        return post.jurisdiction.name


class AccountOut(Schema):
    """One person's way in. `looked_after_at`: path of the place whose administrator looks after it."""

    id: int
    username: str
    name: str
    is_active: bool
    must_change_password: bool
    looked_after_at: str
    created_at: datetime


class AccountWhole(AccountOut):
    """An account with its posts within reach, the newest first."""

    posts: list[PostOut]


class PasswordOut(AccountOut):
    """An account with its first password: shown this once, to be changed at the first sign-in."""

    password: str


class AccountIn(Schema):
    """A new account. `place`: code of the place that looks after it."""

    username: str
    name: str
    place: str
    phone: str = ""


class PersonIn(Schema):
    """Corrections of an account; what is left out stays as it is."""

    name: str | None = None
    phone: str | None = None
    oidc_subject: str | None = None


class PostIn(Schema):
    """A post to give; without `valid_from` from today on, without `valid_to` without an end."""

    role: Role
    place: str
    department: Department | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class EndIn(Schema):
    """`last_day`: the last day of the post, yesterday at the earliest, which is also what nothing said means."""

    last_day: date | None = None


@router.get("/accounts", response=Page[AccountOut], operation_id="accounts", summary="账户")
@api(Capability.MANAGE_ACCOUNTS)
def accounts(
    request: HttpRequest,
    paging: Query[Paging],
    q: Annotated[str, Query(description="姓名或账户名的一部分")] = "",
    role: Role | None = None,
    closed: bool = False,
) -> dict[str, Any]:
    """Accounts within reach, by name."""
    chosen = "" if role is None else role.value
    listed = queries.accounts_of(_by(request), words=q.strip(), role=chosen, closed=closed, today=clock.today())
    return paged(listed, paging)


@router.post("/accounts", response={201: PasswordOut}, operation_id="create_account", summary="新建账户")
@api(Capability.MANAGE_ACCOUNTS)
def create(request: HttpRequest, response: HttpResponse, given: AccountIn) -> Status[dict[str, Any]]:
    """A new account; the answer holds its first password."""
    said = _checked(NewAccountForm(given.dict()))
    place = _place(said.pop("place"), _by(request))
    made, password = actions.create_account(**said, place=place, by=_by(request), now=clock.now())
    return Status(201, _with_password(response, made, password))


@router.get("/accounts/{int:account_id}", response=AccountWhole, operation_id="account", summary="一个账户")
@api(Capability.MANAGE_ACCOUNTS)
def one(request: HttpRequest, account_id: int) -> dict[str, Any]:
    """One account, with its posts."""
    shown = _account(request, account_id)
    return {**_told(shown), "posts": list(queries.posts_of(shown, _by(request)))}


@router.patch("/accounts/{int:account_id}", response=AccountOut, operation_id="change_account", summary="改账户")
@api(Capability.MANAGE_ACCOUNTS)
def change(request: HttpRequest, account_id: int, given: PersonIn) -> Account:
    """Correct what is known of the person."""
    shown = _account(request, account_id)
    known = {"name": shown.name, "phone": shown.phone, "oidc_subject": shown.oidc_subject or ""}
    said = _checked(AccountForm(known | given.dict(exclude_none=True)))
    return actions.change_account(account=shown, **said, by=_by(request), now=clock.now())


@router.post(
    "/accounts/{int:account_id}/password", response=PasswordOut, operation_id="reset_password", summary="重置密码"
)
@api(Capability.MANAGE_ACCOUNTS)
def reset_password(request: HttpRequest, response: HttpResponse, account_id: int) -> dict[str, Any]:
    """A new first password; whoever is signed in with the account is signed out."""
    shown = _account(request, account_id)
    password = actions.reset_password(account=shown, by=_by(request), now=clock.now())
    return _with_password(response, shown, password)


@router.post("/accounts/{int:account_id}/close", response=AccountOut, operation_id="close_account", summary="停用账户")
@api(Capability.MANAGE_ACCOUNTS)
def close(request: HttpRequest, account_id: int) -> Account:
    """Nobody signs in with it any more; its tokens end."""
    return _act(request, account_id, actions.close_account)


@router.post("/accounts/{int:account_id}/open", response=AccountOut, operation_id="open_account", summary="恢复账户")
@api(Capability.MANAGE_ACCOUNTS)
def reopen(request: HttpRequest, account_id: int) -> Account:
    """Let somebody sign in again."""
    return _act(request, account_id, actions.open_account)


@router.post(
    "/accounts/{int:account_id}/posts", response={201: PostOut}, operation_id="give_post", summary="给一个岗位"
)
@api(Capability.MANAGE_ACCOUNTS)
def give_post(request: HttpRequest, account_id: int, given: PostIn) -> Status[Post]:
    """Give a post."""
    shown, today = _account(request, account_id), clock.today()
    form = PostForm({"valid_from": today, **given.dict(exclude_none=True)}, today=today)
    said = _checked(form)
    post = actions.give_post(
        account=shown,
        role=given.role,
        place=_place(said["place"], _by(request)),
        department=given.department,
        valid_from=said["valid_from"],
        valid_to=said["valid_to"],
        by=_by(request),
        now=clock.now(),
    )
    return Status(201, post)


@router.post("/posts/{int:post_id}/end", response=PostOut, operation_id="end_post", summary="终止岗位")
@api(Capability.MANAGE_ACCOUNTS)
def end_post(request: HttpRequest, post_id: int, given: EndIn) -> Post:
    """End a post."""
    by = _by(request)
    post = get_object_or_404(Post.objects.visible_to(by).select_related("jurisdiction"), pk=post_id)
    last_day = given.last_day or clock.today() - timedelta(days=1)
    return actions.end_post(post=post, last_day=last_day, by=by, now=clock.now())


def _by(request: HttpRequest) -> Actor:
    return cast(ActingRequest, request).actor


def _account(request: HttpRequest, account_id: int) -> Account:
    return get_object_or_404(Account.objects.visible_to(_by(request)), pk=account_id)


def _act(request: HttpRequest, account_id: int, act: Callable[..., None]) -> Account:
    shown = _account(request, account_id)
    act(account=shown, by=_by(request), now=clock.now())
    shown.refresh_from_db()
    return shown


def _checked(form: forms.Form) -> dict[str, Any]:
    """What the page's form makes of the values. Raises InputRefused, with the first field that is wrong."""
    for field, sentences in form.errors.items():
        raise InputRefused(str(sentences[0]), field=field)
    return form.cleaned_data


def _place(code: str, by: Actor) -> Jurisdiction:
    place = queries.place_by_code(code, by)
    if place is None:
        raise InputRefused(_NO_PLACE, field="place")
    return place


def _told(account: Account) -> dict[str, Any]:
    return {name: getattr(account, name) for name in AccountOut.model_fields}


def _with_password(response: HttpResponse, account: Account, password: str) -> dict[str, Any]:
    response["Cache-Control"] = "no-store"
    return {**_told(account), "password": password}
