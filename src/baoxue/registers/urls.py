"""Addresses of 数据接入."""

from __future__ import annotations

from django.urls import path

from baoxue.registers import pages

app_name = "registers"
urlpatterns = [
    path("imports/", pages.imports, name="imports"),
    path("imports/new", pages.new, name="new"),
    path("imports/gather", pages.gather, name="gather"),
    path("imports/snapshots", pages.snapshots, name="snapshots"),
    path("imports/<uuid:pk>/", pages.one, name="import"),
    path("imports/<uuid:pk>/progress", pages.progress, name="progress"),
    path("imports/<uuid:pk>/recognised", pages.recognised, name="recognised"),
    path("imports/<uuid:pk>/rows", pages.rows, name="rows"),
    path("imports/<uuid:pk>/confirm", pages.confirmation, name="confirm"),
    path("imports/<uuid:pk>/second-look", pages.second_look, name="second_look"),
    path("imports/<uuid:pk>/again", pages.again, name="again"),
    path("imports/<uuid:pk>/cancel", pages.give_up, name="cancel"),
    path("imports/<uuid:pk>/rejected.xlsx", pages.originals, name="originals"),
    path("imports/<uuid:pk>/correct", pages.correct, name="correct"),
    path("imports/<uuid:pk>/rejects.<str:kind>", pages.rejects, name="rejects"),
]
