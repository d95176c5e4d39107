"""Refusals become pages: one clear sentence, no traceback."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from baoxue.platform.errors import SystemRefusal
from baoxue.refusal import Refusal


class RefusalMiddleware:
    """Turns a Refusal that leaves a page into a page of its own (the API does it for itself)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal; anything else is a defect and goes its way."""
        if not isinstance(exception, Refusal):
            return None
        status = exception.status if isinstance(exception, SystemRefusal) else 409
        title = exception.title if isinstance(exception, SystemRefusal) else "没有办成"
        if request.headers.get("HX-Request"):
            # Part of a page: what stands there stays, and the refusal comes as a message.
            answer = render(request, "web/refused_part.html", {"title": title, "sentence": exception.sentence})
            answer["HX-Reswap"] = "none"
            return answer
        return render(request, "web/refused.html", {"title": title, "sentence": exception.sentence}, status=status)
