"""A county of some twenty children, as the comparison hands it over. All invented; 99 is no province."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from baoxue.matching.output import RunFacts, write_outputs
from baoxue.policy.registers import Register
from baoxue.reading.report import ColumnReport, ReadReport, Reject, SheetLeftOut, UnusableCell

CANONICAL = """
    row INTEGER, sheet VARCHAR, line INTEGER, name VARCHAR, sex VARCHAR, birth_date DATE, birth_month INTEGER,
    id_type VARCHAR, id_number VARCHAR, id_state VARCHAR, student_number VARCHAR, school_code VARCHAR,
    school_name VARCHAR, class_name VARCHAR, grade TINYINT, admission INTEGER, student_status VARCHAR,
    attendance VARCHAR, absent_since DATE, household_number VARCHAR, head_name VARCHAR, relation_to_head VARCHAR,
    address VARCHAR, region_code VARCHAR, guardian_name VARCHAR, guardian_id_number VARCHAR, phone VARCHAR,
    household_status VARCHAR, household_type VARCHAR, category VARCHAR, migrant_child BOOLEAN,
    left_behind_child BOOLEAN, remark VARCHAR
"""
LINKS = """
    "left" VARCHAR, left_row INTEGER, "right" VARCHAR, right_row INTEGER, decision VARCHAR, confidence DOUBLE,
    method VARCHAR, evidence VARCHAR
"""
FINDINGS = """
    finding_id VARCHAR, kind VARCHAR, decision VARCHAR, confidence DOUBLE, household_row INTEGER,
    student_row INTEGER, roll_row INTEGER, poverty_row INTEGER, name VARCHAR, sex VARCHAR, birth_date DATE,
    id_number VARCHAR, stage VARCHAR, school_code VARCHAR, poverty_household BOOLEAN, special_groups VARCHAR,
    differs VARCHAR, reason VARCHAR, elsewhere_row INTEGER
"""
CHILDREN = """
    child INTEGER, household_row INTEGER, student_row INTEGER, roll_row INTEGER, poverty_row INTEGER,
    special_row INTEGER, elsewhere_row INTEGER, school_age BOOLEAN, schooling_status VARCHAR, stage VARCHAR,
    expected_grade TINYINT, poverty_household BOOLEAN, special_groups VARCHAR, finding_kinds VARCHAR,
    needs_review BOOLEAN
