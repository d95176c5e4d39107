"""Refusals become pages: one clear sentence, no traceback."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from baoxue.platform.errors import SystemRefusal
from baoxue.refusal import Refusal


class PlainTextMiddleware:
    """Refuses NUL in what is asked for: no text holds it, and the database takes it for a defect."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_of_the_view: object) -> HttpResponse | None:
        """Look at the address and at the fields of a form."""
        said = [request.path, *_values(request.GET)]
        if request.content_type == "application/x-www-form-urlencoded":
            said += _values(request.POST)
        if not any("\0" in text for text in said):
            return None
        told = {"title": "看不懂", "sentence": "内容里有不能识别的字符，请去掉后再试。"}
        return render(request, "web/refused.html", told, status=400)


def _values(query: QueryDict) -> list[str]:
    return [text for name, values in query.lists() for text in (name, *values)]


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
