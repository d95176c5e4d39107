"""Signing in and out: who it is, whether the door is open, what the session holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q

from baoxue.access import secondfactor
from baoxue.access.actors import actor_of
from baoxue.access.errors import CodeRefused, DoorShut, NobodyOfThisName, NoPost, PasswordRefused, SignInRefused
from baoxue.access.models import Account, Post, SignInFailure
from baoxue.access.queries import posts_in_force
from baoxue.audit.actions import record
from baoxue.audit.events import AuditEvent
from baoxue.platform import clock
from baoxue.platform.actor import Actor, system_actor
from baoxue.platform.clock import day_of
from baoxue.platform.scope import acting_as
from baoxue.policy.capabilities import ROLES, Role
from baoxue.policy.signin import (
    ACCOUNT_TRIES,
    ACCOUNT_WINDOW,
    ADDRESS_TRIES,
    ADDRESS_WINDOW,
    KEPT_FAILURES,
    locked_until,
    may_be_account_name,
    password_faults,
)


def sign_in(*, username: str, password: str, address: str, now: datetime) -> Account:
    """The account of a name and a password. Raises DoorShut, SignInRefused, NoPost.

    Not atomic on purpose: the failure that is written down must stay when the refusal is raised.
    """
    username = username.strip()[:60]
    if not may_be_account_name(username):
        username = ""
    # Counted as failed until it is known to be right: many tries at the same moment see each other.
    mine = SignInFailure.objects.create(username=username, address=address, at=now)
    try:
        _refuse_when_shut(username, address, before=mine, now=now)
    except DoorShut:
        mine.delete()
        raise
    account = Account.objects.filter(username=username).first()
    if account is None:
        make_password(password)
    # Every answer takes as long as a wrong password: the time tells nobody which accounts exist, or are closed.
    right = account is not None and account.check_password(password)
    if account is None or not right or not account.is_active:
        _put_refusal_on_record(username, address, now=now)
        raise SignInRefused
    mine.delete()
    if not posts_in_force(account, today=day_of(now)):
        raise NoPost
    return account


def needs_second_factor(account: Account, *, now: datetime) -> bool:
    """Whether any post of the account asks for a one-time code."""
    return any(ROLES[Role(post.role)].second_factor for post in posts_in_force(account, today=day_of(now)))


@transaction.atomic
def check_code(*, account: Account, code: str, address: str, now: datetime) -> bool:
    """Whether a one-time or recovery code is right; one that was right does not work again. Raises DoorShut."""
    known = Account.objects.select_for_update().get(pk=account.pk)
    _refuse_when_shut(account.username, address, now=now)
    step = secondfactor.step_of(code, secret=known.second_factor, now=clock.real(now))
    if step is not None and step > known.second_factor_last_step:
        known.second_factor_last_step = step
        known.save(update_fields=["second_factor_last_step"])
        return True
    digest = secondfactor.recovery_digest(code)
    if digest in known.recovery:
        known.recovery = [kept for kept in known.recovery if kept != digest]
        known.save(update_fields=["recovery"])
        return True
    write_failure(account.username, address, now=now)
    return False


@transaction.atomic
def begin_second_factor(*, account: Account) -> str:
    """A fresh secret for an account that has none confirmed; it counts once `confirm_second_factor` saw a right code."""
    if account.second_factor_confirmed_at is not None:
        return account.second_factor
    if not account.second_factor:
        account.second_factor = secondfactor.new_secret()
        account.save(update_fields=["second_factor"])
    return account.second_factor


@transaction.atomic
def confirm_second_factor(*, account: Account, code: str, by: Actor, now: datetime) -> list[str]:
    """Take a first right code; gives the recovery codes, to be shown once. Raises CodeRefused."""
    step = secondfactor.step_of(code, secret=account.second_factor, now=clock.real(now))
    if step is None:
        raise CodeRefused
    codes, account.recovery = secondfactor.new_recovery_codes()
    account.second_factor_confirmed_at, account.second_factor_last_step = now, step
    account.save(update_fields=["recovery", "second_factor_confirmed_at", "second_factor_last_step"])
    record(AuditEvent.SECOND_FACTOR_SET, by=by, at=now, target=account, place_path=by.scope.path)
    return codes


def change_password(*, account: Account, old: str | None, new: str, by: Actor, now: datetime) -> None:
    """Give an account a new password; its other sessions end. `old` None: not asked for. Raises PasswordRefused, DoorShut.

    Not atomic on purpose: a wrong old password counts as a failed sign-in, and must stay written down.
    """
    if old is not None:
        _refuse_when_shut(account.username, by.address, now=now)
        if not account.check_password(old):
            write_failure(account.username, by.address, now=now)
            raise PasswordRefused("原密码不对。", field="old")
    _set_password(account, new, by=by, now=now)


@transaction.atomic
def _set_password(account: Account, new: str, *, by: Actor, now: datetime) -> None:
    if account.check_password(new):
        raise PasswordRefused("新密码不能和原来的一样。", field="new")
    faults = password_faults(new, username=account.username, name=account.name)
    if faults:
        raise PasswordRefused(" ".join(faults), field="new")
    account.set_password(new)
    account.must_change_password = False
    account.password_changed_at, account.sessions_valid_from = now, clock.real(now)
    account.save(update_fields=["password", "must_change_password", "password_changed_at", "sessions_valid_from"])
    record(AuditEvent.PASSWORD_CHANGED, by=by, at=now, target=account, place_path=by.scope.path)


def account_of_subject(subject: str, *, address: str, now: datetime) -> Account:
    """The open account that carries a person's name in the directory. Raises NobodyOfThisName, NoPost.

    Nothing is made: who has no account here has none, whatever the directory says.
    """
    account = Account.objects.filter(oidc_subject=subject, is_active=True).first()
    if account is None:
        write_failure("", address, now=now)
        raise NobodyOfThisName
    if not posts_in_force(account, today=day_of(now)):
        raise NoPost
    return account


def opened(*, post: Post, way: str, address: str, now: datetime) -> Actor:
    """Put on record that somebody came in with a post, and by which way; gives the actor they are."""
    actor = actor_of(post, address=address)
    with acting_as(actor.scope), transaction.atomic():
        record(AuditEvent.SIGNED_IN, by=actor, at=now, target=post, detail={"way": way})
    SignInFailure.objects.filter(username=post.account.username).delete()
    Account.objects.filter(pk=post.account_id).update(last_login=now)
    _sweep(now=now)
    return actor


def _sweep(*, now: datetime) -> None:
    """Take away what nobody needs any more: sessions that are over, failures no door counts."""
    SignInFailure.objects.filter(at__lt=now - KEPT_FAILURES).delete()
    Session.objects.filter(expire_date__lt=clock.real(now)).delete()


def write_failure(username: str, address: str, *, now: datetime) -> None:
    """Write down a refused try, for the lockout and for the record."""
    SignInFailure.objects.create(username=username, address=address, at=now)
    _put_refusal_on_record(username, address, now=now)


def _put_refusal_on_record(username: str, address: str, *, now: datetime) -> None:
    known = Post.objects.filter(account__username=username).select_related("jurisdiction", "account").first()
    path = "/" if known is None else known.jurisdiction.path
    door = replace(system_actor("登录", path=path), address=address)
    with acting_as(door.scope), transaction.atomic():
        record(AuditEvent.SIGN_IN_REFUSED, by=door, at=now, target=None if known is None else known.account)


def _refuse_when_shut(username: str, address: str, *, before: SignInFailure | None = None, now: datetime) -> None:
    since = now - 2 * max(ACCOUNT_WINDOW, ADDRESS_WINDOW)
    found = SignInFailure.objects.filter(Q(username=username) | Q(address=address), at__gte=since)
    if before is not None:
        found = found.filter(pk__lt=before.pk)
    failures = list(found.values_list("username", "address", "at"))
    doors = (
        ([at for name, _, at in failures if name == username], ACCOUNT_TRIES, ACCOUNT_WINDOW),
        ([at for _, from_address, at in failures if from_address == address], ADDRESS_TRIES, ADDRESS_WINDOW),
    )
    for tries, limit, window in doors:
        until = locked_until(tries, tries=limit, window=window)
        if until is not None and until > now:
            raise DoorShut(until)
