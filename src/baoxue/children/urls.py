"""Addresses of 儿童 and 台账."""

from __future__ import annotations

from django.urls import path

from baoxue.children import childpages, ledgerpages

app_name = "children"
urlpatterns = [
    path("search", childpages.search, name="search"),
    path("children/", childpages.children, name="children"),
    path("children/doubts", childpages.doubts, name="doubts"),
    path("children/doubts/<int:doubt_id>/apart", childpages.leave_apart, name="leave_apart"),
    path("children/merges/<int:merge_id>/undo", childpages.undo, name="undo"),
    path("children/<uuid:child_id>/", childpages.child, name="child"),
    path("children/<uuid:child_id>/number", childpages.reveal, name="reveal"),
    path("children/<uuid:child_id>/rows", childpages.rows, name="rows"),
    path("children/<uuid:child_id>/merge", childpages.merge, name="merge"),
    path("children/<uuid:child_id>/split", childpages.split, name="split"),
    path("ledgers/", ledgerpages.ledgers, name="ledgers"),
    path("ledgers/views/<int:view_id>/drop", ledgerpages.drop_view, name="drop_view"),
    path("ledgers/<str:ledger>/", ledgerpages.ledger, name="ledger"),
    path("ledgers/<str:ledger>/export", ledgerpages.export, name="export_ledger"),
    path("ledgers/<str:ledger>/views", ledgerpages.save_view, name="save_view"),
    path("exports/", ledgerpages.exports, name="exports"),
    path("exports/<uuid:export_id>/", ledgerpages.one_export, name="export"),
    path("exports/<uuid:export_id>/file", ledgerpages.export_file, name="export_file"),
]
