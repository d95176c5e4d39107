"""What every page's frame shows: navigation, post in force, place."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of the frame (`web/base.html`)."""
    return {
        "actor": getattr(request, "actor", None),
        "account": getattr(request, "account", None),
        "post_in_force": getattr(request, "post_in_force", None),
    }
