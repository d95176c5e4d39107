from django.apps import AppConfig


class PlatformConfig(AppConfig):
    """Jobs and stored files."""

    name = "baoxue.platform"
    label = "platform"
    verbose_name = "平台"
