from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PlatformConfig(AppConfig):
    """Jobs and stored files."""

    name = "baoxue.platform"
    label = "platform"
    verbose_name = "平台"

    def ready(self) -> None:
        """Make the kinds of job known that the rooms do."""
        autodiscover_modules("tasks")
