from django.apps import AppConfig


class ChildrenConfig(AppConfig):
    """儿童与台账."""

    name = "baoxue.children"
    label = "children"
    verbose_name = "儿童与台账"
