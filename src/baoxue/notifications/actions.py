"""Telling people something."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from baoxue.notifications.models import Channel, Delivery, Notice
from baoxue.notifications.recipients import Recipient
from baoxue.platform.logs import mask
from baoxue.platform.scope import EVERYWHERE, acting_as
from baoxue.policy.notices import NoticeKind


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
