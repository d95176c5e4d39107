"""What this room refuses."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from baoxue.platform.errors import ChangedMeanwhile, SystemRefusal
from baoxue.policy.registers import Register


class RegistersMissing(SystemRefusal):
    """A comparison needs the household register, the student records and the rolls. `missing`: those not there."""

    code = "registers-missing"
    title = "名册还不齐"

    def __init__(self, missing: Iterable[Register]) -> None:
        self.missing = tuple(missing)
        names = "、".join(register.label for register in self.missing)
        super().__init__(f"还没有{names}的名册，比对不了。请先在“数据接入”里收下。")


class AlreadyWorking(SystemRefusal):
    """A comparison of this county is under way. `run`: which."""

    code = "already-working"
    title = "正在比对"

    def __init__(self, run: uuid.UUID) -> None:
        super().__init__("这个县有一次比对正在算，等它算完或停下以后再开始。")
        self.run = run


class NotWorking(SystemRefusal):
    """A comparison that has ended cannot be stopped."""

    code = "not-working"
    title = "已经结束"

    def __init__(self) -> None:
        super().__init__("这次比对已经结束，不用停。")


class DecidedMeanwhile(ChangedMeanwhile):
    """Somebody else decided first."""

    code = "decided-meanwhile"
    title = "刚被别人定过"


class AnswerRefused(SystemRefusal):
    """Not an answer to this question."""

    code = "answer-refused"
    title = "不能这样定"
    status = 422


class EvidenceMissing(SystemRefusal):
    """An answer about a child's whereabouts needs a word on what it rests on."""

    code = "evidence-missing"
    title = "缺少依据"
    status = 422

    def __init__(self) -> None:
        super().__init__("请写一句依据（向谁核的、看到什么），以后复查的人要靠它。")


class AlreadyWithdrawn(ChangedMeanwhile):
    """A verdict can be withdrawn once."""

    code = "already-withdrawn"
    title = "已经撤回过"
