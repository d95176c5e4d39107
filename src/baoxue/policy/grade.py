"""Grades 1–9 of compulsory schooling as people write them.

Source: 义务教育法 2 (九年); 六三 and 五四学制 both count 1–9.
"""

from __future__ import annotations

import re

from baoxue.policy.writtenforms import fold

_WORDS = {word: value for value, word in enumerate([*"一二三四五六七八九十", "十一", "十二"], start=1)}
_WORD = "[一二三四五六七八九]"
_NUMBER = rf"(?:十[一二]?|{_WORD}|0?[1-9]|1[0-2])"
_SCHOOL = "(?:小学|小|初级中学|初中|初|高级中学|普高|职高|高中|高)部?"
_HALF = "(?:[(]?[上下](?:学期|半学期|册|期)?[)]?)?"
_IN_BRACKETS = r"[(\[][0-9一二三四五六七八九十]{1,3}[)\]]班?"
_CLASS = rf"(?:{_IN_BRACKETS}|[.\-]?[0-9]{{1,2}}班|[一二三四五六七八九十]{{1,3}}班)?"

# 八年级, 小学八年级, 初一年级(2)班, 七年级上学期
_WITH_WORD = re.compile(rf"({_SCHOOL})?({_NUMBER})年级?{_HALF}{_CLASS}")
# 初一, 小三(4)班, 高一2班
_WITH_SCHOOL = re.compile(rf"({_SCHOOL})({_NUMBER}){_HALF}{_CLASS}")
# 7, 七, 九(3)班, 七1班, 7.2班. Without a mark between them grade and class are one number: 十一班, 12班.
_BARE = re.compile(rf"({_NUMBER})(?:{_IN_BRACKETS})?|({_WORD})[0-9]{{1,2}}班|([1-9])[.\-][0-9]{{1,2}}班")
# 岑巩县第一小学三年级: the word 年级 inside longer text, not the second of two grades (一、二年级).
_INSIDE = re.compile(rf"({_SCHOOL}|中学)?(?<![一二三四五六七八九十0-9、,.&/\-~和至到第])({_NUMBER})年级")
_BEYOND = re.compile("中职|中专|职业|职中|高职|技校|技工|技师|大学|大专|本科|学院")
_ENGLISH = re.compile("G(?:RADE)?(1[0-2]|[4-9])|GRADE([1-3])")
_COHORT_AFTER = re.compile(rf"(小学|初中|高中)部?(?:20)?([0-9]{{2}})级{_CLASS}")
_COHORT_BEFORE = re.compile(rf"(?:20)?([0-9]{{2}})级(小学|初中|高中)部?{_CLASS}")
_PRESCHOOL = re.compile(
    "(?:幼儿园|幼儿|学前|托)(?:教育)?(?:[大中小托幼]?班)?(?:[(][^()]*[)]班?)?"
    "|[大中小托][一二三四五六1-9]?班|学前[一二三]年?"
)

_FIRST = {"小": 1, "初": 7, "高": 10}
_LAST = {"小": 6, "初": 9, "高": 12}


def grade_of(text: str, *, school_year: int | None = None) -> int | None:
    """The grade: 1–9 (初一 = 7), 0 before school (幼儿园, 学前班), 10–12 senior secondary; None when unknown.

    `2023级` names the year of entry and needs `school_year` (first calendar year) and, for which school, a
    word such as 小学 or 初中 in the text; otherwise it stays unknown. So does what can be read in two ways:
    一班 (a class), G1 (also 高一), 中学一年级 (初一 or 高一), 一、二年级 (two grades). 初四 exists under
    五四学制 only and is grade 9.
    """
    folded = fold(text).strip("'\"“”‘’,.;").removesuffix(".0")
    if not folded:
        return None
    if folded == "0" or _PRESCHOOL.fullmatch(folded):
        return 0
    if folded.startswith(("预初", "预备班", "预备年级")):  # Shanghai: the first year of a four-year 初中
        return 6
    if cohort := _cohort(folded):
        return _of_cohort(*cohort, school_year)
    return _named(folded)


def _named(folded: str) -> int | None:
    if match := _WITH_WORD.fullmatch(folded) or _WITH_SCHOOL.fullmatch(folded):
        return _in_school(match[1], _value(match[2]))
    if match := _BARE.fullmatch(folded) or _ENGLISH.fullmatch(folded):
        return next(_value(group) for group in match.groups() if group)
    if _BEYOND.search(folded):
        return None
    grades = {_in_school(match[1], _value(match[2])) for match in _INSIDE.finditer(folded)}
    return grades.pop() if len(grades) == 1 else None


def _value(number: str) -> int:
    return _WORDS.get(number) or int(number)


def _in_school(school: str | None, number: int) -> int | None:
    """Counted within the school (初中二年级) or through (初中八年级); None where it is neither."""
    if school is None:
        return number
    if school == "中学":
        return number if number > 6 else None
    kind = school[0] if school[0] in _FIRST else "高"  # 普高, 职高
    first, last = _FIRST[kind], _LAST[kind]
    if first <= number <= last:
        return number
    if kind == "初" and number == 4:
        return 9
    return first + number - 1 if number <= last - first + 1 else None


def _cohort(folded: str) -> tuple[str, int] | None:
    if match := _COHORT_AFTER.fullmatch(folded):
        return match[1], 2000 + int(match[2])
    if match := _COHORT_BEFORE.fullmatch(folded):
        return match[2], 2000 + int(match[1])
    return None


def _of_cohort(school: str, year: int, school_year: int | None) -> int | None:
    if school_year is None:
        return None
    grade = school_year - year + _FIRST[school[0]]
    return grade if _FIRST[school[0]] <= grade <= _LAST[school[0]] else None
