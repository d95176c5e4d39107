"""A browser in which somebody is signed in, for the tests of pages."""

from __future__ import annotations

from django.test import Client

from baoxue.access.middleware import SESSION_ACCOUNT, SESSION_POST
from baoxue.access.models import Post


def client_of(post: Post) -> Client:
    """A client signed in with a post, as the sign-in page leaves it."""
    client = Client()
    session = client.session
    session[SESSION_ACCOUNT] = post.account_id
    session[SESSION_POST] = post.pk
    session.save()
    client.cookies["baoxue_session"] = session.session_key
    return client
