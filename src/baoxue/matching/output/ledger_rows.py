"""The queries behind the ledgers: one row = one child, columns named as `ledger_columns` asks for them."""

from __future__ import annotations

from baoxue.matching.output.counted import counted
from baoxue.matching.output.facts import RunFacts
from baoxue.matching.output.ledger_columns import (
    DROPOUT_COLUMNS,
    SCHOOL_AGE_COLUMNS,
    SUSPECTED_COLUMNS,
    Ledger,
)
from baoxue.matching.output.meeting import AWAY
from baoxue.matching.output.sqltext import labels, listed, order_of, quoted, said
from baoxue.policy.attendance import Attendance
from baoxue.policy.findings import Decision, FindingKind
from baoxue.policy.householdstatus import HouseholdStatus
from baoxue.policy.idnumber import IdState, IdType
from baoxue.policy.registers import Register
from baoxue.policy.schoolingstatus import SchoolingStatus
from baoxue.policy.schoolyear import SchoolStage
from baoxue.policy.sex import SEX_LABELS

SUSPECTED_KINDS = (FindingKind.NEVER_ENROLLED, FindingKind.ABSENT)
"""Findings that propose a row of the second ledger."""

GRADES = (*(f"{number}年级" for number in "一二三四五六七八九"), "高一", "高二", "高三")
_SURE: dict[str, str] = {Decision.AUTO: "（比对有把握）", Decision.REVIEW: "（比对没有把握）"}
_NOT_THERE = [attendance for attendance in Attendance if attendance is not Attendance.PRESENT]
_HERE = (SchoolingStatus.ENROLLED, SchoolingStatus.ATTENDING_UNREGISTERED, SchoolingStatus.HOMEBOUND)
# Documents whose number has the birth date in its 7th to 14th place.
DATED = (IdType.RESIDENT, IdType.HMT_RESIDENCE)
_ELSEWHERE = (SchoolingStatus.ELSEWHERE_CONFIRMED, SchoolingStatus.ELSEWHERE_UNCONFIRMED)

# Table aliases of the registers in every query here.
_ALIASES = {
    Register.HOUSEHOLD: "h",
    Register.STUDENT: "s",
    Register.ROLL: "r",
    Register.POVERTY: "p",
    Register.SPECIAL: "g",
    Register.ELSEWHERE: "e",
}


def ledgers(facts: RunFacts, *, poverty_given: bool) -> tuple[Ledger, Ledger, Ledger]:
    """The three ledgers of a run. Without a poverty register nobody is said to be in no poverty household."""
    return (
        Ledger(
            "适龄儿童台账",
            SCHOOL_AGE_COLUMNS,
            "由四查比对填写户籍登记的和本县学校里的学龄儿童，空白栏由填报单位补齐。",
            _school_age_rows(poverty_given=poverty_given),
        ),
        Ledger(
            "疑似辍学学生台账",
            SUSPECTED_COLUMNS,
            "由三比对提出，只是线索，不是结论：每一行都待核实，台账编号即 findings.csv 的 finding_id。",
            _suspected_rows(facts, poverty_given=poverty_given),
        ),
        Ledger(
            "辍学学生台账",
            DROPOUT_COLUMNS,
            "比对不认定辍学，本表没有由它填写的行。经人核实、认定以后再登记。",
        ),
    )


def _school_age_rows(*, poverty_given: bool) -> str:
    sources = ", ".join(f"CASE WHEN c.{name}_row IS NOT NULL THEN {quoted(name.label)} END" for name in Register)
    kinds = _labels_of_list("c.finding_kinds")
    at_home = f"schooling_status = {quoted(SchoolingStatus.HOMEBOUND)}"
    status = {kind.value: f"{kind.value} {kind.label}" for kind in SchoolingStatus}
    return f"""
        WITH {SCHOOL_NAMES}, chosen AS (
            SELECT c.*, {identity()}, {SCHOOLING}
            FROM children c {joins("c")}
            WHERE {counted()}
        )
        SELECT row_number() OVER (ORDER BY child) AS position, position AS number, {_IDENTITY_VALUES},
               {said("stage", labels(SchoolStage))}
                   || coalesce('（' || {_grade_words("expected_grade")} || '）', '') AS stage,
               {said("schooling_status", status)} AS schooling_status,
               {_SCHOOLING_VALUES},
               CASE WHEN schooling_status IN ({listed(_HERE)}) THEN '本县'
                    WHEN schooling_status IN ({listed(_ELSEWHERE)}) THEN '县外' END AS school_place,
               CASE WHEN {at_home} THEN '送教上门' END AS attendance_mode,
               {_yes_no("poverty_household", poverty_given)} AS poverty_household, poverty_number,
               replace(special_groups, ';', '、') AS special_groups, sources,
               concat_ws('；', '比对发现：' || nullif(finding_words, ''),
                         CASE WHEN needs_review THEN '待人工复核' END, id_remark) AS remark
        FROM (SELECT c.*, {kinds} AS finding_words, concat_ws('、', {sources}) AS sources FROM chosen c)
    """


