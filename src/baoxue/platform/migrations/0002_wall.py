from django.db import migrations

from baoxue.platform.walls import wall_by_place


class Migration(migrations.Migration):
    dependencies = [("platform", "0001_tables")]
    operations = [wall_by_place("platform_job")]
