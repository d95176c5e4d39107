"""Keeping accounts, posts and tokens.

An account administrator works within their place and for others only: nobody changes their own account here, and nobody
gives a post to themselves. The three administrators' posts are given from above: an account administrator of the same
place cannot make more of their own kind, nor their own auditor.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from baoxue.access.errors import PostNotGiven, TokenNotMade, UsernameTaken
from baoxue.access.models import Account, Post, SignInFailure, Token
from baoxue.access.secondfactor import random_word
from baoxue.audit.actions import record
from baoxue.audit.events import AuditEvent
from baoxue.jurisdictions.models import Jurisdiction
from baoxue.platform import clock
from baoxue.platform.actor import Actor
from baoxue.platform.clock import day_of
from baoxue.platform.errors import ChangedMeanwhile, InputRefused, NotPermitted
from baoxue.platform.scope import EVERYWHERE, acting_as
from baoxue.policy.capabilities import ADMINISTRATORS, ROLES, Capability, Department, Role
from baoxue.policy.signin import TOKEN_DAYS

_TOKEN_PREFIX = "bx_"


@transaction.atomic
def create_account(
    *, username: str, name: str, phone: str, place: Jurisdiction, by: Actor, now: datetime
) -> tuple[Account, str]:
    """A new account without posts, looked after at `place`; with its first password, to be shown once.

    Raises NotPermitted, UsernameTaken.
    """
    by.require(Capability.MANAGE_ACCOUNTS, at=place.path)
    with acting_as(EVERYWHERE):
        taken = Account.objects.filter(username=username).exists()
    if taken:
        raise UsernameTaken
    password = _first_password()
    account = Account(username=username, name=name, phone=phone, looked_after_at=place.path, created_at=now)
    account.set_password(password)
    account.save()
    record(AuditEvent.ACCOUNT_CREATED, by=by, at=now, target=account, place_path=place.path)
    return account, password


@transaction.atomic
def change_account(*, account: Account, name: str, phone: str, oidc_subject: str, by: Actor, now: datetime) -> Account:
    """Correct what is known of a person. `oidc_subject`: their name in the bureau's own directory, "" for none."""
    _require_care(account, by)
    with acting_as(EVERYWHERE):
        others = Account.objects.filter(oidc_subject=oidc_subject).exclude(pk=account.pk)
        taken = bool(oidc_subject) and others.exists()
    if taken:
        raise InputRefused("这个统一身份标识已对应另一个账户。", field="oidc_subject")
    account.name, account.phone, account.oidc_subject = name, phone, oidc_subject or None
    account.save(update_fields=["name", "phone", "oidc_subject"])
    record(AuditEvent.ACCOUNT_CHANGED, by=by, at=now, target=account, place_path=account.looked_after_at)
    return account


@transaction.atomic
def reset_password(*, account: Account, by: Actor, now: datetime) -> str:
    """A new first password, to be shown once; the account's sessions end, and the door that failures shut is open."""
    _require_care(account, by)
    password = _first_password()
    account.set_password(password)
    account.must_change_password = True
    account.password_changed_at, account.sessions_valid_from = now, clock.real(now)
    account.save(update_fields=["password", "must_change_password", "password_changed_at", "sessions_valid_from"])
    SignInFailure.objects.filter(username=account.username).delete()
    record(AuditEvent.PASSWORD_RESET, by=by, at=now, target=account, place_path=account.looked_after_at)
    return password


@transaction.atomic
def take_off_second_factor(*, account: Account, by: Actor, now: datetime) -> None:
    """For a lost telephone without recovery codes: the next sign-in sets up a new one. The account's sessions end."""
    _require_care(account, by)
    account.second_factor, account.second_factor_confirmed_at, account.recovery = "", None, []
    account.sessions_valid_from = clock.real(now)
    account.save(update_fields=["second_factor", "second_factor_confirmed_at", "recovery", "sessions_valid_from"])
    record(AuditEvent.SECOND_FACTOR_TAKEN_OFF, by=by, at=now, target=account, place_path=account.looked_after_at)


@transaction.atomic
def close_account(*, account: Account, by: Actor, now: datetime) -> None:
    """Nobody signs in with it any more: sessions and tokens end at once. Its posts and its past stay."""
    _require_care(account, by)
    if not Account.objects.filter(pk=account.pk, is_active=True).update(
        is_active=False, sessions_valid_from=clock.real(now)
    ):
        raise ChangedMeanwhile("这个账户已经停用。")
    # Also those of posts beyond the administrator's reach.
    with acting_as(EVERYWHERE):
        Token.objects.filter(post__account=account, revoked_at=None).update(revoked_at=now)
    record(AuditEvent.ACCOUNT_CLOSED, by=by, at=now, target=account, place_path=account.looked_after_at)


@transaction.atomic
def open_account(*, account: Account, by: Actor, now: datetime) -> None:
    """Let somebody sign in again; revoked tokens stay revoked."""
    _require_care(account, by)
    if not Account.objects.filter(pk=account.pk, is_active=False).update(is_active=True):
        raise ChangedMeanwhile("这个账户没有停用。")
    record(AuditEvent.ACCOUNT_OPENED, by=by, at=now, target=account, place_path=account.looked_after_at)


