"""One active post per request: who acts, and within which scope."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from baoxue.access.actors import actor_of
from baoxue.access.models import Token
from baoxue.access.queries import SESSION, account_of_session, open_to, posts_in_force, token_in_force
from baoxue.access.request import Request
from baoxue.platform import clock
from baoxue.platform.actor import Actor
from baoxue.platform.scope import acting_as

# The last-seen time is written at most this often: not every look at a page is a write.
_SEEN_EVERY = timedelta(minutes=1)
_BEARER = "Bearer "
_PASSWORD = "/password"
# Who has to choose a password of their own first can do that, and leave.
_WITH_OLD_PASSWORD = (_PASSWORD, "/sign-out")
_API = "/api/"


class ActingMiddleware:
    """Sets `request.account`, `request.post_in_force` and `request.actor` (None when signed out), and acts as that actor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, plain: HttpRequest) -> HttpResponse:
        """Handle one request within the scope of its post. A token, when given, is all that counts."""
        request = cast(Request, plain)
        request.account = request.post_in_force = None
        request.posts = []
        bearer = request.headers.get("Authorization", "")
        # A token is for the API; the pages do not know it.
        by_token = bearer.startswith(_BEARER) and request.path.startswith(_API)
        actor = self._by_token(request, bearer.removeprefix(_BEARER)) if by_token else self._by_session(request)
        request.actor = actor
        if actor is None:
            return self.get_response(request)
        if self._has_given_password(request) and not request.path.startswith((*_WITH_OLD_PASSWORD, _API)):
            return HttpResponseRedirect(_PASSWORD)  # the API refuses such an account by itself
        with acting_as(actor.scope):
            return self.get_response(request)

    def _has_given_password(self, request: Request) -> bool:
        # Who came by the directory uses no password here.
        given = request.account is not None and request.account.must_change_password
        return given and request.session.get(SESSION, {}).get("way") != "directory"

    def _by_session(self, request: Request) -> Actor | None:
        now = clock.now()
        real = clock.real(now)
        request.account = account_of_session(request.session, now=real)
        if request.account is None:
            return None
        held = request.session[SESSION]
        if real - datetime.fromisoformat(held["seen"]) >= _SEEN_EVERY:
            request.session[SESSION] = {**held, "seen": real.isoformat()}
        held_today = posts_in_force(request.account, today=clock.day_of(now))
        request.posts = posts = open_to(held_today, factor=held["factor"])
        post = next((post for post in posts if post.pk == held["post"]), posts[0] if posts else None)
        request.post_in_force = post
        return None if post is None else actor_of(post, address=request.META.get("REMOTE_ADDR", ""))

    def _by_token(self, request: Request, secret: str) -> Actor | None:
        now = clock.now()
        token = token_in_force(secret, now=now)
        if token is None:
            return None
        if token.last_used_at is None or now - token.last_used_at >= _SEEN_EVERY:
            Token.objects.filter(pk=token.pk).update(last_used_at=now)
        request.account, request.post_in_force = token.post.account, token.post
        return actor_of(
            token.post,
            address=request.META.get("REMOTE_ADDR", ""),
            token_id=token.pk,
            only=frozenset(token.capabilities),
        )
