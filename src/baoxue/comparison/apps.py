from django.apps import AppConfig


class ComparisonConfig(AppConfig):
    """四查三比对."""

    name = "baoxue.comparison"
    label = "comparison"
    verbose_name = "四查三比对"
