"""The ways out of the system: each carries a text to an address, or raises NotDelivered."""

from __future__ import annotations

from baoxue.notifications.channels import mail, webhook
from baoxue.policy.notices import ChannelKind


def send(kind: ChannelKind, address: str, text: str) -> None:
    """Carry a text out. Takes some ten seconds at most. Raises NotDelivered."""
    if kind is ChannelKind.MAIL:
        mail.send(address, text)
    else:
        webhook.send(kind, address, text)
