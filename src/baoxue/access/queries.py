"""Who somebody is, and which posts they hold."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from baoxue.access.models import Account, Post, Token
from baoxue.jurisdictions.models import Jurisdiction
from baoxue.platform import clock
from baoxue.platform.actor import Actor
from baoxue.policy.capabilities import ROLES, Role
from baoxue.policy.signin import session_over

# What a session holds of who is signed in: account, post, when it began and was last seen (ISO 8601), and whether a second
# factor was given (`factor`).
SESSION = "signed_in"


def account_of_session(session: Any, *, now: datetime) -> Account | None:
    """The account a session belongs to; None when signed out, when the session is over, or the account closed.

    `now`: of the machine's own clock. How long somebody has been at the keyboard is no matter of the day it is said to be.
    """
    held = session.get(SESSION)
    if held is None or session_over(
        began=datetime.fromisoformat(held["began"]), last_seen=datetime.fromisoformat(held["seen"]), now=now
    ):
        return None
    account = Account.objects.filter(pk=held["account"], is_active=True).first()
    valid_from = None if account is None else account.sessions_valid_from
    if valid_from is not None and datetime.fromisoformat(held["began"]) < valid_from:
        return None
    return account


def posts_in_force(account: Account, *, today: date) -> list[Post]:
    """The posts an account holds on a day, with their places."""
    return list(
        Post.objects.filter(Q(valid_to=None) | Q(valid_to__gte=today), account=account, valid_from__lte=today)
        .select_related("jurisdiction", "account")
        .order_by("pk")
    )


def token_in_force(secret: str, *, now: datetime) -> Token | None:
    """The access token with this secret, if it holds now: not revoked or expired, its post in force, account open."""
    token = (
        Token.objects.filter(
            digest=hashlib.sha256(secret.encode()).digest(),
            expires_at__gt=clock.real(now),
            revoked_at=None,
            post__account__is_active=True,
        )
        .select_related("post__account", "post__jurisdiction")
        .first()
    )
    if token is None or token.post not in posts_in_force(token.post.account, today=clock.day_of(now)):
        return None
    return token


def open_to(posts: list[Post], *, factor: bool) -> list[Post]:
    """The posts one can act in after this way of signing in: those that ask for a second factor only with one."""
    return [post for post in posts if factor or not ROLES[Role(post.role)].second_factor]


def accounts_of(by: Actor, *, words: str, role: str, closed: bool, today: date) -> QuerySet[Account]:
    """Accounts an administrator sees, by name, with their posts within reach in `posts_here`.

    `words`: part of the name or account name, "" = all; `role`: code of a role held today, "" = any.
    """
    in_force = Q(valid_to=None) | Q(valid_to__gte=today)
    accounts = Account.objects.visible_to(by).filter(is_active=not closed)
    if words:
        accounts = accounts.filter(Q(name__contains=words) | Q(username__icontains=words))
    if role in set(Role):
        accounts = accounts.filter(pk__in=Post.objects.visible_to(by).filter(in_force, role=role).values("account"))
    here = Post.objects.visible_to(by).filter(in_force).select_related("jurisdiction").order_by("pk")
    return accounts.prefetch_related(Prefetch("posts", queryset=here, to_attr="posts_here")).order_by("name", "pk")


def posts_of(account: Account, by: Actor) -> QuerySet[Post]:
    """All posts of an account within an administrator's reach, the newest first."""
    return Post.objects.visible_to(by).filter(account=account).select_related("jurisdiction").order_by("-pk")


def tokens_of(account: Account) -> QuerySet[Token]:
    """The tokens of an account, the newest first."""
    return Token.objects.filter(post__account=account).select_related("post__jurisdiction").order_by("-pk")


def places_of(by: Actor, *, limit: int = 400) -> QuerySet[Jurisdiction]:
    """Places within an actor's reach, to choose from; the first `limit` by path."""
    reach = Jurisdiction.objects.filter(path__gte=by.scope.low, path__lt=by.scope.high, valid_to=None)
    return reach.order_by("path")[:limit]


def place_by_code(code: str, by: Actor) -> Jurisdiction | None:
    """The place with this code, within an actor's reach."""
    return Jurisdiction.objects.filter(path__gte=by.scope.low, path__lt=by.scope.high, code=code).first()
