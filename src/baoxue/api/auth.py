"""Who calls the API: a browser with its session (and its CSRF token), or a program with an access token.

`access.middleware` has already found out who it is; here it is only asked for.
"""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from baoxue.access.request import Request
from baoxue.platform.actor import Actor


class Session(APIKeyCookie):
    """A signed-in browser."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        """The actor of the session, once they have a password of their own."""
        account = cast(Request, request).account
        return None if account is None or account.must_change_password else cast(Request, request).actor


class Bearer(HttpBearer):
    """A program."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """The actor of the token."""
        return cast(Request, request).actor


WAYS = [Bearer(), Session(csrf=True)]