"""

Row = Mapping[str, Any]


def make_table(connection: duckdb.DuckDBPyConnection, name: str, columns: str, rows: Iterable[Row]) -> None:
    """A table with these rows; what a row does not say is null."""
    connection.execute(f"CREATE TABLE {name} ({columns})")
    for row in rows:
        names = ", ".join(f'"{column}"' for column in row)
        connection.execute(f"INSERT INTO {name} ({names}) VALUES ({', '.join('?' * len(row))})", [*row.values()])


def number(sequence: int) -> str:
    """An identity number of nobody, eighteen characters long."""
    return f"99012220140506{sequence:03}X"


def _household(row: int, name: str, **more: Any) -> Row:
    return {
        "row": row, "line": row + 1, "name": name, "sex": "M", "birth_date": date(2014, 5, 6), "id_type": "resident",
        "id_number": number(row), "id_state": "valid", "household_number": f"0{row}", "head_name": "杨某某",
        "relation_to_head": "子", "address": "云岫县双河镇杉木村三组12号", "guardian_name": "杨某某",
        "phone": "13800000000", "household_status": "normal", **more,
    }  # fmt: skip


def _student(row: int, name: str, **more: Any) -> Row:
    return {
        "row": row, "line": row + 1, "name": name, "sex": "M", "birth_date": date(2014, 5, 6), "id_type": "resident",
        "id_number": number(row), "id_state": "valid", "student_number": f"G{number(row)}",
        "school_code": "3199000001", "school_name": "双河镇中心小学", "grade": 6, "class_name": "2班",
        "student_status": "enrolled", **more,
    }  # fmt: skip


def _roll(row: int, name: str, **more: Any) -> Row:
    return {
        "row": row, "line": row + 1, "name": name, "school_code": "3199000001", "grade": 6, "class_name": "2班", **more
    }  # fmt: skip


def _child(child: int, **more: Any) -> Row:
    return {
        "child": child, "school_age": True, "schooling_status": "01", "stage": "primary", "expected_grade": 6,
        "poverty_household": False, "needs_review": False, **more,
    }  # fmt: skip


def _finding(finding_id: str, kind: str, name: str, **more: Any) -> Row:
    return {
        "finding_id": finding_id, "kind": kind, "decision": "auto", "confidence": 0.97, "name": name, "sex": "M",
        "birth_date": date(2014, 5, 6), "id_number": "990122***********X", "stage": "primary",
        "poverty_household": False, "reason": "户籍里有，全县学籍和点名册里没有这个人，也没有相近的人。", **more,
    }  # fmt: skip


HOUSEHOLDS = [
    *(_household(row, f"杨昌{row}") for row in range(1, 9)),  # in all three
    _household(9, "龙小满", sex="F", birth_date=date(2019, 3, 1)),  # never enrolled, poor, disabled
    _household(10, "潘㛃", sex="F"),  # never enrolled, to be reviewed
    _household(11, "阿依努尔·买买提明", sex="F"),  # schooling elsewhere
    _household(12, "吴秀英", sex="F"),  # record, on no roll
    _household(13, "欧阳天佑", id_number="990122201405013000", id_state="truncated"),  # on the roll as absent
    _household(14, "石头", birth_date=date(2013, 1, 2)),  # on a roll, no record
    _household(15, "=cmd|' /C calc'!A0", address="+1 <b>&\"村\""),  # a name that a spreadsheet would run
    _household(16, "已故者", household_status="deceased"),  # dead, in no other register
    _household(17, "杨小", birth_date=date(2022, 1, 1)),  # too young
]  # fmt: skip
STUDENTS = [
    *(_student(row, f"杨昌{row}") for row in range(1, 9)),
    _student(9, "吴秀英", sex="F", id_number=number(12)),
    _student(10, "欧阳天佑", id_number=number(13)),
    _student(11, "外来一", id_number=number(21), address="邻县"),  # no household here
    _student(12, "外来二", id_number=number(22), birth_date=None),  # no household, birth date only in the number
    _student(13, "=cmd|' /C calc'!A0", id_number=number(15)),
]  # fmt: skip
ROLLS = [
    *(_roll(row, f"杨昌{row}") for row in range(1, 9)),
    _roll(9, "欧阳天佑", attendance="absent", absent_since=date(2025, 9, 4)),
    _roll(10, "石头", school_name="石桥小学", school_code="3199000002"),
    _roll(11, "外来一"),
    _roll(12, "外来二"),
    _roll(13, "某某"),  # in no other register
    _roll(14, "=cmd|' /C calc'!A0"),
]  # fmt: skip
POVERTY = [
    {"row": 1, "name": "龙小满", "household_number": "P01", "household_type": "脱贫户"},
    {"row": 2, "name": "无名册", "household_number": "P02"},
]
SPECIAL = [{"row": 1, "name": "龙小满", "category": "disabled"}]
ELSEWHERE = [
    {
        "row": 7,
        "name": "阿依努尔·买买提明",
        "school_code": "3100000009",
        "school_name": "省城第一小学",
        "grade": 6,
    },
]

LINK_ROWS = [
    *({"left": "student", "left_row": row, "right": "roll", "right_row": row, "decision": "auto",
       "confidence": 0.9991, "method": "student_number"} for row in range(8, 0, -1)),
    *({"left": "household", "left_row": row, "right": "student", "right_row": row, "decision": "auto",
       "confidence": 0.99951234567, "method": "id_number"} for row in range(1, 9)),
    {"left": "household", "left_row": 13, "right": "student", "right_row": 10, "decision": "review",
     "confidence": 0.7, "method": "=model"},
]  # fmt: skip
FINDING_ROWS = [
    _finding("f12", "absent", "吴秀英", sex="F", household_row=12, student_row=9, school_code="3199000001"),
    _finding("f13", "absent", "欧阳天佑", household_row=13, student_row=10, roll_row=9, decision="review",
             confidence=0.7, poverty_household=True, school_code="3199000001"),
    _finding("f09", "never_enrolled", "龙小满", sex="F", household_row=9, poverty_row=1, poverty_household=True,
             special_groups="残疾", birth_date=date(2019, 3, 1)),
    _finding("f10", "never_enrolled", "潘㛃", sex="F", household_row=10, decision="review", confidence=0.6),
    _finding("f11", "enrolled_elsewhere", "阿依努尔·买买提明", sex="F", household_row=11, elsewhere_row=7),
    _finding("f14", "attending_unregistered", "石头", household_row=14, roll_row=10, school_code="3199000002"),
    _finding("f16", "attending_unregistered", "某某", roll_row=13, decision="review", birth_date=None, stage=None),
    _finding("f17", "no_household", "外来一", student_row=11, roll_row=11),
    _finding("f18", "no_household", "外来二", student_row=12, roll_row=12, decision="review", birth_date=None),
    _finding("f15", "identity_mismatch", "=cmd|' /C calc'!A0", household_row=15, student_row=13, differs="name",
             reason="-两册姓名写法不同 <script>alert(1)</script>"),
]  # fmt: skip
CHILD_ROWS = [
    *(_child(row, household_row=row, student_row=row, roll_row=row) for row in range(1, 9)),
    _child(9, household_row=9, poverty_row=1, special_row=1, schooling_status="10", expected_grade=1,
           poverty_household=True, special_groups="残疾", finding_kinds="never_enrolled"),
    _child(10, household_row=10, schooling_status="17", finding_kinds="never_enrolled", needs_review=True),
    _child(11, household_row=11, elsewhere_row=7, schooling_status="04", finding_kinds="enrolled_elsewhere"),
    _child(12, household_row=12, student_row=9, schooling_status="08", finding_kinds="absent"),
    _child(13, household_row=13, student_row=10, roll_row=9, schooling_status="08", finding_kinds="absent",
           needs_review=True, poverty_household=True),
    _child(14, household_row=14, roll_row=10, schooling_status="02", expected_grade=7, stage="junior_secondary",
           finding_kinds="attending_unregistered"),
    _child(15, household_row=15, student_row=13, roll_row=14, finding_kinds="identity_mismatch"),
    _child(16, household_row=16, schooling_status="14"),
    _child(17, household_row=17, school_age=False, schooling_status=None, stage=None, expected_grade=-1),
    _child(18, student_row=11, roll_row=11, finding_kinds="no_household"),
    _child(19, student_row=12, roll_row=12, school_age=None, stage=None, expected_grade=None,
           finding_kinds="no_household", needs_review=True),
    _child(20, roll_row=13, school_age=None, schooling_status="02", stage=None, expected_grade=None,
           finding_kinds="attending_unregistered", needs_review=True),
    _child(21, poverty_row=2, poverty_household=True, schooling_status="17"),
]  # fmt: skip


def county_of(*, backwards: bool = False) -> duckdb.DuckDBPyConnection:
    """The county: eight children in all three registers, the others each with something of their own."""
    step = -1 if backwards else 1
    connection = duckdb.connect()
    registers = {
        Register.HOUSEHOLD: HOUSEHOLDS,
        Register.STUDENT: STUDENTS,
        Register.ROLL: ROLLS,
        Register.POVERTY: POVERTY,
        Register.SPECIAL: SPECIAL,
        Register.ELSEWHERE: ELSEWHERE,
    }
    for register, rows in registers.items():
        make_table(connection, register.value, CANONICAL, rows[::step])
    make_table(connection, "links", LINKS, LINK_ROWS[::step])
    make_table(connection, "findings", FINDINGS, FINDING_ROWS[::step])
    make_table(connection, "children", CHILDREN, CHILD_ROWS[::step])
    return connection


@pytest.fixture
def county() -> duckdb.DuckDBPyConnection:
    return county_of()


@pytest.fixture
def county_backwards() -> duckdb.DuckDBPyConnection:
    """The same county, every table in the opposite order."""
    return county_of(backwards=True)


@pytest.fixture
def nothing() -> duckdb.DuckDBPyConnection:
    """A county whose registers hold no row."""
    connection = duckdb.connect()
    for register in Register:
        make_table(connection, register.value, CANONICAL, [])
    make_table(connection, "links", LINKS, [])
    make_table(connection, "findings", FINDINGS, [])
    make_table(connection, "children", CHILDREN, [])
    return connection


def facts_of() -> RunFacts:
    """A run on 12 October for data of 20 September."""
    return RunFacts(
        county="990122",
        county_name="云岫县",
        as_of=date(2025, 9, 20),
        age_from=6,
        age_to=14,
        now=datetime(2025, 10, 12, 9, 14, tzinfo=UTC),
        seconds={"reading": 3.2, "comparing": 4.81},
        versions={"baoxue": "0.1.0", "rules": "2025.3"},
        warnings=("学籍册有 3 所学校一个学生也没有。", "有 9 个号码末位是 000。"),
    )


@pytest.fixture
def facts() -> RunFacts:
    return facts_of()


def _report(register: Register, rows: int, rejected: list[Reject] | None = None) -> ReadReport:
    rejected = rejected or []
    unusable = UnusableCell("Sheet1", 9, 8, "2014-13-45", "没有这一天")
    return ReadReport(
        register=register,
        file=f"{register.label}.xlsx",
        sha256=f"{len(register):064x}",
        size=12_345,
        format="xlsx",
        rows=rows + len(rejected),
        accepted=rows,
        rejected=rejected,
        skipped={"blank": 2, "repeated_header": 0, "total": 1, "note": 0},
        sheets=["Sheet1"],
        sheets_left_out=[SheetLeftOut("说明", "没有姓名列")],
        columns=[
            ColumnReport("name", "姓 名", "synonym", changed={"spaces": 3}),
            ColumnReport("birth_date", "出生年月", "content", unusable=1, examples=[unusable]),
        ],
        headers_left_out=["政治面貌"],
        warnings=[f"有 {len(register)} 个号码末位是 000。"],
    )


def reports_of() -> dict[Register, ReadReport]:
    """Reports of the six files, three rows of which could not be used."""
    rejected = [
        Reject("Sheet1", 14, 12, "姓名", "=H*", "没有姓名"),
        Reject(None, 15, 13, "姓名", "", '姓名里\n有换行, 和“引号"'),
    ]
    return {
        Register.HOUSEHOLD: _report(Register.HOUSEHOLD, len(HOUSEHOLDS), rejected),
        Register.STUDENT: _report(Register.STUDENT, len(STUDENTS)),
        Register.ROLL: _report(Register.ROLL, len(ROLLS), [Reject("一年级", 3, 2, "姓名", "", "没有姓名")]),
        Register.POVERTY: _report(Register.POVERTY, len(POVERTY)),
        Register.SPECIAL: _report(Register.SPECIAL, len(SPECIAL)),
        Register.ELSEWHERE: _report(Register.ELSEWHERE, len(ELSEWHERE)),
    }


@pytest.fixture
def reports() -> dict[Register, ReadReport]:
    return reports_of()


@pytest.fixture(scope="session")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the whole result of the county; tests only read it."""
    out = tmp_path_factory.mktemp("county") / "result"
    write_outputs(county_of(), facts=facts_of(), reports=reports_of(), out=out)
    return out


@pytest.fixture
def whole_numbers() -> tuple[str, ...]:
    """Every whole identity number in the county."""
    return tuple(row["id_number"] for row in (*HOUSEHOLDS, *STUDENTS) if "id_number" in row)
