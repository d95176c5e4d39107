from django.db import migrations

from baoxue.platform.walls import append_only, wall_by_register


class Migration(migrations.Migration):
    dependencies = [("registers", "0001_tables")]
    operations = [
        wall_by_register("registers_snapshot"),
        wall_by_register("registers_import"),
        append_only("registers_snapshot"),
    ]
