"""Grades 1–9 of compulsory schooling as people write them. Source: 义务教育法 2 (九年); 六三 and 五四学制 both count 1–9."""

from __future__ import annotations


def grade_of(text: str, *, school_year: int | None = None) -> int | None:
    """The grade: 1–9 (初一 = 7), 0 before school (幼儿园, 学前班), 10–12 senior secondary; None when unknown.

    `2023级` names the year of entry and needs `school_year` (first calendar year) and, for which school, a word such as
    小学 or 初中 in the text; otherwise it stays unknown.
    """
    raise NotImplementedError
