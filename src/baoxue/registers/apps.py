"""A register file on its way to a snapshot: recognised, checked, confirmed."""

from __future__ import annotations

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """数据接入."""

    name = "baoxue.registers"
    label = "registers"
    verbose_name = "数据接入"

    def ready(self) -> None:
        """Make the kinds of job known, and which files are in use."""
        import baoxue.registers.tasks  # noqa: F401
        from baoxue.platform.storage import names_in_use
        from baoxue.registers.queries import canonical_in_use, rejects_in_use, uploads_in_use

        names_in_use("uploads", uploads_in_use)
        names_in_use("canonical", canonical_in_use)
        names_in_use("rejects", rejects_in_use)
