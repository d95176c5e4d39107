"""Who somebody is, and which posts they hold."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from baoxue.access.models import Account, Post, Token
from baoxue.platform import clock
from baoxue.policy.signin import session_over

# What a session holds of who is signed in: account, post, when it began and was last seen (ISO 8601).
SESSION = "signed_in"


def account_of_session(session: Any, *, now: datetime) -> Account | None:
    """The account a session belongs to; None when signed out, when the session is over, or the account closed."""
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
            expires_at__gt=now,
            revoked_at=None,
            post__account__is_active=True,
        )
        .select_related("post__account", "post__jurisdiction")
        .first()
    )
    if token is None or token.post not in posts_in_force(token.post.account, today=clock.day_of(now)):
        return None
    return token
