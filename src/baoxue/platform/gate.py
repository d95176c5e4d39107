"""The gate before every page: each says what it needs, and a test walks all of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from baoxue.platform.actor import Actor
from baoxue.policy.capabilities import Capability


class ActorRequest(HttpRequest):
    """The request behind the gate: somebody acts, by now. Rooms above `access` know more of it (`access.request`)."""

    actor: Actor


P = ParamSpec("P")
R = TypeVar("R")
Req = TypeVar("Req", bound=HttpRequest)
SIGN_IN = "/sign-in"

# What a page may need besides capabilities.
PUBLIC = "public"
SIGNED_IN = "signed_in"


def page(
    *needs: Capability,
) -> Callable[[Callable[Concatenate[Req, P], HttpResponse]], Callable[..., HttpResponse]]:
    """A page for those who hold one of these capabilities; without any, for everybody who is signed in."""

    def gate(view: Callable[Concatenate[Req, P], HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: Req, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            actor: Actor | None = getattr(request, "actor", None)
            if actor is None:
                return to_sign_in(request)
            if needs and not any(actor.can(need) for need in needs):
                actor.require(needs[0])
            return view(request, *args, **kwargs)

        guarded.needs = needs or SIGNED_IN  # type: ignore[attr-defined]
        return guarded

    return gate


def public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for everybody, also without signing in."""
    marked = cast(Any, view)
    marked.needs = PUBLIC
    return view


def api(*needs: Capability) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """An API operation for those who hold one of these capabilities; without any, for everybody known.

    Goes directly over the function, under the router's decorator. That somebody is known is the router's business.
    """

    def gate(operation: Callable[P, R]) -> Callable[P, R]:
        @wraps(operation)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            actor = cast(ActorRequest, args[0]).actor
            if needs and not any(actor.can(need) for need in needs):
                actor.require(needs[0])
            return operation(*args, **kwargs)

        guarded.needs = needs or SIGNED_IN  # type: ignore[attr-defined]
        # The router reads the types of the parameters, which are written as text in the operation's own module.
        guarded.__signature__ = inspect.signature(operation, eval_str=True)  # type: ignore[attr-defined]
        return guarded

    return gate


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, and back here afterwards; a part of a page (htmx) makes the whole page go."""
    where = f"{SIGN_IN}?{urlencode({'next': request.get_full_path()})}"
    if request.headers.get("HX-Request"):
        answer = HttpResponse(status=401)
        answer["HX-Redirect"] = SIGN_IN
        return answer
    return HttpResponseRedirect(where)
