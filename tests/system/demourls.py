"""The addresses of a demonstration, for tests: those of every installation and the clock's."""

from django.urls import include, path

from baoxue.api import demo
from baoxue.web.urls import handler403, handler404, handler500
from baoxue.web.urls import urlpatterns as everywhere

__all__ = ["handler403", "handler404", "handler500"]
urlpatterns = [path("api/v1/demo/", include((demo.patterns(), "demo"))), *everywhere]
