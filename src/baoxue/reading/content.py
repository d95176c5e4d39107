"""What a column holds, judged by its values where the header does not say."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median_low

from baoxue.policy.attendance import attendance_of
from baoxue.policy.grade import grade_of
from baoxue.policy.idnumber import IdNumber, IdState, classify
from baoxue.policy.registers import Column, Register
from baoxue.policy.schoolcode import school_code_of
from baoxue.policy.sex import sex_of
from baoxue.policy.specialgroup import special_groups_of
from baoxue.policy.studentstatus import student_status_of
from baoxue.policy.writtenforms import fold
from baoxue.reading.dates import read_date

SAMPLE = 400

# The surnames of some nine in ten people, and the double ones that are seen.
_SURNAMES = set(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏"
    "韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温常季施安康文牛洪章鲁葛伍申尤毕聂焦向柳邢路岳齐梅庄"
    "辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵欧阳骆丘古车蓝冉吉"
)
_NAME = re.compile(r"[\u3400-\u9fff]{2,4}|[\u3400-\u9fff]+(?:·[\u3400-\u9fff]+)+")
_STUDENT_NUMBER = re.compile(r"[GJL][0-9]{17}[0-9X]")
_PHONE = re.compile(r"1[3-9][0-9]{9}")
_SCHOOL_NAME = re.compile(r"(?:小学|中学|学校|教学点|校区|一中|二中|三中|完小|幼儿园)(?:[(].*[)])?")
_CLASS = re.compile(r"(?:[一二三四五六七八九0-9]年级)?[(]?[0-9一二三四五六七八九十]{1,3}[)]?班")
_ADDRESS = re.compile(r"(?:省|市|县|区|镇|乡|街道|村|社区|组|路|号).*")
_RELATION = re.compile(
    r"长子|次子|三子|长女|次女|三女|独生子女?|[孙外]+[子女]|[继养]?[子女]|户主|配偶|妻|之[子女]|非亲属|其他"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a column seems to hold, and the share of its values that say so. `years`: median year, for dates."""

    column: Column
    share: float
    year: int | None = None


def identify(values: Sequence[str]) -> Finding | None:
    """What a column holds; None when its values fit nothing well enough."""
    filled = [value for value in values if fold(value)][:SAMPLE]
    if len(filled) < 1:
        return None
    for column, least, test in _TESTS:
        share = sum(1 for value in filled if test(value)) / len(filled)
        if share >= least:
            return Finding(column, share, _year_of(column, filled))
    return None


def names_share(values: Sequence[str]) -> float:
    """The share of values that look like a Chinese person's name."""
    filled = [fold(value) for value in values if fold(value)][:SAMPLE]
    return sum(1 for value in filled if _is_name(value)) / len(filled) if filled else 0.0


def birth_year(values: Sequence[str]) -> int | None:
    """The median year of birth in a column of identity numbers; None without any."""
    numbers = [number for value in values[:SAMPLE] if (number := _number(value)) is not None]
    years = [number.birth_date.year for number in numbers if number.birth_date is not None]
    return median_low(years) if years else None


def _number(value: str) -> IdNumber | None:
    return classify(value)


def _is_identity_number(value: str) -> bool:
    number = _number(value)
    return number is not None and number.state in (
        IdState.VALID,
        IdState.BAD_CHECK,
        IdState.TRUNCATED,
        IdState.FIFTEEN,
    )


def _is_date(value: str) -> bool:
    found = read_date(value)
    return found.month is not None and len(fold(value)) >= 5


def _is_name(value: str) -> bool:
    folded = fold(value)
    if not _NAME.fullmatch(folded):
        return False
    return "·" in folded or folded[0] in _SURNAMES


def _fits(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda value: pattern.fullmatch(fold(value)) is not None


def _is_sex_word(value: str) -> bool:
    # 1 and 2 alone may be anything.
    return sex_of(value) is not None and not fold(value)[:1].isdigit()


def _is_grade_word(value: str) -> bool:
    return not fold(value).replace(".", "").isdigit() and grade_of(value) is not None


def _year_of(column: Column, values: Sequence[str]) -> int | None:
    if column is Column.ID_NUMBER:
        return birth_year(values)
    if column is Column.BIRTH_DATE:
        months = [month for value in values if (month := read_date(value).month) is not None]
        return median_low(months) // 100 if months else None
    return None


# In order; the first column whose values fit well enough. Shares leave room for what people mistype.
_TESTS: tuple[tuple[Column, float, Callable[[str], bool]], ...] = (
    (Column.STUDENT_NUMBER, 0.6, _fits(_STUDENT_NUMBER)),
    (Column.ID_NUMBER, 0.6, _is_identity_number),
    (Column.PHONE, 0.7, _fits(_PHONE)),
    (Column.SCHOOL_CODE, 0.8, lambda value: school_code_of(value) is not None),
    (Column.SEX, 0.8, _is_sex_word),
    (Column.BIRTH_DATE, 0.7, _is_date),
    (Column.CLASS_NAME, 0.7, _fits(_CLASS)),
    (Column.GRADE, 0.7, _is_grade_word),
    (
        Column.SCHOOL_NAME,
        0.7,
        lambda value: _SCHOOL_NAME.search(fold(value)) is not None and len(fold(value)) > 3,
    ),
    (Column.CATEGORY, 0.7, lambda value: bool(special_groups_of(value))),
    (Column.ATTENDANCE, 0.8, lambda value: len(fold(value)) > 1 and attendance_of(value) is not None),
    (Column.STUDENT_STATUS, 0.8, lambda value: len(fold(value)) > 1 and student_status_of(value) is not None),
    (Column.RELATION_TO_HEAD, 0.8, _fits(_RELATION)),
    (Column.ADDRESS, 0.7, lambda value: len(fold(value)) >= 6 and _ADDRESS.search(fold(value)) is not None),
)

# What may be taken from a column whose header says something unknown: values that are hardly anything else.
UNMISTAKABLE = frozenset({Column.ID_NUMBER, Column.STUDENT_NUMBER})

# Words alone do not tell which of two things a column of this register says.
PREFERRED: dict[Register, dict[Column, Column]] = {
    Register.ROLL: {Column.STUDENT_STATUS: Column.ATTENDANCE},
    Register.STUDENT: {Column.ATTENDANCE: Column.STUDENT_STATUS},
    Register.ELSEWHERE: {Column.ATTENDANCE: Column.STUDENT_STATUS},
}
