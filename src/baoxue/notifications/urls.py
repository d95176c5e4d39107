"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from baoxue.notifications import pages

app_name = "notifications"
urlpatterns = [
    path("settings/channels/", pages.channels, name="channels"),
    path("settings/channels/<int:channel_id>/", pages.channel, name="channel"),
    path("settings/channels/<int:channel_id>/trial", pages.trial, name="trial"),
]
