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
        # Under new keys the words are sealed anew; nothing else of a step can be changed.
        migrations.RunSQL(
            "GRANT UPDATE (reason) ON cases_stagechange TO baoxue_app",
            "REVOKE UPDATE (reason) ON cases_stagechange FROM baoxue_app",
        ),
    ]
