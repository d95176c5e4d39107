"""户口状态: whether an entry of the household register is in force.

Source: 户口登记条例 8 (死亡注销), 10 (迁出).
"""

from __future__ import annotations

from baoxue.policy.labelled import Labelled
from baoxue.policy.writtenforms import fold, folded_keys


class HouseholdStatus(Labelled):
    """State of one entry of the household register."""

    NORMAL = "normal", "正常"
    DECEASED = "deceased", "死亡注销"
    MOVED_OUT = "moved_out", "迁出"


_FORMS = folded_keys(
    {
        HouseholdStatus.NORMAL: (
            "正常 在册 有效 常住 在籍 现户 正常户口 户口正常 正常在册 常住户口 未注销 健在 迁入 新生 出生 "
            "出生登记 补登 NORMAL"
        ),
        HouseholdStatus.DECEASED: (
            "死亡注销 死亡 亡 亡故 已故 去世 已死亡 死亡销户 因死亡注销 已死亡注销 注销(死亡) 死亡人口 "
            "死亡未注销 病故 DECEASED"
        ),
        HouseholdStatus.MOVED_OUT: (
            "迁出 已迁出 户口迁出 迁走 迁移 迁出注销 省外迁出 迁往外地 迁往他处 迁出市外 迁出省外 迁出县外 "
            "转出 出国注销 出国定居注销 "
            "迁出本县 迁往县外 已迁走 MOVED_OUT"
        ),
    }
)


def household_status_of(text: str) -> HouseholdStatus | None:
    """What a cell says; None when empty or unknown.

    A bare 注销 is unknown: it can be a death, a move abroad or a double entry, and a child is not declared
    dead on it.
    """
    return _FORMS.get(fold(text))
