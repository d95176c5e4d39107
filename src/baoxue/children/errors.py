"""What this room refuses."""

from __future__ import annotations

from datetime import date

from baoxue.platform.errors import SystemRefusal


class RunTooOld(SystemRefusal):
    """The records already rest on registers of a later day, or on a later run."""

    code = "run-too-old"
    title = "台账已按更晚的名册更新过"

    def __init__(self, as_of: date, last: date) -> None:
        later = f"{last} 的名册" if last > as_of else "后来的一次比对"
        super().__init__(f"台账已按{later}更新过，{as_of} 的这次比对不再改动台账。")


class ReasonMissing(SystemRefusal):
    """An act on a child's record needs a reason."""

    code = "reason-missing"
    title = "还没有写原因"
    status = 422

    def __init__(self) -> None:
        super().__init__("请写明原因，至少四个字。")


class CaseOpen(SystemRefusal):
    """A record whose case is open does not go into another: the case would lose its child."""

    code = "case-open"
    title = "这条记录有办着的个案"

    def __init__(self) -> None:
        super().__init__("要并进去的这条有办着的个案。请反过来，留下这一条；两条都有个案的，先办结一个。")


class NotOneCounty(SystemRefusal):
    """Two records of different counties, or one and the same, are not merged."""

    code = "not-one-county"
    title = "这两条记录不能合并"

    def __init__(self) -> None:
        super().__init__("只能合并同一个县里的两条不同记录。")


class NothingToSplit(SystemRefusal):
    """A split must leave rows on both sides."""

    code = "nothing-to-split"
    title = "拆不开"
    status = 422

    def __init__(self) -> None:
        super().__init__("拆分后两边都要留有名册里的行，请重新选择。")


class UndoneAlready(SystemRefusal):
    """A merge or split was undone before."""

    code = "undone-already"
    title = "已经撤销过"

    def __init__(self) -> None:
        super().__init__("这一次合并或拆分已经撤销过了。")


class NumberKept(SystemRefusal):
    """A whole number is looked for by a form that is sent, and stays in no address, view or export."""

    code = "number-kept"
    title = "这里不能带完整号码"
    status = 422

    def __init__(self) -> None:
        super().__init__("完整号码不留在网址、视图和导出里，请在页面上方的搜索框里查。")


class ExportGone(SystemRefusal):
    """An export has expired."""

    code = "export-gone"
    title = "导出文件已过期"
    status = 410

    def __init__(self) -> None:
        super().__init__("导出文件只保留七天，已经删除。请重新导出。")
