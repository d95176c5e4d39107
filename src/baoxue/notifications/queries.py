"""What somebody was told, and how the channels do."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q, QuerySet

from baoxue.notifications.models import Channel, DeliveryState, LastLook, Notice
from baoxue.platform.actor import Actor


def notices_of(by: Actor) -> QuerySet[Notice]:
    """What an actor was told, the newest first."""
    return Notice.objects.visible_to(by).order_by("-created_at", "pk")


def last_look(by: Actor) -> datetime | None:
    """When an actor last looked at their messages in this post; None = never."""
    return LastLook.objects.filter(post=by.post_id).values_list("at", flat=True).first()


def unread(by: Actor, *, since: datetime | None) -> int:
    """How many notices came since an instant; None = all."""
    found = Notice.objects.visible_to(by)
    return (found if since is None else found.filter(created_at__gt=since)).count()


def channels_of(by: Actor) -> QuerySet[Channel]:
    """The channels of the places within reach, each with what it has still to carry (`waiting`) and gave up (`failed`)."""
    found: QuerySet[Channel] = Channel.objects.visible_to(by).select_related("jurisdiction")
    return found.annotate(
        waiting=Count("deliveries", filter=Q(deliveries__state=DeliveryState.WAITING)),
        failed=Count("deliveries", filter=Q(deliveries__state=DeliveryState.FAILED)),
    ).order_by("place_path", "pk")
