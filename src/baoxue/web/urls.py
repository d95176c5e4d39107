"""Every address of the system."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from baoxue.api import demo
from baoxue.api.root import api
from baoxue.web import pages
from baoxue.web.api import router

# The workbench knows every room, as no room below does: its operation joins the others here.
api.add_router("", router)

_FRAME = (
    [
        path("", pages.workbench, name="workbench"),
        path("waiting", pages.waiting, name="waiting"),
        path("messages", pages.own_messages, name="messages"),
        path("help", pages.help_page, name="help"),
        path("as-of", pages.as_of, name="as_of"),
        path("settings/", pages.settings, name="settings"),
    ],
    "web",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(_FRAME)),
    path("", include("baoxue.access.urls")),
    path("", include("baoxue.jurisdictions.urls")),
    path("", include("baoxue.registers.urls")),
    path("", include("baoxue.comparison.urls")),
    path("", include("baoxue.children.urls")),
    path("", include("baoxue.cases.urls")),
    path("", include("baoxue.operation.urls")),
    path("", include("baoxue.notifications.urls")),
    *([path("api/v1/demo/", include((demo.patterns(), "demo")))] if settings.DEMO else []),
    path("api/v1/", include("baoxue.api.urls")),
    path("api/v1/", api.urls),
]

handler403 = "baoxue.web.pages.not_permitted"
handler404 = "baoxue.web.pages.not_found"
handler500 = "baoxue.web.pages.defect"
