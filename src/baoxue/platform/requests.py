"""One log line and one measurement for each request: what was asked for, how it ended, how long it took.

The route stands for the address: an address may hold what somebody looked for.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import Histogram

log = structlog.get_logger(__name__)

SECONDS = Histogram(
    "baoxue_request_seconds",
    "Time to answer a request, by route, method and status.",
    ["route", "method", "status"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 1.0, 2.5, 10.0),
)
_LONGEST_ADDRESS = 45  # IPv6 with an IPv4 part, as text
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class RequestMiddleware:
    """Goes first: everything a request costs is inside. Each request gets a number, which log lines of it share."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, measure, write it down."""
        _see_through_the_proxy(request)
        number, began = secrets.token_hex(6), time.monotonic()
        with structlog.contextvars.bound_contextvars(request=number):
            answer = self.get_response(request)
            took = time.monotonic() - began
            match = request.resolver_match
            route = "(none)" if match is None else match.route
            method = request.method if request.method in _METHODS else "OTHER"
            SECONDS.labels(route, method, str(answer.status_code)).observe(took)
            actor = getattr(request, "actor", None)
            log.info(
                "request",
                route=route,
                method=method,
                status=answer.status_code,
                ms=round(took * 1000, 1),
                account=None if actor is None else actor.account_id,
            )
        answer["X-Request-Id"] = number
        return answer


def _see_through_the_proxy(request: HttpRequest) -> None:
    """Let the address of a request be its sender's, where a proxy that is trusted passed it on.

    The last address counts: the proxy itself wrote it, those before it anybody may have written.
    """
    passed_on = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if passed_on and request.META.get("REMOTE_ADDR") in settings.TRUSTED_PROXIES:
        request.META["REMOTE_ADDR"] = passed_on.rsplit(",", 1)[-1].strip()[:_LONGEST_ADDRESS]
