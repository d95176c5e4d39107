from django.db import migrations

from baoxue.platform.walls import wall_by_place, wall_of_children

_CHILDREN = (
    "child",
    "source",
    "enrolment",
    "schooling",
    "groupmembership",
    "doubt",
    "merge",
    "ledgersum",
    "casestatus",
)
_PLACED = ("ledgerview", "export", "build")


def _with_room(table: str) -> migrations.RunSQL:
    """Every term changes nearly every row, in columns no index has: with room on its page a row needs no new index entry."""
    return migrations.RunSQL(f"ALTER TABLE {table} SET (fillfactor = 50)", f"ALTER TABLE {table} RESET (fillfactor)")


class Migration(migrations.Migration):
    dependencies = [("children", "0001_tables")]
    operations = [
        *(wall_of_children(f"children_{table}") for table in _CHILDREN),
        *(wall_by_place(f"children_{table}") for table in _PLACED),
        *(_with_room(f"children_{table}") for table in ("child", "source")),
    ]
