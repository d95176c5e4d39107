"""Pages for machines that watch over the system. They tell nothing of anybody."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse

from baoxue.access.gate import public
from baoxue.operation.queries import readiness
from baoxue.platform import clock


@public
@transaction.non_atomic_requests
def alive(_request: HttpRequest) -> HttpResponse:
    """The process answers, whatever else may be wrong."""
    return JsonResponse({"alive": True})


@public
@transaction.non_atomic_requests
def ready(_request: HttpRequest) -> HttpResponse:
    """Whether the whole can be used; 503 with what is missing if not."""
    found = readiness(now=clock.now())
    return JsonResponse(found, status=200 if all(found.values()) else 503)
