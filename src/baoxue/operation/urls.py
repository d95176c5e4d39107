"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from baoxue.operation import pages

app_name = "operation"
urlpatterns = [
    path("healthz", pages.alive, name="alive"),
    path("readyz", pages.ready, name="ready"),
]
