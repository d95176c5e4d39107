from django.apps import AppConfig


class OperationConfig(AppConfig):
    """运行."""

    name = "baoxue.operation"
    label = "operation"
    verbose_name = "运行"
