from django.db import migrations

from baoxue.platform.walls import at_own_place, of_oneself, of_the_system, wall, wall_by_place


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_tables")]
    operations = [
        wall(
            "notifications_notice",
            f"{of_the_system()} OR {of_oneself('account_id')} OR {at_own_place('recipient_path')}",
        ),
        wall("notifications_lastlook", f"{of_the_system()} OR {of_oneself('account_id')}"),
        wall_by_place("notifications_channel"),
        wall_by_place("notifications_delivery"),
    ]
