"""One record per child, and the three ledgers."""

from __future__ import annotations

from django.apps import AppConfig


class ChildrenConfig(AppConfig):
    """儿童与台账."""

    name = "baoxue.children"
    label = "children"
    verbose_name = "儿童与台账"

    def ready(self) -> None:
        """Make the kinds of job known."""
        import baoxue.children.tasks  # noqa: F401
