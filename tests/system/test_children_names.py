"""How names are ordered and found."""

from __future__ import annotations

import pytest

from baoxue.platform.namekeys import name_key


@pytest.mark.parametrize(
    ("name", "sort", "pinyin", "initials"),
    [
        ("杨昌旺", "yang2 chang1 wang4", "yangchangwang", "ycw"),
        ("单雄信", "shan4 xiong2 xin4", "shanxiongxin", "sxx"),
        ("曾国强", "zeng1 guo2 qiang2", "zengguoqiang", "zgq"),
        ("欧阳天佑", "ou1 yang2 tian1 you4", "ouyangtianyou", "oyty"),
        ("尉迟恭", "yu4 chi2 gong1", "yuchigong", "ycg"),
        ("古丽·买买提", "gu3 li4 mai3 mai3 ti2", "gulimaimaiti", "glmmt"),
        ("吕绿", "lv3 lv4", "lvlv", "ll"),
        ("任", "ren4", "ren", "r"),
        ("", "", "", ""),
    ],
)
def test_a_name_is_found_by_its_sounds(name: str, sort: str, pinyin: str, initials: str) -> None:
    key = name_key(name)
    assert (key.sort, key.pinyin, key.initials) == (sort, pinyin, initials)
