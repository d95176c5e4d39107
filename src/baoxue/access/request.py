"""The request as pages get it, once `ActingMiddleware` has seen it."""

from __future__ import annotations

from django.http import HttpRequest

from baoxue.access.models import Account, Post
from baoxue.platform.actor import Actor


class Request(HttpRequest):
    """`account`: who is signed in. `post_in_force`: the post they act in. `actor`: what both come to. None = nobody.

    `posts`: all posts the account holds today, which it may switch between.
    """

    account: Account | None
    posts: list[Post]
    post_in_force: Post | None
    actor: Actor | None


class ActingRequest(Request):
    """The request of a page behind the gate: somebody acts, by now."""

    account: Account
    post_in_force: Post
    actor: Actor
