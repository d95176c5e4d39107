"""Addresses of 个案."""

from __future__ import annotations

from django.urls import path

from baoxue.cases import pages

app_name = "cases"
urlpatterns = [
    path("cases/", pages.cases, name="cases"),
    path("cases/leads", pages.leads, name="leads"),
    path("cases/leads/<int:lead_id>/open", pages.open_lead, name="open_lead"),
    path("cases/<uuid:case_id>/", pages.case, name="case"),
    path("cases/<uuid:case_id>/<slug:act>", pages.act, name="act"),
    path("cases/evidence/<int:evidence_id>", pages.evidence_file, name="evidence"),
]
