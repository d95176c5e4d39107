"""Addresses of 四查三比对."""

from __future__ import annotations

from django.urls import path

from baoxue.comparison import pages, reviewpages

app_name = "comparison"
urlpatterns = [
    path("comparisons/", pages.latest, name="latest"),
    path("comparisons/all", pages.runs, name="runs"),
    path("comparisons/new", pages.new, name="new"),
    path("comparisons/verdicts", reviewpages.verdicts, name="verdicts"),
    path("comparisons/verdicts/<int:verdict_id>/withdraw", reviewpages.withdraw, name="withdraw"),
    path("comparisons/findings/<int:finding_id>", reviewpages.finding, name="finding"),
    path("comparisons/pairs/<int:pair_id>", reviewpages.pair, name="pair"),
    path("comparisons/<uuid:run_id>/", pages.run, name="run"),
    path("comparisons/<uuid:run_id>/findings", pages.findings, name="findings"),
    path("comparisons/<uuid:run_id>/progress", pages.progress, name="progress"),
    path("comparisons/<uuid:run_id>/stop", pages.stop, name="stop"),
    path("comparisons/<uuid:run_id>/again", pages.again, name="again"),
    path("comparisons/<uuid:run_id>/children/<slug:combination>", pages.children, name="children"),
    path("comparisons/<uuid:run_id>/changes", pages.changes, name="changes"),
    path("comparisons/<uuid:run_id>/pairs", reviewpages.queue, name="pairs"),
    path("comparisons/<uuid:run_id>/pairs/undo", reviewpages.undo, name="undo"),
]