@transaction.atomic
def give_post(
    *,
    account: Account,
    role: Role,
    place: Jurisdiction,
    department: Department | None,
    valid_from: date,
    valid_to: date | None,
    by: Actor,
    now: datetime,
) -> Post:
    """Give an account a post, from a day on, to a day or without end. Raises NotPermitted, PostNotGiven."""
    by.require(Capability.MANAGE_ACCOUNTS, at=place.path)
    _require_care(account, by)
    _refuse_wrong_post(role, place, department, valid_from, valid_to, by)
    # One at a time for an account, or two at once could pass the check of what it holds already.
    Account.objects.select_for_update().get(pk=account.pk)
    _refuse_mixture(account, role, place, valid_from, valid_to)
    post = Post.objects.create(
        account=account,
        role=role.value,
        jurisdiction=place,
        department="" if department is None else department.value,
        valid_from=valid_from,
        valid_to=valid_to,
        given_by=by.name,
        given_at=now,
    )
    record(AuditEvent.POST_GIVEN, by=by, at=now, target=post, place_path=place.path, detail={"role": role.value})
    return post


@transaction.atomic
def end_post(*, post: Post, last_day: date, by: Actor, now: datetime) -> Post:
    """End a post after a day; one that has not begun is over before it begins. Its tokens end with it."""
    by.require(Capability.MANAGE_ACCOUNTS, at=post.jurisdiction.path)
    if post.account_id == by.account_id:
        raise PostNotGiven("自己的岗位要请别的安全管理员来终止。")
    if post.valid_to is not None and post.valid_to <= last_day:
        raise ChangedMeanwhile("这个岗位已经在那以前终止。")
    if last_day < day_of(now) - timedelta(days=1):
        raise PostNotGiven("终止日不能早于昨天：那以后他还在用这个岗位。", field="last_day")
    post.valid_from = min(post.valid_from, last_day)
    post.valid_to = last_day
    post.save(update_fields=["valid_from", "valid_to"])
    record(AuditEvent.POST_ENDED, by=by, at=now, target=post, place_path=post.jurisdiction.path)
    return post


@transaction.atomic
def create_token(
    *, post: Post, name: str, capabilities: Iterable[Capability], days: int, by: Actor, now: datetime
) -> tuple[Token, str]:
    """An access token for a program, of one's own post; with its secret, to be shown once. Raises TokenNotMade.

    A token makes no tokens: what it may do is at most what its post may do, without that.
    """
    by.require(Capability.USE_TOKENS)
    chosen = frozenset(capabilities)
    if by.token_id is not None or post.pk != by.post_id:
        raise TokenNotMade("访问令牌只能由本人登录后，为当前岗位新建。")
    if not chosen or not chosen <= by.capabilities - {Capability.USE_TOKENS}:
        raise TokenNotMade("请选当前岗位有的权限，至少一项。", field="capabilities")
    if days not in TOKEN_DAYS:
        raise TokenNotMade("有效期最长一年。", field="days")
    secret = _TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        post=post,
        name=name,
        digest=hashlib.sha256(secret.encode()).digest(),
        capabilities=sorted(capability.value for capability in chosen),
        created_at=now,
        expires_at=clock.real(now) + timedelta(days=days),
    )
    record(AuditEvent.TOKEN_CREATED, by=by, at=now, target=token, detail={"capabilities": token.capabilities})
    return token, secret


@transaction.atomic
def revoke_token(*, token: Token, by: Actor, now: datetime) -> None:
    """End a token: one's own, or one of an account one looks after."""
    if token.post.account_id != by.account_id:
        _require_care(token.post.account, by)
    if not Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        raise ChangedMeanwhile("这个访问令牌已经吊销。")
    record(AuditEvent.TOKEN_REVOKED, by=by, at=now, target=token, place_path=token.post.jurisdiction.path)


def _require_care(account: Account, by: Actor) -> None:
    by.require(Capability.MANAGE_ACCOUNTS, at=account.looked_after_at)
    if account.pk == by.account_id:
        raise NotPermitted(Capability.MANAGE_ACCOUNTS)


def _refuse_wrong_post(
    role: Role, place: Jurisdiction, department: Department | None, valid_from: date, valid_to: date | None, by: Actor
) -> None:
    if place.level not in {level.value for level in ROLES[role].levels}:
        levels = "、".join(sorted(level.label for level in ROLES[role].levels))
        raise PostNotGiven(f"“{role.label}”只能设在：{levels}。", field="place")
    if (department is None) == (role is Role.DEPARTMENT_OFFICER):
        sentence = "部门联络员要选是哪个部门。" if department is None else "只有部门联络员要选部门。"
        raise PostNotGiven(sentence, field="department")
    if valid_to is not None and valid_to < valid_from:
        raise PostNotGiven("到期日不能早于起始日。", field="valid_to")
    # A command on the machine (no account) makes the first ones.
    if role in ADMINISTRATORS and by.account_id is not None and place.path == by.scope.path:
        raise PostNotGiven(f"“{role.label}”要由上级的安全管理员来设，本级不能给本级设。", field="role")


def _refuse_mixture(account: Account, role: Role, place: Jurisdiction, valid_from: date, valid_to: date | None) -> None:
    meanwhile = Post.objects.filter(Q(valid_to=None) | Q(valid_to__gte=valid_from), account=account)
    if valid_to is not None:
        meanwhile = meanwhile.filter(valid_from__lte=valid_to)
    # Posts beyond the administrator's reach count too.
    with acting_as(EVERYWHERE):
        held = {(Role(post.role), post.jurisdiction_id) for post in meanwhile}
    if (role, place.pk) in held:
        raise PostNotGiven("这段时间他已经有这个岗位。", field="role")
    others = {held_role for held_role, _ in held} - {role}
    if others and (role in ADMINISTRATORS or others & ADMINISTRATORS):
        raise PostNotGiven("安全管理员、系统管理员、审计员各管一件事，不能和别的岗位由同一个账户担任。", field="role")


def _first_password() -> str:
    """Random, and typed by hand once: three groups of four, 60 bits."""
    return "-".join(random_word(4) for _ in range(3))
