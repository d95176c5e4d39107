from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """数据接入."""

    name = "baoxue.registers"
    label = "registers"
    verbose_name = "数据接入"
