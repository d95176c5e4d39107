"""Telling people something, and setting by which ways word of it goes outside."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from baoxue.audit.actions import record
from baoxue.audit.events import AuditEvent
from baoxue.jurisdictions.models import Jurisdiction
from baoxue.notifications.channels.mail import addresses_in
from baoxue.notifications.channels.webhook import url_of
from baoxue.notifications.errors import ChannelRefused, NotDelivered
from baoxue.notifications.models import Channel, Delivery, DeliveryState, LastLook, Notice
from baoxue.notifications.recipients import Recipient
from baoxue.notifications.sending import try_channel
from baoxue.platform.actor import Actor
from baoxue.platform.logs import mask
from baoxue.platform.scope import EVERYWHERE, acting_as
from baoxue.policy.capabilities import Capability
from baoxue.policy.notices import FORGOTTEN, KEPT_FOR, ChannelKind, NoticeKind


@transaction.atomic
def notify(
    *,
    to: Recipient | Iterable[Recipient],
    kind: NoticeKind,
    sentence: str,
    url: str,
    key: str,
    place_path: str,
    now: datetime,
) -> int:
    """Tell each recipient once, in the transaction of the act that gives reason to; gives how many were not told before.

    `key`: what it is about, e.g. `duty:17:reminder:2025-10-14`; a recipient who was told under it is not told again.
    `sentence`: whole, at most 400 characters; it may name a child, but holds no number of a person. `url`: path of a page,
    with ids alone in it. The channels of a recipient's place (else of `place_path`) carry word of it outside.
    """
    if not url.startswith("/") or "?" in url:
        raise ValueError("a notice leads to a page of the system, by its path alone")
    people = [to] if isinstance(to, Recipient) else list(dict.fromkeys(to))
    asked = [
        Notice(
            key=key, recipient=one.address, account_id=one.account_id, recipient_path=one.path,
            kind=NoticeKind(kind).value, sentence=mask(sentence), url=url, place_path=place_path, created_at=now,
        )
        for one in people
    ]  # fmt: skip
    # Whoever is told may sit above or beside the reach of whoever acts, as a letter goes past one's own office.
    with acting_as(EVERYWHERE):
        Notice.objects.bulk_create(asked, ignore_conflicts=True)
        told = list(Notice.objects.filter(pk__in=[one.pk for one in asked]))
        _hand_over(told, now=now)
    return len(told)


def _hand_over(told: list[Notice], *, now: datetime) -> None:
    """Give the channels of the recipients' places what they have to carry."""
    places = {one.recipient_path or one.place_path for one in told}
    channels: dict[str, list[Channel]] = {}
    for channel in Channel.objects.filter(place_path__in=places, is_active=True).defer("address"):
        channels.setdefault(channel.place_path, []).append(channel)
    Delivery.objects.bulk_create(
        [
            Delivery(notice=one, channel=channel, place_path=channel.place_path, created_at=now)
            for one in told
            for channel in channels.get(one.recipient_path or one.place_path, ())
        ]
    )


def forget_old(*, now: datetime) -> int:
    """Clear what the notices of a year ago said; gives their number. That they were told stays: nobody is told again."""
    old = Notice.objects.filter(created_at__lt=now - KEPT_FOR).exclude(sentence=FORGOTTEN)
    return old.update(sentence=FORGOTTEN)


def looked(*, by: Actor, now: datetime) -> None:
    """Note that somebody looked at their messages in the post they act in: what comes later is new."""
    if by.post_id is not None and by.account_id is not None:
        LastLook.objects.update_or_create(post_id=by.post_id, defaults={"account_id": by.account_id, "at": now})


@transaction.atomic
def add_channel(
    *, place: Jurisdiction, kind: ChannelKind, name: str, address: str, by: Actor, now: datetime
) -> Channel:
    """Let word of what the posts of a place are told go out by a new channel. Raises NotPermitted, ChannelRefused."""
    by.require(Capability.OPERATE, at=place.path)
    channel = Channel.objects.create(
        jurisdiction=place, place_path=place.path, kind=kind.value, name=name, address=_sound(kind, address),
        created_at=now, created_by_name=by.name, next_try_at=now,
    )  # fmt: skip
    record(AuditEvent.CHANNEL_SET, by=by, at=now, target=channel, detail={"act": "add", "kind": kind.value})
    return channel


@transaction.atomic
def change_channel(*, channel: Channel, name: str, address: str, is_active: bool, by: Actor, now: datetime) -> Channel:
    """Change a channel; `address` "" keeps the one it has. Switched off it carries nothing, also not what waited for it.

    Whatever went wrong before is tried anew. Raises NotPermitted, ChannelRefused.
    """
    by.require(Capability.OPERATE, at=channel.place_path)
    channel.name, channel.is_active = name, is_active
    if address:
        channel.address = _sound(ChannelKind(channel.kind), address)
    channel.next_try_at, channel.failures = now, 0
    channel.save(update_fields=["name", "address", "is_active", "next_try_at", "failures"])
    if not is_active:
        waiting = Delivery.objects.filter(channel=channel, state=DeliveryState.WAITING)
        waiting.update(state=DeliveryState.FAILED)
    act = "change" if is_active else "off"
    record(AuditEvent.CHANNEL_SET, by=by, at=now, target=channel, detail={"act": act, "kind": channel.kind})
    return channel


def send_trial(*, channel: Channel, by: Actor, now: datetime) -> None:
    """Send a trial message. Raises NotPermitted, NotDelivered.

    Not atomic on purpose: nothing in the database waits for a server elsewhere.
    """
    by.require(Capability.OPERATE, at=channel.place_path)
    with transaction.atomic():
        record(AuditEvent.CHANNEL_TRIED, by=by, at=now, target=channel, detail={"kind": channel.kind})
    try_channel(channel)


def _sound(kind: ChannelKind, address: str) -> str:
    address = address.strip()
    try:
        if kind is ChannelKind.MAIL:
            if not addresses_in(address):
                raise ChannelRefused("请填至少一个邮箱。", field="address")
        else:
            url_of(address)
    except ValidationError:
        raise ChannelRefused("有的邮箱写法不对；几个邮箱用逗号隔开。", field="address") from None
    except NotDelivered:
        raise ChannelRefused("地址要以 https:// 开头，从群机器人的设置里整个复制。", field="address") from None
    return address
