from django.db import migrations

from baoxue.platform.walls import wall_by_place, wall_of_children

_CHILDREN = ("child", "source", "enrolment", "schooling", "groupmembership", "doubt", "merge")
_PLACED = ("ledgerview", "export", "build")


class Migration(migrations.Migration):
    dependencies = [("children", "0001_tables")]
    operations = [
        *(wall_of_children(f"children_{table}") for table in _CHILDREN),
        *(wall_by_place(f"children_{table}") for table in _PLACED),
    ]
