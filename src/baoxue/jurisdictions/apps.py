from django.apps import AppConfig


class JurisdictionsConfig(AppConfig):
    """辖区."""

    name = "baoxue.jurisdictions"
    label = "jurisdictions"
    verbose_name = "辖区"
