"""Refusals of the system: one class each, with a stable code, a Chinese title and an HTTP status.

One place turns them into problem details (`api/`), one into a page (`web/`), one into a line and an exit code (`cli/`).
"""

from __future__ import annotations

from typing import ClassVar

from baoxue.policy.capabilities import Capability
from baoxue.refusal import Refusal


class SystemRefusal(Refusal):
    """Something the system will not do. `title` is the same for all of a class, `sentence` tells of this one."""

    code = "refused"
    title: ClassVar[str] = "没有办成"
    status: ClassVar[int] = 409


class NotPermitted(SystemRefusal):
    """The post in force may not do this."""

    code = "not-permitted"
    title = "当前岗位没有这项权限"
    status = 403

    def __init__(self, capability: Capability) -> None:
        super().__init__(f"当前岗位不能“{capability.label}”。如有需要，请换一个岗位，或请账户管理员授权。")
        self.capability = capability


class ChangedMeanwhile(SystemRefusal):
    """Somebody else changed the thing first."""

    code = "changed-meanwhile"
    title = "刚被别人改过"
    status = 409


class InputRefused(SystemRefusal):
    """What was entered cannot be taken. `field` names the input, "" the whole."""

    code = "input-refused"
    title = "填写的内容有误"
    status = 422

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field
