"""Who somebody is, and which posts they hold."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q

from baoxue.access.models import Account, Post


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
