"""The audit record: who did and who saw what. Rows are added, never changed."""

from __future__ import annotations

from django.db import models

from baoxue.platform.visible import ByPlace


class Entry(models.Model):
    """One act or one look.

    `event`: code of `audit.events`. `place_path`: where it belongs. `target_type`, `target_id`: what it was done to.
    `detail`: codes and counts, never personal data.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    event = models.CharField(max_length=60)
    account_id = models.BigIntegerField(null=True)
    post_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=120)
    role = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=45, blank=True)
    place_path = models.CharField(max_length=200, db_collation="C")
    target_type = models.CharField(max_length=60, blank=True)
    target_id = models.CharField(max_length=60, blank=True)
    detail = models.JSONField(default=dict)

    objects = ByPlace.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["place_path", "-id"], name="audit_by_place"),
            models.Index(fields=["target_type", "target_id", "-id"], name="audit_by_target"),
            models.Index(fields=["account_id", "-id"], name="audit_by_account"),
        ]


class Link(models.Model):
    """An entry's place in the chain. Written by the database when the entry is committed; the application only reads.

    `position`: 1, 2, 3 … without gaps. `previous`: the digest before, empty for the first. `digest`: SHA-256 over `previous`
    and the content of the entry (`audit.chain`).
    """

    position = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="link")
    previous = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)
