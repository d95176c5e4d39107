"""Cases: from a lead to the closure."""

from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """个案."""

    name = "baoxue.cases"
    label = "cases"
    verbose_name = "个案"

    def ready(self) -> None:
        """Make known what falls due daily, and which files are in use."""
        import baoxue.cases.tasks  # noqa: F401
        from baoxue.cases.evidence import files_in_use
        from baoxue.platform.storage import names_in_use

        names_in_use("evidence", files_in_use)
