from django.db import migrations

from baoxue.platform.walls import wall_by_place, wall_of_children


class Migration(migrations.Migration):
    dependencies = [("comparison", "0001_tables")]
    operations = [
        wall_by_place("comparison_run"),
        wall_of_children("comparison_finding"),
        wall_of_children("comparison_pair"),
        wall_of_children("comparison_verdict"),
    ]
