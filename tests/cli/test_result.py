"""The text at the end of a comparison."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from baoxue.cli.result import told
from baoxue.cli.words import Language, Say
from baoxue.policy.findings import FindingKind
from baoxue.policy.registers import Register


def _summary(**changed: Any) -> dict[str, Any]:
    summary: dict[str, Any] = {
        "county": {"code": "522626", "name": "岑巩县"},
        "as_of": "2025-09-20",
        "children": {"school_age": 4_102},
        "registers": dict.fromkeys(Register),
        "findings": {"by_kind": {kind: {"total": 0, "auto": 0, "review": 0} for kind in FindingKind}},
        "warnings": [],
    }
    return summary | changed


def _found(**counts: tuple[int, int]) -> dict[str, Any]:
    by_kind = _summary()["findings"]["by_kind"]
    found = {kind: {"total": auto + review, "auto": auto, "review": review} for kind, (auto, review) in counts.items()}
    return {"by_kind": by_kind | found}


@pytest.fixture
def chinese() -> Say:
    return Say(Language.ZH)


def test_the_result_says_what_was_read_what_was_found_and_where_it_stands(chinese: Say) -> None:
    registers: dict[str, Any] = dict.fromkeys(Register)
    registers |= {"household": {"rows": 5_347, "rejected": 3}, "roll": {"rows": 964, "rejected": 0}}
    summary = _summary(registers=registers, findings=_found(never_enrolled=(6, 1), absent=(1_012, 0)))
    assert told(chinese, summary, Path("结果")) == "\n".join(
        [
            "比对完成：岑巩县(522626)，截至 2025-09-20，适龄儿童 4,102 人。",
            "",
            "读入的名册",
            "  户籍  5,347 行  退回 3 行",
            "  在校    964 行",
            "",
            "需要核实的线索",
            "              自动确认  人工复核",
            "  疑似失学           6         1",
            "  有籍不在校     1,012         0",
            "",
            "结果在 结果",
            "  summary.html  图表总览，先看这个",
            "  findings.csv  线索，一行一条",
            "  ledgers.xlsx  三本台账，含完整个人信息，注意保管",
            "  links.csv     哪些行是同一个孩子",
            "  rejects.csv   退回的行和原因",
            "  summary.json  给程序读的统计",
        ]
    )


def test_no_findings_is_said_as_such(chinese: Say) -> None:
    assert "需要核实的线索\n  没有线索。" in told(chinese, _summary(), Path("out"))


def test_warnings_stand_before_the_findings(chinese: Say) -> None:
    text = told(chinese, _summary(warnings=["在校名册没有学校标识码。"]), Path("out"))
    assert text.index("在校名册没有学校标识码。") < text.index("需要核实的线索")


def test_only_the_first_warnings_are_told_and_the_rest_counted(chinese: Say) -> None:
    text = told(chinese, _summary(warnings=[f"第{n}条。" for n in range(1, 8)]), Path("out"))
    assert "  第3条。\n  另有 4 条，见 summary.html。\n" in text
    assert "第4条" not in text


def test_a_county_without_a_name_is_told_by_its_code(chinese: Say) -> None:
    assert "比对完成：522626，" in told(chinese, _summary(county={"code": "522626", "name": None}), Path("out"))


def test_the_result_in_english_has_no_chinese_of_its_own() -> None:
    summary = _summary(county={"code": "522626", "name": ""}, findings=_found(absent=(1, 2)))
    text = told(Say(Language.EN), summary, Path("out"))
    assert text.isascii()
    assert "absent" in text
