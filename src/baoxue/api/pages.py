"""The contract of the API: for programs as OpenAPI, for people as a page. Both are public: they hold no data."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from baoxue.api.described import parts
from baoxue.api.root import api
from baoxue.platform.gate import public


@require_safe
@public
def openapi(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1."""
    return JsonResponse(dict(api.get_openapi_schema()), json_dumps_params={"ensure_ascii": False})


@require_safe
@public
def docs(request: HttpRequest) -> HttpResponse:
    """The same for people, made from it."""
    return render(request, "api/docs.html", {"parts": parts(dict(api.get_openapi_schema()))})
