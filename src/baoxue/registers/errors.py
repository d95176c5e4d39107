"""Refusals of the import, one class each."""

from __future__ import annotations

import uuid

from baoxue.platform.errors import SystemRefusal
from baoxue.policy.registers import Register


class RegisterNotYours(SystemRefusal):
    """The post in force does not bring this register."""

    code = "register-not-yours"
    title = "这本名册不由当前岗位接入"
    status = 403

    def __init__(self, register: Register) -> None:
        super().__init__(f"当前岗位不接入{register.label}名册；请由负责这本名册的部门接入。")


class SameFileAgain(SystemRefusal):
    """The very same file is on its way already, or has been taken for the same day. `import_id`: that import."""

    code = "same-file-again"
    title = "同一份文件已经放过"

    def __init__(self, sentence: str, *, import_id: uuid.UUID) -> None:
        super().__init__(sentence)
        self.import_id = import_id


class NotAtThisStep(SystemRefusal):
    """The import is not where this act belongs: already confirmed, given up, still being read."""

    code = "import-not-at-this-step"
    title = "这一步已经过了"


class NothingToTake(SystemRefusal):
    """No row of the file can be used."""

    code = "nothing-to-take"
    title = "没有一行可以收"


class DifferencesOutdated(SystemRefusal):
    """Another snapshot was confirmed since the differences were shown."""

    code = "differences-outdated"
    title = "差异已经变了"


class ReasonMissing(SystemRefusal):
    """An unusual difference has not been answered."""

    code = "reason-missing"
    title = "还没有说明原因"
    status = 422


class SamePersonTwice(SystemRefusal):
    """The second look has to be another person's."""

    code = "same-person-twice"
    title = "要换一个人复看"
    status = 403
