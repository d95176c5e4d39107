"""Notices to people, the channels that carry word of them outside, and what each channel still has to carry."""

from __future__ import annotations

import uuid
from typing import Self

from django.db import models

from baoxue.access.models import Post
from baoxue.jurisdictions.models import Jurisdiction, choices
from baoxue.notifications.recipients import addresses_of
from baoxue.platform.actor import Actor
from baoxue.platform.fields import ProtectedTextField
from baoxue.platform.visible import ByPlace
from baoxue.policy.labelled import Labelled
from baoxue.policy.notices import ChannelKind, NoticeKind


class NoticeRows(models.QuerySet["Notice"]):
    """Notices as those see them to whom they are addressed."""

    def visible_to(self, by: Actor) -> Self:
        """The actor's own: to their account, to the post they act in, to whoever holds their role at their place."""
        return self.filter(recipient__in=addresses_of(by))


class Notice(models.Model):
    """Something one recipient is told. `key`: what it is about; the same recipient is told once of it.

    `recipient`: address (`notifications.recipients`); `account_id` of the person where it names one, else
    `recipient_path`, the place of the role. `sentence` may name a child: it shows inside the system only. `url`: path of
    the page where it is acted on. `place_path`: where the matter belongs.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=200)
    recipient = models.CharField(max_length=260, db_collation="C")
    account_id = models.BigIntegerField(null=True)
    recipient_path = models.CharField(max_length=200, db_collation="C", blank=True, default="")
    kind = models.CharField(max_length=24, choices=choices(NoticeKind))
    sentence = models.CharField(max_length=400)
    url = models.CharField(max_length=200)
    place_path = models.CharField(max_length=200, db_collation="C")
    created_at = models.DateTimeField()

    objects = NoticeRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "recipient"], name="notice_once"),
            models.CheckConstraint(
                condition=models.Q(account_id__isnull=False) ^ ~models.Q(recipient_path=""),
                name="notice_to_a_person_or_to_a_role",
            ),
        ]
        indexes = [models.Index(fields=["recipient", "-created_at"], name="notices_of_recipient")]


class LastLook(models.Model):
    """When a post last looked at its messages: later ones count as unread."""

    post = models.OneToOneField(Post, on_delete=models.PROTECT, primary_key=True, related_name="+")
    account_id = models.BigIntegerField()
    at = models.DateTimeField()


class Channel(models.Model):
    """A way out of the system for one place: what its posts are told of is announced there.

    `address`: of the webhook, or mail addresses with commas between. After a failure nothing is tried before
    `next_try_at`; `failures` counts those since the last success, `last_error` is the code of the last one.
    """

    jurisdiction = models.ForeignKey(Jurisdiction, on_delete=models.PROTECT, related_name="+")
    place_path = models.CharField(max_length=200, db_collation="C")
    kind = models.CharField(max_length=12, choices=choices(ChannelKind))
    name = models.CharField(max_length=60)
    address = ProtectedTextField()
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    created_by_name = models.CharField(max_length=120)
    next_try_at = models.DateTimeField()
    failures = models.IntegerField(default=0)
    last_sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=40, blank=True, default="")

    objects = ByPlace.as_manager()

    class Meta:
        indexes = [models.Index(fields=["place_path"], name="channels_of_place")]


class DeliveryState(Labelled):
    """Where a delivery stands."""

    WAITING = "waiting", "等待发送"
    SENT = "sent", "已发出"
    FAILED = "failed", "没有发出"


class Delivery(models.Model):
    """Word of one notice on its way out by one channel; several go out as one message."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="deliveries")
    place_path = models.CharField(max_length=200, db_collation="C")
    state = models.CharField(max_length=12, choices=choices(DeliveryState), default=DeliveryState.WAITING.value)
    attempts = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    objects = ByPlace.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once_by_channel"),
            models.CheckConstraint(
                condition=models.Q(state="sent", sent_at__isnull=False)
                | (~models.Q(state="sent") & models.Q(sent_at=None)),
                name="delivery_sent_at_an_instant",
            ),
        ]
        indexes = [
            models.Index(
                fields=["channel", "created_at"], name="deliveries_waiting", condition=models.Q(state="waiting")
            )
        ]
