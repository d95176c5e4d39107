"""户口状态: whether an entry of the household register is in force.

Source: 户口登记条例 8 (死亡注销), 10 (迁出).
"""

from __future__ import annotations

import re

from baoxue.policy.labelled import Labelled
from baoxue.policy.writtenforms import fold, folded_keys


class HouseholdStatus(Labelled):
    """State of one entry of the household register; UNCLEAR: the cell says something, but not which of the three."""

    NORMAL = "normal", "正常"
    DECEASED = "deceased", "死亡注销"
    MOVED_OUT = "moved_out", "迁出"
    UNCLEAR = "unclear", "状态不明"


_FORMS = folded_keys(
    {
        HouseholdStatus.NORMAL: (
            "正常 在册 有效 常住 在籍 现户 正常户口 户口正常 正常在册 常住户口 未注销 健在 迁入 新生 出生 "
            "出生登记 补登 实有 现有 存续 常口 常住人口 人户一致 未迁出 未死亡 户籍正常 正常户籍 "
            "家庭户 家庭户口 集体户 集体户口 居民户 居民户口 农业 农业户口 非农业 非农业户口 NORMAL"
        ),
        HouseholdStatus.DECEASED: (
            "死亡注销 死亡 亡 亡故 已故 去世 已死亡 死亡销户 因死亡注销 已死亡注销 注销(死亡) 死亡人口 "
            "死亡未注销 病故 死亡户 DECEASED"
        ),
        HouseholdStatus.MOVED_OUT: (
            "迁出 已迁出 户口迁出 迁走 迁移 迁出注销 省外迁出 迁往外地 迁往他处 迁出市外 迁出省外 迁出县外 "
            "转出 出国注销 出国定居注销 "
            "迁出本县 迁往县外 已迁走 已迁 外迁 MOVED_OUT"
        ),
        HouseholdStatus.UNCLEAR: "状态不明 UNCLEAR",
    }
)


# What a longer wording says (迁往贵阳市, 2019年因病死亡), unless it says that it is not so, not yet so, or so of a parent.
_SAID = {
    HouseholdStatus.NORMAL: re.compile("迁入|落户|恢复"),
    HouseholdStatus.DECEASED: re.compile("死亡|亡故|病故|去世|身亡|溺亡|夭折"),
    HouseholdStatus.MOVED_OUT: re.compile("迁[往至到去出走离]|迁移[至到往]|(?:国外|境外|出国|出境)定居"),
}
_NOT_SO = re.compile("[未没拟待疑不父母本]|申请|可能|户主|监护")


def household_status_of(text: str) -> HouseholdStatus | None:
    """What a cell says; None when empty or unknown.

    A bare 注销 is unknown: it can be a death, a move abroad or a double entry, and a child is not declared
    dead on it. So are 空挂 and 人户分离: the entry is in force, but where the child lives it does not say.
    """
    folded = fold(text)
    known = _FORMS.get(folded)
    if known is not None or _NOT_SO.search(folded):
        return known
    said = [status for status, wording in _SAID.items() if wording.search(folded)]
    return said[0] if len(said) == 1 else None
