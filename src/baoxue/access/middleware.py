"""One active post per request: who acts, and within which scope."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse

from baoxue.access.actors import actor_of
from baoxue.access.queries import account_of_session, posts_in_force
from baoxue.access.request import Request
from baoxue.platform import clock
from baoxue.platform.scope import acting_as

SESSION_ACCOUNT = "account"
SESSION_POST = "post"


class ActingMiddleware:
    """Sets `request.account`, `request.post_in_force` and `request.actor` (None when signed out), and acts as that actor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, plain: HttpRequest) -> HttpResponse:
        """Handle one request within the scope of its post."""
        request = cast(Request, plain)
        request.account = account_of_session(request.session)
        request.post_in_force = None
        request.actor = None
        if request.account is not None:
            posts = posts_in_force(request.account, today=clock.today())
            chosen = request.session.get(SESSION_POST)
            request.post_in_force = next((post for post in posts if post.pk == chosen), posts[0] if posts else None)
        if request.post_in_force is None:
            return self.get_response(request)
        request.actor = actor_of(request.post_in_force, address=request.META.get("REMOTE_ADDR", ""))
        with acting_as(request.actor.scope):
            return self.get_response(request)
