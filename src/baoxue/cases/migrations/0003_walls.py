from django.db import migrations

from baoxue.platform.walls import append_only, wall_by_place, wall_of_children

_OF_CHILDREN = (
    "lead", "case", "stagechange", "duty", "pause", "responsible", "verification", "attempt", "aid", "evidence",
    "serveddocument", "childplan",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_more_tables")]
    operations = [
        *(wall_of_children(f"cases_{table}") for table in _OF_CHILDREN),
        wall_by_place("cases_casenumber"),
        append_only("cases_stagechange"),
    ]
