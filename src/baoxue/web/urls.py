"""Every address of the system."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from baoxue.api.root import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
]
