"""States of a student record (学生状态) and what follows from them.

Source: 教育部《中小学生学籍管理办法》(异动: 休学、复学、转学、退学 …), JY/T 1001 学籍异动类别代码
(11 休学, 12 复学, 13 停学, 17 恢复学籍, 18 取消学籍, 19 保留学籍, 21 转出, 22 转入, 29 转班, 31 退学, 42
开除学籍, 51 死亡) and 学生当前状态代码 (01 在读, 02 休学, 03 退学, 04 停学, 05 复学, 06 流失, 07 毕业, 08
结业, 09 肄业, 10 转出, 14 开除, 15 下落不明). The two lists differ on 11, 12 and 13; the first, that of the
学籍 system, is taken. 退学 and 开除 must not occur in compulsory schooling (义务教育法 27), but files have
them.
"""

from __future__ import annotations

from baoxue.policy.labelled import Labelled
from baoxue.policy.writtenforms import fold, folded_keys


class StudentStatus(Labelled):
    """State of one student record."""

    ENROLLED = "enrolled", "在读"
    STUDY_LEAVE = "study_leave", "休学"
    SUSPENDED = "suspended", "停学"
    RETAINED = "retained", "保留学籍"
    HOMEBOUND = "homebound", "送教上门"
    DEFERRED = "deferred", "延缓入学"
    TRANSFERRED_OUT = "transferred_out", "转出"
    GRADUATED = "graduated", "毕业"
    COMPLETED = "completed", "结业"
    WITHDRAWN = "withdrawn", "退学"
    DROPPED_OUT = "dropped_out", "辍学"
    EXPELLED = "expelled", "开除"
    CANCELLED = "cancelled", "取消学籍"
    DECEASED = "deceased", "死亡"
    ABROAD = "abroad", "出国(境)"
    LEFT_OTHER = "left_other", "其他离校"


_FORMS = folded_keys(
    {
        StudentStatus.ENROLLED: (
            "在读 在校 在籍 在学 就读 正常 正常在读 正常在校 正常就读 在籍在校 在校在籍 在校就读 在校生 "
            "在读生 在校学生 "
            "在册 有学籍 有籍 复学 已复学 恢复学籍 转入 转班 借读 随班就读 留级 跳级 普通在读 学籍在册 "
            "在籍不在校 01 05 12 17 22 29 ENROLLED NORMAL"
        ),
        StudentStatus.STUDY_LEAVE: ("休学 休学中 已休学 办理休学 因病休学 病休 休学期 在籍休学 02 11 STUDY_LEAVE"),
        StudentStatus.SUSPENDED: "停学 停学中 已停学 04 13 SUSPENDED",
        StudentStatus.RETAINED: "保留学籍 学籍保留 保留 19 RETAINED",
        StudentStatus.HOMEBOUND: "送教上门 送教 送教上门生 送教上门学生 送教学生 HOMEBOUND",
        StudentStatus.DEFERRED: "延缓入学 缓学 暂缓入学 延期入学 免缓学 DEFERRED",
        StudentStatus.TRANSFERRED_OUT: (
            "转出 转学 已转出 转学转出 转走 转学离校 转往外地 转出本校 省内转出 跨省转出 转出省外 转外省 "
            "已转学 转校 转学(转出) 10 21 TRANSFERRED_OUT"
        ),
        StudentStatus.GRADUATED: ("毕业 已毕业 小学毕业 初中毕业 正常毕业 毕业离校 毕业生 升学 已升学 07 GRADUATED"),
        StudentStatus.COMPLETED: "结业 已结业 肄业 08 09 COMPLETED",
        StudentStatus.WITHDRAWN: "退学 已退学 自动退学 03 31 WITHDRAWN",
        StudentStatus.DROPPED_OUT: (
            "失踪 辍学 已辍学 失学 流失 流失生 失学辍学 辍学生 疑似辍学 失联 下落不明 06 15 DROPPED_OUT"
        ),
        StudentStatus.EXPELLED: "开除 开除学籍 已开除 14 42 EXPELLED",
        StudentStatus.CANCELLED: "取消学籍 注销学籍 学籍注销 注销 已注销 除籍 删除 学籍删除 18 CANCELLED",
        StudentStatus.DECEASED: "死亡 亡故 已故 去世 已死亡 已亡故 病故 死亡注销 死亡离校 51 DECEASED",
        StudentStatus.ABROAD: "出国 出境 出国(境) 出国出境 出国离校 出国留学 已出国 国外就读 ABROAD",
        StudentStatus.LEFT_OTHER: (
            "其他离校 离校 已离校 不在校 其他 其它 其它离校 外出 不在读 不在籍不在校 99 LEFT_OTHER"
        ),
    }
)

_IN_FORCE = frozenset(
    {
        StudentStatus.ENROLLED,
        StudentStatus.STUDY_LEAVE,
        StudentStatus.SUSPENDED,
        StudentStatus.RETAINED,
        StudentStatus.HOMEBOUND,
        StudentStatus.DEFERRED,
        StudentStatus.DROPPED_OUT,
    }
)
_EXPECTS_PRESENCE = frozenset({StudentStatus.ENROLLED, StudentStatus.SUSPENDED, StudentStatus.DROPPED_OUT})


def student_status_of(text: str) -> StudentStatus | None:
    """The state a cell says, from words or a JY/T 1001 code; None when empty or unknown.

    在籍不在校 counts as ENROLLED: the record is in force, and whether the pupil is there is for the roll to
    say.
    """
    return _FORMS.get(fold(text))


def in_force(status: StudentStatus) -> bool:
    """Whether a record in this state still counts as the child's 学籍.

    A dropout keeps its record (义务教育法 27: 不得开除; 辍学 is no reason to delete). 退学, 开除 and
    其他离校 do not count: such a child of school age has no schooling on paper either.
    """
    return status in _IN_FORCE


def expects_presence(status: StudentStatus) -> bool:
    """Whether a child with this state must be on some roll.

    Not during 休学, 保留学籍, 送教上门 and 延缓入学 (义务教育法 11; 残疾人教育条例 17). 停学 and 辍学 do
    expect it: their children belong back in class (义务教育法 27).
    """
    return status in _EXPECTS_PRESENCE
