"""What telling people outside of the system refuses."""

from __future__ import annotations

from baoxue.platform.errors import InputRefused, SystemRefusal
from baoxue.policy.labelled import Labelled


class Trouble(Labelled):
    """Why a channel did not carry a message, as its page says it."""

    ADDRESS = "address", "地址不能用：要 https，不能指向内部网络"
    UNREACHABLE = "unreachable", "连不上"
    REFUSED = "refused", "对方没有收"
    NO_SERVER = "no_server", "还没有设置发信服务器"


class NotDelivered(SystemRefusal):
    """A message did not go out. Says why in general, never the address: whoever has it can write to the group."""

    code = "not-delivered"
    title = "没有发出去"
    status = 502

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(f"没有发出去：{trouble.label}。")
        self.trouble = trouble


class ChannelRefused(InputRefused):
    """A channel cannot be set so."""

    title = "通知渠道没有设好"
