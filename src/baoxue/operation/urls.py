"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from baoxue.operation import pages

app_name = "operation"
urlpatterns = [
    path("jobs/<uuid:job_id>", pages.job, name="job"),
    path("jobs/<uuid:job_id>/stop", pages.stop, name="stop_job"),
    path("jobs/<uuid:job_id>/again", pages.again, name="ask_again"),
    path("settings/operation/", pages.overview, name="overview"),
    path("healthz", pages.alive, name="alive"),
    path("readyz", pages.ready, name="ready"),
    path("metrics", pages.figures, name="metrics"),
]
