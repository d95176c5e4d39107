"""Sex, attendance and household status as files write them; labels of the registers' columns."""

from __future__ import annotations

import pytest

from baoxue.policy.attendance import Attendance, attendance_of, is_away
from baoxue.policy.findings import Decision, FindingKind
from baoxue.policy.householdstatus import HouseholdStatus, household_status_of
from baoxue.policy.idnumber import IdState, IdType
from baoxue.policy.labelled import Labelled
from baoxue.policy.registers import COLUMNS, Column, Register
from baoxue.policy.schoolingstatus import SchoolingStatus
from baoxue.policy.schoolyear import SchoolStage, Semester
from baoxue.policy.sex import SEX_LABELS, sex_of
from baoxue.policy.specialgroup import SpecialGroup
from baoxue.policy.studentnumber import StudentNumberKind
from baoxue.policy.studentstatus import StudentStatus

ENUMERATIONS: list[type[Labelled]] = [
    *(
        Attendance,
        Decision,
        FindingKind,
        HouseholdStatus,
        IdState,
        IdType,
        SchoolingStatus,
        SchoolStage,
        Semester,
    ),
    *(SpecialGroup, StudentNumberKind, StudentStatus),
]


@pytest.mark.parametrize(
    ("written", "sex"),
    [
        *(("男", "M"), ("男性", "M"), ("1", "M"), ("1.0", "M"), ("m", "M"), ("1-男", "M")),
        *(("女", "F"), (" 女 ", "F"), ("2", "F"), ("２", "F"), ("Female", "F")),
        *(("", None), ("0", None), ("9", None), ("未知", None), ("男女", None)),
    ],
)
def test_sex_is_known_by_word_and_by_the_code_of_gb_2261(written: str, sex: str | None) -> None:
    assert sex_of(written) == sex


def test_the_labels_of_the_sexes_are_read_back() -> None:
    assert {sex_of(label): label for label in SEX_LABELS.values()} == SEX_LABELS


@pytest.mark.parametrize(
    ("written", "attendance", "away"),
    [
        ("在校", Attendance.PRESENT, False),
        ("√", Attendance.PRESENT, False),
        ("病假", Attendance.EXCUSED, False),
        ("旷课", Attendance.ABSENT, True),
        ("×", Attendance.ABSENT, True),
        ("未报到", Attendance.NO_SHOW, True),
        ("送教上门", Attendance.HOMEBOUND, False),
        ("", None, False),
        ("待查", None, False),
    ],
)
def test_a_roll_says_who_is_away_and_what_it_does_not_say_counts_as_present(
    written: str, attendance: Attendance | None, away: bool
) -> None:
    assert attendance_of(written) is attendance
    assert is_away(attendance) is away


@pytest.mark.parametrize("attendance", list(Attendance))
def test_every_attendance_is_known_by_its_own_label_and_code(attendance: Attendance) -> None:
    assert attendance_of(attendance.label) is attendance
    assert attendance_of(attendance.value) is attendance


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("正常", HouseholdStatus.NORMAL),
        ("死亡注销", HouseholdStatus.DECEASED),
        ("注销（死亡）", HouseholdStatus.DECEASED),
        ("迁出", HouseholdStatus.MOVED_OUT),
        ("出国定居注销", HouseholdStatus.MOVED_OUT),
        ("迁往贵阳市", HouseholdStatus.MOVED_OUT),
        ("2021年户口迁至外省", HouseholdStatus.MOVED_OUT),
        ("迁出（婚嫁）", HouseholdStatus.MOVED_OUT),
        ("因病死亡", HouseholdStatus.DECEASED),
        ("溺水身亡", HouseholdStatus.DECEASED),
        ("由凯里迁入", HouseholdStatus.NORMAL),
        ("家庭户", HouseholdStatus.NORMAL),
        ("未迁出", HouseholdStatus.NORMAL),
        ("注销", None),  # a death, a move abroad or a double entry
        ("重户注销", None),
        ("空挂", None),  # in force, but the child lives somewhere else
        ("人户分离", None),
        ("待迁出", None),
        ("拟迁往贵阳", None),
        ("父亲死亡", None),
        ("迁至本县", None),
        ("由外省迁入后迁出", None),
        ("失踪", None),
        ("", None),
    ],
)
def test_a_household_entry_is_dead_or_gone_only_where_the_cell_says_so(
    written: str, status: HouseholdStatus | None
) -> None:
    assert household_status_of(written) is status


@pytest.mark.parametrize("status", list(HouseholdStatus))
def test_every_household_status_is_known_by_its_own_label_and_code(status: HouseholdStatus) -> None:
    assert household_status_of(status.label) is status
    assert household_status_of(status.value) is status


@pytest.mark.parametrize("enumeration", ENUMERATIONS)
def test_every_code_is_plain_and_has_a_chinese_label_of_its_own(enumeration: type[Labelled]) -> None:
    members = list(enumeration)
    assert [member for member in members if not member.value.isascii() or member.label.isascii()] == []
    assert len({member.label for member in members}) == len(members)


def test_every_register_has_a_label_and_columns_with_headers_of_their_own() -> None:
    assert set(COLUMNS) == set(Register)
    assert {register.label for register in Register} == {
        "户籍",
        "学籍",
        "在校",
        "脱贫户",
        "特殊群体",
        "县外学籍",
    }
    doubled = [r for r, columns in COLUMNS.items() if len({spec.header for spec in columns.values()}) != len(columns)]
    assert doubled == []


def test_the_same_column_has_the_header_of_its_register() -> None:
    assert Column.ID_NUMBER.label(Register.HOUSEHOLD) == "公民身份号码"
    assert Column.ID_NUMBER.label(Register.STUDENT) == "身份证件号"
