from django.urls import path

from baoxue.api import pages

app_name = "contract"
urlpatterns = [
    path("openapi.json", pages.openapi, name="openapi"),
    path("docs", pages.docs, name="docs"),
]
