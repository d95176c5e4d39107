"""Random small registers whose rows are alike enough to meet every rule: values are drawn from pools of near misses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from baoxue.policy.registers import Register

from .registers import canonical, number

# fmt: off
NAMES = [
    "王芳", "王方", "王防", "王莞", "王芳芳", "芳王", "李明", "李鸣", "李朋", "張偉", "张伟", "张韦", "张炜", "张维伟", "赵小凤",
    "欧阳天佑", "欧阳佑天", "欧阳天", "欧阳天佐", "陈晨", "陈辰", "程晨", "成晨", "赵凤小", "赵小风", "钱小凤", "赵晓峰", "林岚",
    "曾祥云", "单丽丽", "任静", "任敬", "石", "阿依努尔·买买提明", "阿依努尔·买买提名", "阿依努尔", "林兰", "宁岚",
]
# 2014-05-06 is the eighth day of the fourth month of the lunar year: written so, it looks like 2014-04-08.
DAYS = [
    "2014-05-06", "2014-06-05", "2014-05-07", "2014-05-20", "2015-05-06", "2014-09-06", "2011-05-06", "2014-04-08",
    "2013-12-31", "2014-01-01", "2012-02-29", "2009-08-31", "1988-03-04",
]
# fmt: on


def _numbers() -> list[str]:
    sound = number("2014-05-06", 11)
    return [
        sound,
        number("2014-05-06", 12),  # a twin's
        number("2014-05-06", 11, region="990001"),
        number("2015-05-06", 11),
        number("2013-12-31", 102),
        number("1988-03-04", 21),  # a grown-up's
        sound[:15] + "000",  # through a number cell
        number("2014-05-06", 12)[:15] + "000",
        sound[:15],
        sound[:16] + ("0" if sound[16] != "0" else "1") + sound[17],  # one digit wrong
        sound[:14] + sound[15] + sound[14] + sound[16:],  # two digits exchanged
        sound[:8] + "99" + sound[10:17] + sound[17],  # two digits wrong
        sound[:17],  # one digit lost
        "991122" + sound[6:],  # another place, all else as it was
        "990000860504012",  # of fifteen digits
        "E12345678",
        "H12345678",
        "张三",
    ]


NUMBERS = _numbers()
STUDENT_NUMBERS = [
    "G" + number("2014-05-06", 11), "G" + number("2014-05-06", 12), "G" + number("2013-12-31", 102),
    "G" + number("2014-05-06", 11)[:-2] + "00", "L99000020200001", "L99000020200002", "L99000020200010", "1",
]  # fmt: skip
ADULTS = ["王建国", "王建郭", "王国建", "李秀英", "李秀莹", "张建国", "杨胜利", "杨胜", "欧阳锋", "黄强"]
PHONES = ["13800000000", "13800000001", "13800000010", "0086-13800000000", "13912345678", "8612345"]
ADDRESSES = [
    "某省某州某县双河镇杉木村三组12号", "某县双河镇杉木村第三村民组12号", "双河镇杉木村", "双河镇杉木村二十三组",
    "双河镇杉木村23组", "双河镇杉木村十二组", "双河镇石桥村十组", "双河镇街上", "青山乡石桥村一组", "石桥村一组", "省城",
    "岚岫自治区云岫市双河区杉木街道东风社区3栋", "云岫盟双河旗杉木苏木红柳嘎查", "一组石桥村", "思旸镇十里铺村",
    "黔东南苗族侗族自治州岑巩县思旸镇大榕村", "贵州省黔东南苗族侗族自治州岑巩县思旸镇大榕村大寨组",
]  # fmt: skip
SCHOOLS = [
    {"school_code": "3199000001", "school_name": "双河镇中心小学"},
    {"school_code": "3199000002", "school_name": "石桥小学"},
    {"school_name": "双河镇中心小学"},
    {"school_name": "石桥希望小学"},
    {"school_code": "3199000003"},
    {},
]  # fmt: skip
CLASSES = [
    "三(2)班",
    "302",
    "2班",
    "02",
    "三年级2班",
    "2023级3班",
    "初一(3)班",
    "五年级(12)班",
    "512",
    "A班",
    "312",
    "三2",
]

_PERSON: Mapping[str, Sequence[Any]] = {
    "name": NAMES,
    "sex": ["M", "F", ""],
    "birth_date": [*DAYS, ""],
    "birth_month": ["", "", "201405", "201406"],
    "id_number": [*NUMBERS, ""],
}
_FAMILY: Mapping[str, Sequence[Any]] = {
    "guardian_name": [*ADULTS, ""],
    "phone": [*PHONES, ""],
    "address": [*ADDRESSES, ""],
}
_PUPIL: Mapping[str, Sequence[Any]] = {
    "student_number": [*STUDENT_NUMBERS, ""],
    "grade": ["3", "3", "4", "5", "7", ""],
    "class_name": [*CLASSES, ""],
}
COLUMNS: Mapping[Register, Mapping[str, Sequence[Any]]] = {
    Register.HOUSEHOLD: {
        **_PERSON, **_FAMILY, "head_name": [*ADULTS, ""], "household_number": ["1", "2", "3", ""],
        "household_status": ["", "normal", "deceased", "moved_out", "unclear"],
    },
    Register.STUDENT: {**_PERSON, **_FAMILY, **_PUPIL, "student_status": ["", "enrolled", "graduated", "study_leave"]},
    Register.ROLL: {**_PERSON, **_PUPIL, "attendance": ["", "present", "absent", "no_show"]},
    Register.POVERTY: {**_PERSON, "head_name": [*ADULTS, ""], "address": [*ADDRESSES, ""]},
    Register.SPECIAL: {**_PERSON, "guardian_name": [*ADULTS, ""], "category": ["orphan", "disabled"]},
    Register.ELSEWHERE: {**_PERSON, **_FAMILY, **_PUPIL, "student_status": ["", "enrolled", "graduated"]},
}  # fmt: skip


def random_row(register: Register, row: int, random: Random) -> dict[str, Any]:
    """A row of a register, every value drawn for itself."""
    said = {column: random.choice(pool) for column, pool in COLUMNS[register].items()}
    if said["birth_date"]:
        said["birth_month"] = ""
    if register in (Register.STUDENT, Register.ROLL, Register.ELSEWHERE):
        said |= random.choice(SCHOOLS)
    return canonical(row, said)


def random_registers(random: Random, *, rows: int) -> dict[Register, list[dict[str, Any]]]:
    """All six registers with so many rows each, of which some say the same as others but for a value."""
    made: dict[Register, list[dict[str, Any]]] = {}
    for register in Register:
        made[register] = [random_row(register, row, random) for row in range(1, rows + 1)]
    return made
