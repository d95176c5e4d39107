from django.apps import AppConfig


class AccessConfig(AppConfig):
    """账户与岗位."""

    name = "baoxue.access"
    label = "access"
    verbose_name = "账户与岗位"
