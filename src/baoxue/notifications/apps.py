from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """通知."""

    name = "baoxue.notifications"
    label = "notifications"
    verbose_name = "通知"