def _suspected_rows(facts: RunFacts, *, poverty_given: bool) -> str:
    order = f"{order_of('kind', SUSPECTED_KINDS)}, household_row, student_row, roll_row, finding_id"
    kind = f"{said('kind', labels(FindingKind))} || {said('decision', _SURE)}"
    return f"""
        WITH {SCHOOL_NAMES}, proposed AS (
            SELECT *, NULL::INTEGER AS special_row FROM findings WHERE kind IN ({listed(SUSPECTED_KINDS)})
        ), chosen AS (
            SELECT f.* EXCLUDE (name, sex, birth_date, id_number, school_code), NULL AS schooling_status,
                   r.absent_since, r.attendance,
                   {identity()}, {SCHOOLING}
            FROM proposed f {joins("f")}
        )
        SELECT row_number() OVER (ORDER BY {order}) AS position, finding_id,
               {_IDENTITY_VALUES}, {_SCHOOLING_VALUES},
               '三比对' AS lead, absent_since, DATE '{facts.finished:%Y-%m-%d}' AS found_on,
               {said("attendance", labels(_NOT_THERE))} AS attendance,
               {_yes_no("poverty_household", poverty_given)} AS poverty_household,
               replace(special_groups, ';', '、') AS special_groups, '待核实' AS state,
               concat_ws('；', {kind}, reason, id_remark) AS remark
        FROM chosen
    """


def joins(owner: str) -> str:
    """The registers joined to a table with one row number of each, under the aliases used here."""
    return "\n".join(
        f"LEFT JOIN {register.value} {alias} ON {alias}.row = {owner}.{register.value}_row"
        for register, alias in _ALIASES.items()
    )


def _first(column: str, registers: str) -> str:
    return f"coalesce({', '.join(f'{alias}.{column}' for alias in registers)})"


def identity() -> str:
    """Who the child is, from the first register that says so; a valid number goes before one that is not."""
    number = "{{'number': {0}.id_number, 'type': {0}.id_type, 'state': {0}.id_state}}"
    valid = [
        f"CASE WHEN {alias}.id_state = {quoted(IdState.VALID)} THEN {number.format(alias)} END"
        for alias in _ALIASES.values()
    ]
    written = [
        f"CASE WHEN {alias}.id_number IS NOT NULL THEN {number.format(alias)} END" for alias in _ALIASES.values()
    ]
    return f"""
        {_first("name", "hsrpge")} AS its_name, {_first("sex", "hsrpge")} AS its_sex,
        {_first("birth_date", "hsrpge")} AS its_birth_date,
        coalesce({", ".join([*valid, *written])}) AS document,
        h.household_number, coalesce(h.head_name, p.head_name) AS head_name, h.relation_to_head,
        coalesce(h.address, s.address, e.address) AS address, h.household_status,
        {_first("guardian_name", "hsge")} AS guardian_name, {_first("phone", "hse")} AS phone,
        {_first("student_number", "sre")} AS student_number, p.household_number AS poverty_number
    """


# Where the child goes to school: the roll it answers on, then its record, then the roll that misses it.
SCHOOLING = f"""
    CASE WHEN schooling_status IN ({listed(_ELSEWHERE)}) AND e.row IS NOT NULL
              THEN {{'code': e.school_code, 'name': e.school_name, 'grade': e.grade, 'class': e.class_name}}
         WHEN r.row IS NOT NULL AND (r.attendance IS NULL OR r.attendance NOT IN ({listed(AWAY)}))
              THEN {{'code': r.school_code, 'name': r.school_name, 'grade': r.grade, 'class': r.class_name}}
         WHEN s.row IS NOT NULL
              THEN {{'code': s.school_code, 'name': s.school_name, 'grade': s.grade, 'class': s.class_name}}
         WHEN r.row IS NOT NULL
              THEN {{'code': r.school_code, 'name': r.school_name, 'grade': r.grade, 'class': r.class_name}}
         WHEN e.row IS NOT NULL
              THEN {{'code': e.school_code, 'name': e.school_name, 'grade': e.grade, 'class': e.class_name}}
    END AS school
"""

# One row = one school code; the name most rows give it (a roll may carry the code alone).
SCHOOL_NAMES = """
    school_names AS (
        SELECT school_code, max_by(school_name, row(times, school_name)) AS school_name
        FROM (SELECT school_code, school_name, count(*) AS times
              FROM (SELECT school_code, school_name FROM student
                    UNION ALL SELECT school_code, school_name FROM roll)
              WHERE school_code IS NOT NULL AND school_name IS NOT NULL GROUP BY ALL)
        GROUP BY school_code
    )
"""


def _grade_words(expression: str) -> str:
    return f"[{listed(GRADES)}][{expression}]"


def _labels_of_list(expression: str) -> str:
    """`absent;no_household` → `有籍不在校、无户籍`."""
    text = f"replace({expression}, ';', '、')"
    for kind in FindingKind:
        text = f"replace({text}, {quoted(kind.value)}, {quoted(kind.label)})"
    return text


def _yes_no(flag: str, known: bool) -> str:
    return f"CASE WHEN {flag} THEN '是' ELSE '否' END" if known else "NULL"


_IDENTITY_VALUES = f"""
    its_name AS name, {said("its_sex", {str(sex): label for sex, label in SEX_LABELS.items()})} AS sex,
    coalesce(its_birth_date, CASE
        WHEN document.state = {quoted(IdState.VALID)} AND document.type IN ({listed(DATED)})
        THEN try_strptime(substr(document.number, 7, 8), '%Y%m%d')::DATE END) AS birth_date,
    {said("document.type", labels(IdType))} AS id_type, document.number AS id_number,
    CASE WHEN document.state NOT IN ({listed((IdState.VALID, IdState.OTHER))})
         THEN '证件号' || {said("document.state", labels(IdState))} END AS id_remark,
    household_number, head_name, relation_to_head, address,
    {said("household_status", labels(HouseholdStatus))} AS household_status,
    guardian_name, phone, student_number
"""

_SCHOOLING_VALUES = f"""
    school.code AS school_code,
    coalesce(school.name, (SELECT n.school_name FROM school_names n WHERE n.school_code = school.code))
        AS school_name,
    {_grade_words("school.grade")} AS grade, school.class AS class_name
"""
