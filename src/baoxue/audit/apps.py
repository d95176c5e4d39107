from django.apps import AppConfig


class AuditConfig(AppConfig):
    """审计."""

    name = "baoxue.audit"
    label = "audit"
    verbose_name = "审计"

    def ready(self) -> None:
        """Make the kinds of job known."""
        import baoxue.audit.tasks  # noqa: F401
