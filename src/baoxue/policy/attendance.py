"""到校情况: whether a pupil on a roll is really there. Source: 教基厅函〔2024〕15号 (在校学生核查)."""

from __future__ import annotations

from baoxue.policy.labelled import Labelled
from baoxue.policy.writtenforms import fold, folded_keys


class Attendance(Labelled):
    """What a school roll says of one pupil."""

    PRESENT = "present", "在校"
    EXCUSED = "excused", "请假"
    ABSENT = "absent", "缺勤"
    NO_SHOW = "no_show", "未报到"
    HOMEBOUND = "homebound", "送教上门"


_FORMS = folded_keys(
    {
        Attendance.PRESENT: (
            "在校 到校 正常 已到校 已到 到 在读 出勤 在校就读 正常在校 正常到校 已报到 报到 是 √ ✓ ✔ Y YES "
            "1 PRESENT 在班 全勤 住校 走读 "
            "在籍在校 随班就读"
        ),
        Attendance.EXCUSED: (
            "请假 病假 事假 已请假 请病假 请事假 请长假 长期请假 长期病假 因病请假 准假 公假 丧假 休学 住院 EXCUSED"
        ),
        Attendance.ABSENT: (
            "缺勤 旷课 缺课 未到校 不在校 未到 不到校 没到校 没来 未来 缺席 逃学 旷学 长期缺课 长期旷课 "
            "连续旷课 无故缺课 无故缺勤 "
            "退学 已退学 开除 转学 已转学 转走 已转走 转出 已转出 失学 失踪 早婚 "
            "失联 辍学 疑似辍学 流失 离校 否 × ✗ ✘ X N NO 0 ABSENT 在籍不在校 外出务工 外出打工 打工"
        ),
        Attendance.NO_SHOW: ("未报到 没报到 未注册 开学未报到 未来报到 未到校报到 未返校 未报名 不报到 NO_SHOW"),
        Attendance.HOMEBOUND: "送教上门 送教 送教上门学生 HOMEBOUND",
    }
)


def attendance_of(text: str) -> Attendance | None:
    """What a cell says; None when empty or unknown."""
    return _FORMS.get(fold(text))


def is_away(attendance: Attendance | None) -> bool:
    """Whether the roll itself says that the pupil is missing without leave.

    None (not said) counts as present.
    """
    return attendance in (Attendance.ABSENT, Attendance.NO_SHOW)
