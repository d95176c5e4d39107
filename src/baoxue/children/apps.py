"""One record per child, and the three ledgers."""

from __future__ import annotations

from django.apps import AppConfig


class ChildrenConfig(AppConfig):
    """儿童与台账."""

    name = "baoxue.children"
    label = "children"
    verbose_name = "儿童与台账"

    def ready(self) -> None:
        """Make the kinds of job known, and which files are in use."""
        import baoxue.children.tasks  # noqa: F401
        from baoxue.children.export import files_in_use
        from baoxue.platform import clock
        from baoxue.platform.storage import names_in_use

        names_in_use("exports", lambda: files_in_use(now=clock.now()))
