"""Errors of the API as problem details (RFC 9457): stable `type`, Chinese `title`, what is wrong with which field."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import Http404
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError

from baoxue.platform.errors import InputRefused, SystemRefusal
from baoxue.refusal import Refusal

TYPE = "https://baoxue.example/problems/"


def problem(
    code: str, title: str, status: int, *, detail: str = "", errors: list[dict[str, Any]] | None = None
) -> HttpResponse:
    """One problem as a response."""
    body: dict[str, Any] = {"type": f"{TYPE}{code}", "title": title, "status": status}
    if detail:
        body["detail"] = detail
    if errors:
        body["errors"] = errors
    return JsonResponse(body, status=status, content_type="application/problem+json")


def _refused(_request: HttpRequest, refusal: Any) -> HttpResponse:
    if not isinstance(refusal, SystemRefusal):
        return problem(refusal.code, "没有办成", 409, detail=refusal.sentence)
    errors = None
    if isinstance(refusal, InputRefused) and refusal.field:
        errors = [{"field": refusal.field, "message": refusal.sentence}]
    return problem(refusal.code, refusal.title, refusal.status, detail=refusal.sentence, errors=errors)


def _missing(_request: HttpRequest, _error: Any) -> HttpResponse:
    return problem("not-found", "没有这一项", 404)


def _unknown(_request: HttpRequest, _error: Any) -> HttpResponse:
    return problem("not-signed-in", "请先登录，或给出有效的访问令牌", 401)


def _invalid(_request: HttpRequest, error: Any) -> HttpResponse:
    # The library's messages repeat the value that was sent; a name or a number must not come back in an error.
    errors = [
        {"field": ".".join(str(part) for part in found["loc"][1:]), "message": "缺少，或写法不对"}
        for found in error.errors
    ]
    return problem("input-refused", "填写的内容有误", 422, errors=errors)


def answer_with_problems(api: NinjaAPI) -> None:
    """Let an API answer all its errors so."""
    api.add_exception_handler(Refusal, _refused)
    api.add_exception_handler(Http404, _missing)
    api.add_exception_handler(AuthenticationError, _unknown)
    api.add_exception_handler(ValidationError, _invalid)
