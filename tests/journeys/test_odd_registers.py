"""Registers that are hardly any: a comparison says what it found or refuses in a sentence, and never falls over."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from baoxue.policy.idnumber import check_digit
from baoxue.refusal import Refusal

from .conftest import rows_of, run

Row = dict[str, str]
County = dict[str, list[Row]]


def _number(child: int) -> str:
    first = f"9900002014{1 + child % 12:02}05{child:03}"
    return first + check_digit(first)


def _child(child: int) -> dict[str, Row]:
    """One child as three registers say it; the county's own 99 is no province."""
    person = {
        "姓名": "王李张刘陈杨赵黄周吴"[child % 10] + "明芳伟静敏丽强磊洋艳"[child // 10 % 10] + "宇轩"[child % 2],
        "性别": "男女"[child % 2],
        "出生日期": f"2014-{1 + child % 12:02}-05",
    }
    school = {"学校标识码": "3199000001", "学校名称": "双河镇中心小学", "年级": "五年级"}
    return {
        "household": {**person, "公民身份号码": _number(child), "户籍地址": "双河镇杉木村一组"},
        "student": {
            "学籍号": f"G{_number(child)}",
            **person,
            "身份证件号": _number(child),
            **school,
            "学生状态": "在读",
        },
        "roll": {**school, **person, "身份证件号": _number(child)},
    }


LIST_OF_ONE = {
    "poverty": {"户编号": "P1", "姓名": "王明宇", "性别": "男", "公民身份号码": _number(0)},
    "special": {"类别": "孤儿", "姓名": "王明宇", "公民身份号码": _number(0)},
}


def _county(children: int = 12) -> County:
    return {
        register: [_child(child)[register] for child in range(children)]
        for register in ("household", "student", "roll")
    }


def _without(columns: Iterable[str], county: County) -> County:
    return {
        register: [{name: value for name, value in row.items() if name not in columns} for row in rows]
        for register, rows in county.items()
    }


def _blank(columns: Iterable[str], county: County) -> County:
    return {
        register: [{name: "" if name in columns else value for name, value in row.items()} for row in rows]
        for register, rows in county.items()
    }


def _write(county: County, folder: Path) -> dict[str, Path]:
    """One CSV file a register; one without rows has its header."""
    files = {}
    for register, rows in county.items():
        files[register] = folder / f"{register}.csv"
        with files[register].open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [*(rows[0] if rows else (_child(1) | LIST_OF_ONE)[register])])
            writer.writeheader()
            writer.writerows(rows)
    return files


def _findings(folder: Path) -> dict[str, int]:
    kinds = [row["kind"] for row in rows_of(folder / "findings.csv")]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


GROWN_UP = {
    "姓名": "王建国",
    "性别": "男",
    "出生日期": "1985-03-04",
    "公民身份号码": "",
    "户籍地址": "双河镇杉木村一组",
}
NUMBERS = ("公民身份号码", "身份证件号", "学籍号")

ODD: Mapping[str, tuple[Callable[[], County], dict[str, int]]] = {
    "one pupil": (lambda: _county(1), {}),
    "no number and no address": (
        lambda: _without(("公民身份号码", "身份证件号", "户籍地址"), _blank(("学籍号",), _county())),
        {},
    ),
    "nobody has a birth date but in the number": (lambda: _blank(("出生日期", "性别"), _county()), {}),
    "an empty household register and empty lists": (
        lambda: {**_county(), "household": [], "poverty": [], "special": []},
        {"no_household": 12},
    ),
    "nothing but headers": (lambda: {**_county(), "household": [], "student": [], "roll": []}, {}),
    "lists of one child, and elsewhere the county itself": (
        lambda: {**_county(), **{name: [row] for name, row in LIST_OF_ONE.items()}, "elsewhere": _county()["student"]},
        {},
    ),
    "everybody twice, and grown-ups in the household register": (
        lambda: {
            **_county(),
            "household": [*_county()["household"] * 2, *[GROWN_UP] * 3],
            "student": _county()["student"] * 2,
        },
        {"duplicate_household": 12, "duplicate_student": 12},
    ),
}


@pytest.mark.parametrize("odd", ODD)
def test_odd_registers_are_compared_as_far_as_they_go(odd: str, tmp_path: Path) -> None:
    county, expected = ODD[odd]
    said = run(_write(county(), tmp_path), tmp_path / "result")
    assert _findings(tmp_path / "result") == expected
    assert said["registers"]["household"]["rejected"] == 0


def test_names_alone_settle_nothing(tmp_path: Path) -> None:
    """Without number and birth date somebody looks at every child; no family is accused by itself."""
    run(_write(_blank(("出生日期", *NUMBERS), _county()), tmp_path), tmp_path / "result")
    asked = [row for row in rows_of(tmp_path / "result" / "findings.csv") if row["kind"] == "never_enrolled"]
    assert {row["decision"] for row in asked} <= {"review"}
    assert {row["method"] for row in rows_of(tmp_path / "result" / "links.csv")} <= {"model"}


def test_a_register_without_names_is_refused_in_a_sentence(tmp_path: Path) -> None:
    files = _write(_without(("姓名",), _county()), tmp_path)
    with pytest.raises(Refusal, match=r"(household|student|roll)\.csv.*姓名"):
        run(files, tmp_path / "result")
    assert not (tmp_path / "result").exists()


@pytest.mark.parametrize("content", ["学校,人数\n甲,3\n", "", "PK\x03\x04"])
def test_records_elsewhere_that_cannot_be_used_are_refused_before_the_registers_are_compared(
    content: str, tmp_path: Path
) -> None:
    files = _write(_county(), tmp_path)
    files["elsewhere"] = tmp_path / "县外.csv"
    files["elsewhere"].write_text(content, encoding="utf-8")
    steps: list[str] = []
    with pytest.raises(Refusal, match="县外"):
        run(files, tmp_path / "result", progress=lambda step, done, total=None: steps.append(step))
    assert [step for step in steps if not step.startswith("读取")] == []


def test_a_register_of_nothing_but_rejects_says_so(tmp_path: Path) -> None:
    county: Any = _county()
    county["roll"] = [{**row, "姓名": ""} for row in county["roll"]]
    said = run(_write(county, tmp_path), tmp_path / "result")
    assert said["registers"]["roll"]["rejected"] == said["registers"]["roll"]["rows"] == 12
    assert [row["register"] for row in rows_of(tmp_path / "result" / "rejects.csv")] == ["roll"] * 12
    assert _findings(tmp_path / "result") == {"absent": 12}


def test_one_file_for_two_registers_is_refused(tmp_path: Path) -> None:
    """Every child would look schooled, even where the file has the columns of both."""
    county = _county()
    both = [{**record, **entry} for record, entry in zip(county["student"], county["household"], strict=True)]
    files = _write({"household": both, "roll": county["roll"]}, tmp_path)
    with pytest.raises(Refusal, match="户籍和学籍给的是同一个文件"):
        run({**files, "student": files["household"]}, tmp_path / "result")


@pytest.mark.parametrize(("given", "taken"), [("household", "roll"), ("student", "household"), ("roll", "household")])
def test_another_register_in_a_registers_place_is_refused(given: str, taken: str, tmp_path: Path) -> None:
    county = _county()
    files = _write({**county, f"another_{taken}": county[taken]}, tmp_path)
    files[given] = files.pop(f"another_{taken}")
    with pytest.raises(Refusal, match="放错了文件"):
        run(files, tmp_path / "result")
