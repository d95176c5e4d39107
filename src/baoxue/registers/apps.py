"""A register file on its way to a snapshot: recognised, checked, confirmed."""

from __future__ import annotations

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """数据接入."""

    name = "baoxue.registers"
    label = "registers"
    verbose_name = "数据接入"

    def ready(self) -> None:
        """Make the kinds of job known."""
        import baoxue.registers.tasks  # noqa: F401
