"""Addresses of 个案."""

from __future__ import annotations

from django.urls import path

from baoxue.cases import leadpages, pages

app_name = "cases"
urlpatterns = [
    path("cases/", pages.cases, name="cases"),
    path("cases/leads", leadpages.leads, name="leads"),
    path("cases/leads/report", leadpages.report, name="report"),
    path("cases/leads/<int:lead_id>/", leadpages.lead, name="lead"),
    path("cases/leads/<int:lead_id>/open", leadpages.open_lead, name="open_lead"),
    path("cases/leads/<int:lead_id>/add-child", leadpages.add_child, name="add_child"),
    path("cases/leads/<int:lead_id>/set-aside", leadpages.set_lead_aside, name="set_aside"),
    path("cases/<uuid:case_id>/", pages.case, name="case"),
    path("cases/<uuid:case_id>/<slug:act>", pages.act, name="act"),
    path("cases/evidence/<int:evidence_id>", pages.evidence_file, name="evidence"),
]
