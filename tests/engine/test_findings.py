"""A county made by hand in which every kind of finding occurs once, and what each line says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import duckdb
import pytest

from baoxue.matching.children import make_children
from baoxue.matching.comparing import compare_registers
from baoxue.matching.engine import DuckDBEngine
from baoxue.matching.findings import make_findings
from baoxue.policy.findings import FindingKind
from baoxue.policy.registers import Register

from .registers import AS_OF, Registers, connected, number, rows_of

Line = Mapping[str, Any]

# Everybody has a number of their own, so that who is who is never in doubt.
NAMES = [
    "王小芳", "李大龙", "张思远", "刘一诺", "陈雨涵", "杨子墨", "赵明轩", "黄静怡", "周浩然", "吴佳琪", "徐梓萱", "孙志强",
    "胡晓梅", "朱国栋", "高丽华", "林宇航", "何美玲",
]  # fmt: skip
(
    IN_CLASS, NEVER, NEVER_POOR, ON_NO_ROLL, MARKED_ABSENT, AWAY, NO_RECORD, OUTSIDER, TWICE_RECORDED, TWICE_ENTERED,
    OTHER_NAME, DEAD, MOVED, TOO_YOUNG, NO_ROLL_GIVEN, LEFT_SCHOOL, LISTED,
) = range(17)  # fmt: skip
BORN = {TOO_YOUNG: "2022-03-04"}


def person(child: int, **more: str) -> dict[str, str]:
    born = BORN.get(child, f"2014-{1 + child % 12:02}-{1 + child:02}")
    return {"name": NAMES[child], "birth_date": born, "id_number": number(born, 100 + 2 * child), "sex": "F", **more}


def entry(child: int, **more: str) -> dict[str, str]:
    return person(child, address="双河镇杉木村一组", **more)


def record(child: int, **more: str) -> dict[str, str]:
    said = person(child, school_code="3199000001", school_name="双河小学", grade="5", student_status="enrolled")
    return {**said, "student_number": f"L990000202000{child:02}", **more}


def pupil(child: int, **more: str) -> dict[str, str]:
    return person(child, school_code="3199000001", school_name="双河小学", grade="5", **more)


def county() -> Registers:
    said: dict[Register, list[dict[str, str]]] = {
        Register.HOUSEHOLD: [
            *map(entry, (IN_CLASS, NEVER, NEVER_POOR, ON_NO_ROLL, MARKED_ABSENT, AWAY, NO_RECORD, TWICE_RECORDED)),
            *map(entry, (TWICE_ENTERED, TWICE_ENTERED, OTHER_NAME, TOO_YOUNG, NO_ROLL_GIVEN, LEFT_SCHOOL)),
            entry(DEAD, household_status="deceased"),
            entry(MOVED, household_status="moved_out"),
            {"name": "王建国", "birth_date": "1985-03-04", "address": "双河镇杉木村一组"},
        ],
        Register.STUDENT: [
            *map(record, (IN_CLASS, ON_NO_ROLL, MARKED_ABSENT, OUTSIDER, TWICE_RECORDED, TWICE_ENTERED, DEAD)),
            record(TWICE_RECORDED, student_number="L99000020299999"),
            record(OTHER_NAME, name="徐紫萱", sex="M"),
            record(NO_ROLL_GIVEN, school_code="3199000009", school_name="石桥小学"),
            record(LEFT_SCHOOL, student_status="transferred_out"),
        ],
        Register.ROLL: [
            *map(pupil, (IN_CLASS, NO_RECORD, OUTSIDER, TWICE_RECORDED, TWICE_ENTERED, OTHER_NAME, DEAD)),
            pupil(MARKED_ABSENT, attendance="absent", absent_since="2025-09-04"),
        ],
        Register.POVERTY: [person(NEVER_POOR, household_number="P1"), person(MARKED_ABSENT, household_number="P2")],
        Register.SPECIAL: [
            person(NEVER_POOR, category="orphan"),
            person(NEVER_POOR, category="disabled"),
            person(LISTED, category="orphan"),
        ],
        Register.ELSEWHERE: [record(AWAY, school_code="3188000001", school_name="省城小学"), record(IN_CLASS)],
    }
    return {register: rows_of(rows) for register, rows in said.items()}


def found(registers: Registers, *, file_hash: str = "0" * 64) -> tuple[list[Line], list[Line]]:
    """The findings and the children of some registers."""
    connection = connected(registers)
    compared = compare_registers(connection, DuckDBEngine(connection))
    make_children(connection, compared.links, compared.duplicates, as_of=AS_OF, age_from=6, age_to=14)
    make_findings(connection, input_hashes=dict.fromkeys(Register, file_hash))
    return _lines(connection, "findings"), _lines(connection, "children")


def _lines(connection: duckdb.DuckDBPyConnection, table: str) -> list[Line]:
    answer = connection.execute(f"select * from {table}")
    names = [column[0] for column in answer.description or ()]
    return [dict(zip(names, values, strict=True)) for values in answer.fetchall()]


@pytest.fixture(scope="module")
def judged() -> tuple[list[Line], list[Line]]:
    return found(county())


@pytest.fixture(scope="module")
def lines(judged: tuple[list[Line], list[Line]]) -> list[Line]:
    return judged[0]


@pytest.fixture(scope="module")
def children(judged: tuple[list[Line], list[Line]]) -> list[Line]:
    return judged[1]


def line_of(lines: Sequence[Line], kind: str, child: int) -> Line:
    [line] = [line for line in lines if line["kind"] == kind and line["name"] == NAMES[child]]
    return line


EXPECTED = {
    ("never_enrolled", NEVER): "auto",
    ("never_enrolled", NEVER_POOR): "auto",
    ("never_enrolled", LEFT_SCHOOL): "review",
    ("never_enrolled", LISTED): "review",
    ("absent", ON_NO_ROLL): "auto",
    ("absent", MARKED_ABSENT): "auto",
    ("absent", NO_ROLL_GIVEN): "review",
    ("enrolled_elsewhere", AWAY): "auto",
    ("attending_unregistered", NO_RECORD): "auto",
    ("no_household", OUTSIDER): "auto",
    ("duplicate_student", TWICE_RECORDED): "auto",
    ("duplicate_household", TWICE_ENTERED): "auto",
    ("identity_mismatch", OTHER_NAME): "auto",
    ("deceased_on_roll", DEAD): "auto",
}


def test_every_child_has_the_findings_it_should_and_no_other(lines: list[Line]) -> None:
    assert {(line["kind"], NAMES.index(line["name"])): line["decision"] for line in lines} == EXPECTED
    assert len(lines) == len(EXPECTED)


def test_every_kind_of_finding_occurs() -> None:
    assert {kind for kind, _ in EXPECTED} == set(FindingKind)


def test_findings_come_in_the_order_of_their_kinds(lines: list[Line]) -> None:
    order = [kind.value for kind in FindingKind]
    places = [order.index(line["kind"]) for line in lines]
    assert places == sorted(places)


def test_numbers_are_masked_and_stand_in_no_other_column(lines: list[Line]) -> None:
    assert all(re.fullmatch(r"990000\*{11}[0-9X]", line["id_number"]) for line in lines)
    told = " ".join(str(value) for line in lines for column, value in line.items() if column != "id_number")
    # Neither a whole number nor a part that shows birth date and sequence together.
    numbers = [person(child)["id_number"] for child in range(len(NAMES))]
    assert not [known for known in numbers if known[6:17] in told]


def test_reasons_are_chinese_sentences(lines: list[Line]) -> None:
    assert all(re.search("[\u4e00-\u9fff]{4}", line["reason"]) for line in lines)
    assert not [line["reason"] for line in lines if re.search(r"None|nan|\{|_|true|false", line["reason"])]


@pytest.mark.parametrize(
    ("kind", "child", "words"),
    [
        ("never_enrolled", NEVER, ["户籍在册的学龄儿童", "查不到学籍", "不在任何花名册上"]),
        ("never_enrolled", LEFT_SCHOOL, ["转出", "没有找到接收学校"]),
        ("never_enrolled", LISTED, ["特殊群体名单", "入户核实"]),
        ("absent", ON_NO_ROLL, ["有学籍", "双河小学"]),
        ("absent", MARKED_ABSENT, ["缺勤", "2025-09-04"]),
        ("absent", NO_ROLL_GIVEN, ["石桥小学", "没有交花名册"]),
        ("enrolled_elsewhere", AWAY, ["县外学籍第 1 行"]),
        ("attending_unregistered", NO_RECORD, ["双河小学", "补办学籍"]),
        ("no_household", OUTSIDER, ["户籍中查不到", "随迁"]),
        ("duplicate_student", TWICE_RECORDED, ["学籍第", "是同一人"]),
        ("duplicate_household", TWICE_ENTERED, ["户籍第", "是同一人"]),
        ("identity_mismatch", OTHER_NAME, ["姓名不一致（户籍“", "”、学籍“", "性别不一致（户籍“"]),
        ("deceased_on_roll", DEAD, ["死亡注销", "有学籍"]),
    ],
)
def test_a_line_says_why_it_is_there(kind: str, child: int, words: list[str], lines: list[Line]) -> None:
    reason = line_of(lines, kind, child)["reason"]
    assert [word for word in words if word not in reason] == []


def test_an_unclear_entry_is_asked_after_and_the_line_says_so() -> None:
    children = (NEVER, ON_NO_ROLL, TWICE_ENTERED)
    unclear = [
        {**row, "household_status": "unclear"} if row["name"] in [NAMES[child] for child in children] else row
        for row in county()[Register.HOUSEHOLD]
    ]
    lines, _ = found({**county(), Register.HOUSEHOLD: unclear})
    never, absent = line_of(lines, "never_enrolled", NEVER), line_of(lines, "absent", ON_NO_ROLL)
    twice = line_of(lines, "duplicate_household", TWICE_ENTERED)
    assert {line["decision"] for line in (never, absent, twice)} == {"review"}
    assert "“户口状态”看不出是正常、死亡注销还是迁出" in never["reason"]
    assert "“户口状态”看不出是正常、死亡注销还是迁出" in absent["reason"]


def test_what_differs_is_named_by_column(lines: list[Line]) -> None:
    assert line_of(lines, "identity_mismatch", OTHER_NAME)["differs"] == "name;sex"
    assert {line["differs"] for line in lines if line["kind"] != "identity_mismatch"} == {""}


def test_poverty_households_are_marked_for_the_third_comparison(lines: list[Line]) -> None:
    poor = {(line["kind"], line["name"]) for line in lines if line["poverty_household"]}
    assert poor == {("never_enrolled", NAMES[NEVER_POOR]), ("absent", NAMES[MARKED_ABSENT])}
    assert line_of(lines, "never_enrolled", NEVER_POOR)["poverty_row"] == 1


def test_special_groups_stand_in_chinese_each_once(lines: list[Line]) -> None:
    assert line_of(lines, "never_enrolled", NEVER_POOR)["special_groups"] == "孤儿;残疾"
    assert line_of(lines, "never_enrolled", NEVER)["special_groups"] == ""


def test_a_line_carries_the_child_and_the_rows_it_speaks_of(lines: list[Line]) -> None:
    line = line_of(lines, "absent", MARKED_ABSENT)
    said = {name: line[name] for name in ("household_row", "student_row", "roll_row", "birth_date", "sex", "stage")}
    born = date.fromisoformat(person(MARKED_ABSENT)["birth_date"])
    assert said == {
        "household_row": 5, "student_row": 3, "roll_row": 8, "birth_date": born, "sex": "F", "stage": "primary",
    }  # fmt: skip
    assert line["school_code"] == "3199000001"


def test_a_finding_keeps_its_id_on_the_same_files_and_only_on_them(lines: list[Line]) -> None:
    ids = [line["finding_id"] for line in lines]
    again, _ = found(county())
    other, _ = found(county(), file_hash="1" * 64)
    assert len(set(ids)) == len(ids)
    assert [line["finding_id"] for line in again] == ids
    assert not set(ids) & {line["finding_id"] for line in other}


def test_the_id_of_a_finding_does_not_hang_on_the_identity_number(lines: list[Line]) -> None:
    """With another number on every row the ids are the same: nobody can find a number by trying."""
    changed = {
        register: [
            {**row, "id_number": number(row["birth_date"].isoformat(), 600 + 2 * NAMES.index(row["name"]))}
            if row.get("id_number") and row["name"] in NAMES
            else row
            for row in rows
        ]
        for register, rows in county().items()
    }
    [renamed] = [row for row in changed[Register.STUDENT] if row["name"] == "徐紫萱"]
    [known] = [row for row in changed[Register.HOUSEHOLD] if row["name"] == NAMES[OTHER_NAME]]
    changed[Register.STUDENT] = [
        {**row, "id_number": known["id_number"]} if row is renamed else row for row in changed[Register.STUDENT]
    ]
    findings, _ = found(changed)
    assert {line["finding_id"] for line in findings} == {line["finding_id"] for line in lines}


def test_everybody_in_a_register_is_one_child(children: list[Line]) -> None:
    assert [child["child"] for child in children] == list(range(1, len(children) + 1))
    # Seventeen people of the table and a grown-up; a record elsewhere that is nobody's here would be no child.
    assert len(children) == 18


@pytest.mark.parametrize(
    ("child", "status"),
    [
        (IN_CLASS, "01"), (NO_RECORD, "02"), (AWAY, "04"), (DEAD, "14"), (MOVED, "15"), (NEVER, "17"), (ON_NO_ROLL, "17"),
        (LEFT_SCHOOL, "17"), (TOO_YOUNG, None),
    ],
)  # fmt: skip
def test_every_child_has_its_schooling_status(child: int, status: str | None, children: list[Line]) -> None:
    rows = county()[Register.HOUSEHOLD]
    row = next(row["row"] for row in rows if row["name"] == NAMES[child])
    [line] = [line for line in children if line["household_row"] == row]
    assert line["schooling_status"] == status
    assert line["school_age"] == (child != TOO_YOUNG)


def test_a_child_knows_its_findings_and_whether_somebody_must_look(children: list[Line]) -> None:
    by_row = {line["household_row"]: line for line in children}
    assert by_row[1]["finding_kinds"] is None
    assert by_row[2]["finding_kinds"] == "never_enrolled"
    reviewed = {line["household_row"] for line in children if line["needs_review"]}
    # 学校没交花名册, 转出未落实, and the child known from a list alone.
    assert reviewed == {13, 14, None}
