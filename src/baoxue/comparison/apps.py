"""Runs of the comparison over snapshots, what they found, and what people decided."""

from __future__ import annotations

from django.apps import AppConfig


class ComparisonConfig(AppConfig):
    """四查三比对."""

    name = "baoxue.comparison"
    label = "comparison"
    verbose_name = "四查三比对"

    def ready(self) -> None:
        """Make the kinds of job known, and which files are in use."""
        import baoxue.comparison.tasks  # noqa: F401
        from baoxue.comparison.queries import files_in_use
        from baoxue.platform.storage import names_in_use

        names_in_use("comparison", files_in_use)
