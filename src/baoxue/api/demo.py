"""What the API of a demonstration has besides: `web.urls` names it in a demonstration only."""

from __future__ import annotations

from django.db import transaction
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI

from baoxue.api.auth import WAYS
from baoxue.api.problems import answer_with_problems
from baoxue.operation.demoapi import router

api = NinjaAPI(title="保学演示", version="1", auth=WAYS, openapi_url=None, docs_url=None, urls_namespace="demo")
answer_with_problems(api)
api.add_router("", router)


def patterns() -> list[URLPattern | URLResolver]:
    """Its addresses. None of them is inside one transaction: a year is played through day by day."""
    found, _app, _namespace = api.urls
    for pattern in found:
        transaction.non_atomic_requests(pattern.callback)
    return list(found)
