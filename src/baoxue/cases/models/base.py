"""What all tables about a case share."""

from __future__ import annotations

from django.db import models

from baoxue.platform.visible import OfChildren


class AboutChild(models.Model):
    """A row about a child, which shows where the child lives (`home_path`) and learns (`school_path`)."""

    home_path = models.CharField(max_length=200, db_collation="C")
    school_path = models.CharField(max_length=200, db_collation="C", blank=True, default="")

    objects = OfChildren.as_manager()

    class Meta:
        abstract = True


class Written(AboutChild):
    """A row somebody wrote at some instant. `by_id`: account, None = the system; `post_id`: the post they acted in."""

    written_at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    by_role = models.CharField(max_length=24, blank=True)
    post_id = models.BigIntegerField(null=True)

    class Meta:
        abstract = True
