"""A browser in which somebody is signed in, for the tests of pages."""

from __future__ import annotations

from django.test import Client

from baoxue.access.models import Post
from baoxue.access.queries import SESSION
from baoxue.platform import clock


def client_of(post: Post) -> Client:
    """A client signed in with a post, as the sign-in page leaves it."""
    client = Client()
    session, now = client.session, clock.now().isoformat()
    session[SESSION] = {
        "account": post.account_id,
        "post": post.pk,
        "began": now,
        "seen": now,
        "factor": True,
        "way": "password",
    }
    session.save()
    client.cookies["baoxue_session"] = session.session_key
    return client
