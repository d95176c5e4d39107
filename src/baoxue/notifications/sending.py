"""Word of notices goes out by the channels: at least once, several as one message, and no channel waits for another."""

from __future__ import annotations

import time
from collections import Counter
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef

from baoxue.notifications import channels
from baoxue.notifications.errors import NotDelivered, Trouble
from baoxue.notifications.models import Channel, Delivery, DeliveryState
from baoxue.platform.scope import EVERYWHERE, acting_as
from baoxue.policy.notices import ChannelKind, NoticeKind, words_outside

log = structlog.get_logger(__name__)

# While one worker carries a message, no other takes up the channel; one that was killed meanwhile leaves it for so long.
_TAKEN_FOR = timedelta(minutes=2)
# The robots of a group take some twenty messages a minute.
_BETWEEN = timedelta(seconds=4)
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
# What could not be told for so long is in the system to be read; nobody is helped by it coming still.
_GIVEN_UP_AFTER = timedelta(days=2)
_AT_ONCE = 500
# A round ends after so many seconds, or the worker's other work would wait for slow servers.
_ROUND_SECONDS = 30.0


def send_waiting(*, now: datetime) -> int:
    """Let every channel that may be tried carry what waits for it; gives the number of messages that went out."""
    until = time.monotonic() + _ROUND_SECONDS
    waits = Exists(Delivery.objects.filter(channel=OuterRef("pk"), state=DeliveryState.WAITING))
    due = Channel.objects.filter(waits, is_active=True, next_try_at__lte=now).order_by("next_try_at", "pk")
    sent = 0
    for key in list(due.values_list("pk", flat=True)):
        if time.monotonic() < until:
            sent += _send_by(key, now=now)
    return sent


def try_channel(channel: Channel) -> None:
    """Carry a message that says it is a trial. Outside of any transaction. Raises NotDelivered."""
    channels.send(
        ChannelKind(channel.kind), channel.address, f"【保学】这是一条试发的消息，收到就说明设好了。{_link('')}"
    )


def wait_after(failures: int) -> timedelta:
    """How long nothing is tried after so many failures one after the other: twice as long each time, to a limit."""
    return min(_FIRST_WAIT * (1 << min(failures - 1, 20)), _LONGEST_WAIT)


def _send_by(key: int, *, now: datetime) -> bool:
    with acting_as(EVERYWHERE):
        mine = Channel.objects.filter(pk=key, is_active=True, next_try_at__lte=now)
        if mine.update(next_try_at=now + _TAKEN_FOR) != 1:
            return False
        channel = Channel.objects.get(pk=key)
        waiting = Delivery.objects.filter(channel=key, state=DeliveryState.WAITING).select_related("notice")
        carried = list(waiting.order_by("created_at", "pk")[:_AT_ONCE])
        try:
            channels.send(ChannelKind(channel.kind), channel.address, _text(carried))
        except NotDelivered as failure:
            _put_off(channel, carried, failure.trouble, now=now)
            return False
        _done(channel, carried, now=now)
    return True


def _text(carried: list[Delivery]) -> str:
    """What is said outside: how many of what, and where to sign in."""
    kinds = Counter(NoticeKind(one.notice.kind) for one in carried)
    return words_outside(kinds) + _link(carried[0].notice.url if len(carried) == 1 else "/messages")


def _link(path: str) -> str:
    return f"\n{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else ""


@transaction.atomic
def _done(channel: Channel, carried: list[Delivery], *, now: datetime) -> None:
    rows = Delivery.objects.filter(pk__in=[one.pk for one in carried])
    rows.update(state=DeliveryState.SENT, sent_at=now, attempts=F("attempts") + 1)
    Channel.objects.filter(pk=channel.pk).update(
        next_try_at=now + _BETWEEN, failures=0, last_sent_at=now, last_error=""
    )
    log.info("notices.sent", channel=channel.pk, notices=len(carried))


@transaction.atomic
def _put_off(channel: Channel, carried: list[Delivery], trouble: Trouble, *, now: datetime) -> None:
    rows = Delivery.objects.filter(pk__in=[one.pk for one in carried])
    rows.update(attempts=F("attempts") + 1)
    rows.filter(created_at__lt=now - _GIVEN_UP_AFTER).update(state=DeliveryState.FAILED)
    failures = channel.failures + 1
    Channel.objects.filter(pk=channel.pk).update(
        next_try_at=now + wait_after(failures), failures=failures, last_error=trouble.value
    )
    log.warning("notices.not_sent", channel=channel.pk, notices=len(carried), error=trouble.value, failures=failures)
