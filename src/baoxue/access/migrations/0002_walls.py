from django.db import migrations

from baoxue.platform.walls import of_oneself, unless_nobody_acts, wall, within

_POST_HERE = f"""
EXISTS (SELECT FROM jurisdictions_jurisdiction AS place WHERE place.id = jurisdiction_id AND {within("place.path")})
"""
_ACCOUNT_WITH_POST_HERE = """
id IN (SELECT post.account_id FROM access_post AS post)
"""
_OF_A_POST_THAT_SHOWS = """
EXISTS (SELECT FROM access_post AS post WHERE post.id = post_id)
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0001_tables"), ("jurisdictions", "0001_tables")]
    operations = [
        wall("access_post", unless_nobody_acts(f"{of_oneself('account_id')} OR {_POST_HERE}")),
        wall(
            "access_account",
            unless_nobody_acts(f"{of_oneself('id')} OR {within('looked_after_at')} OR {_ACCOUNT_WITH_POST_HERE}"),
        ),
        wall("access_token", unless_nobody_acts(_OF_A_POST_THAT_SHOWS)),
    ]
