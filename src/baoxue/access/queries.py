"""Who somebody is, and which posts they hold."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from baoxue.access.models import Account, Post, Token
from baoxue.platform import clock


def account_of_session(session: Any) -> Account | None:
    """The account a session belongs to; None when signed out or the account is closed."""
    pk = session.get("account")
    return None if pk is None else Account.objects.filter(pk=pk, is_active=True).first()


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
