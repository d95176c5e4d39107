"""What the bureau must look at: facts of each child judged by policy, with a sentence a clerk understands."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import duckdb
import pyarrow as pa

from baoxue.matching.linking import WORTH_A_LOOK
from baoxue.matching.reasons import reason
from baoxue.matching.secondlook import look_again
from baoxue.matching.tables import put
from baoxue.policy.attendance import Attendance
from baoxue.policy.findings import Decision, FindingKind
from baoxue.policy.householdstatus import HouseholdStatus
from baoxue.policy.idnumber import mask
from baoxue.policy.registers import Register
from baoxue.policy.schooling import SchoolingFacts, judge_schooling
from baoxue.policy.specialgroup import SpecialGroup
from baoxue.policy.studentstatus import StudentStatus, in_force

# One row = one child with everything that judging it takes.
_FACTS = """
create or replace table child_facts as
with lists as (
    select c.child,
        bool_or(m.register = 'poverty') as poverty_household,
        string_agg(distinct s.category, ';') as categories
    from child_rows c join members m on m.child = c.part
    left join special s on m.register = 'special' and s.row = m.row
    where m.register in ('poverty', 'special') group by c.child
), schools_with_roll as (
    select distinct school from people_roll where school is not null
), near as (
    select child, bool_or(other = 'household') as near_household, bool_or(other in ('student', 'elsewhere')) as near_record,
        bool_or(other = 'roll') as near_roll, arg_max(words, (confidence, words)) as near_words,
        max(confidence) as near_confidence
    from (
        select c.child, n."right" as other, n.words, n.confidence from near_misses n join members m
            on m.register = n."left" and m.row = n.left_row join child_rows c on c.part = m.child
        union all
        select c.child, n."left" as other, n.words, n.confidence from near_misses n join members m
            on m.register = n.right and m.row = n.right_row join child_rows c on c.part = m.child
        -- A family is not alarmed while the least likely record may be the child's; that a pupil has no record or no
        -- household here alarms nobody, and only a likely one is worth a look.
        where n.confidence >= {worth_a_look}
        union all
        select child, 'roll' as other, words, confidence from doubts
    ) group by child
), facts as (
    select c.*,
        h.household_status, s.student_status, r.attendance, e.student_status as elsewhere_status,
        coalesce(hp.birth_month, sp.birth_month, rp.birth_month, pp.birth_month, xp.birth_month) as birth_month,
        year(h.birth_date) * 100 + month(h.birth_date) as written_month,
        coalesce(h.birth_date, hp.any_birth, sp.any_birth, rp.any_birth, pp.any_birth, xp.any_birth) as birth_date,
        coalesce(h.name, s.name, r.name, p.name, x.name) as name,
        coalesce(hp.sex, sp.sex, rp.sex, pp.sex, xp.sex) as sex,
        coalesce(h.id_number, s.id_number, r.id_number, p.id_number, x.id_number, sp.number) as id_number,
        coalesce(sp.school, rp.school) as school,
        coalesce(r.school_code, s.school_code) as school_code,
        coalesce(r.school_name, s.school_name) as school_name,
        coalesce(s.grade, r.grade) as grade,
        r.absent_since,
        -- Rows of grown-ups stand in registers but not among the people compared.
        coalesce(c.household_row, c.student_row, c.roll_row, c.poverty_row, c.special_row) is not null
            and coalesce(hp.row, sp.row, rp.row, pp.row, xp.row) is null as is_adult,
        coalesce(l.poverty_household, false) as poverty_household,
        concat_ws(';', l.categories, case when s.left_behind_child then 'left_behind_child' end,
            case when s.migrant_child then 'migrant_child' end) as categories,
        coalesce(near.near_household, false) as near_household, coalesce(near.near_record, false) as near_record,
        coalesce(near.near_roll, false) as near_roll, near.near_words, near.near_confidence,
        w.school is not null or sp.school is null as roll_handed_in,
        hs.decision as hs_decision, hr.decision as hr_decision, sr.decision as sr_decision, he.decision as he_decision,
        hs.confidence as hs_confidence, sr.confidence as sr_confidence, hr.confidence as hr_confidence,
        he.confidence as he_confidence, coalesce(hs.evidence, hr.evidence, sr.evidence, he.evidence) as link_words
    from child_rows c
    left join household h on h.row = c.household_row left join people_household hp on hp.row = c.household_row
    left join student s on s.row = c.student_row left join people_student sp on sp.row = c.student_row
    left join roll r on r.row = c.roll_row left join people_roll rp on rp.row = c.roll_row
    left join poverty p on p.row = c.poverty_row left join people_poverty pp on pp.row = c.poverty_row
    left join special x on x.row = c.special_row left join people_special xp on xp.row = c.special_row
    left join elsewhere e on e.row = c.elsewhere_row
    left join lists l on l.child = c.child
    left join near on near.child = c.child
    left join schools_with_roll w on w.school = sp.school
    left join all_links hs on hs.left = 'household' and hs.right = 'student' and hs.left_row = c.household_row
        and hs.right_row = c.student_row
    left join all_links hr on hr.left = 'household' and hr.right = 'roll' and hr.left_row = c.household_row
        and hr.right_row = c.roll_row
    left join all_links sr on sr.left = 'student' and sr.right = 'roll' and sr.right_row = c.roll_row
    left join all_links he on he.left = 'household' and he.right = 'elsewhere' and he.left_row = c.household_row
        and he.right_row = c.elsewhere_row
)
select f.*,
    -- Two dates of birth of which only one is of school age: the child stays in question.
    case when a.school_age = b.school_age or b.school_age is null then a.school_age
        when a.school_age is null then b.school_age end as school_age,
    coalesce(a.stage, b.stage) as stage, coalesce(a.expected_grade, b.expected_grade) as expected_grade,
    f.is_adult as adult
from facts f
left join ages a on a.birth_month = f.birth_month
left join ages b on b.birth_month = f.written_month
"""

_COMBINATION = """
    case when adult then false else school_age end as school_age,
    case when household_row is not null then coalesce(household_status, 'normal') end as household,
    case when student_row is not null then coalesce(student_status, 'enrolled') end as record,
    case when roll_row is not null then coalesce(attendance, 'present') end as roll,
    case when elsewhere_row is not null then coalesce(elsewhere_status, 'enrolled') end as elsewhere,
    grade,
    coalesce(hs_decision, hr_decision, 'auto') = 'auto' as household_sure,
    coalesce(sr_decision, hr_decision, 'auto') = 'auto' as roll_sure,
    coalesce(he_decision, 'auto') = 'auto' as elsewhere_sure,
    near_household, near_record, near_roll, roll_handed_in,
    coalesce(household_row, student_row, roll_row, elsewhere_row) is null as listed_only,
    contains(categories, 'disabled') as disabled
"""

_FACT_NAMES = tuple(field.name for field in fields(SchoolingFacts))


def make_findings(connection: duckdb.DuckDBPyConnection, *, input_hashes: Mapping[Register, str]) -> None:
    """Make the tables `findings` and `children` from `child_rows`, `links`, `near_misses` and `duplicates`."""
    look_again(connection)
    connection.execute(_FACTS.format(worth_a_look=WORTH_A_LOOK))
    _judge(connection)
    rows = _schooling_findings(connection) + _duplicate_findings(connection) + _mismatch_findings(connection)
    _write_findings(connection, rows, input_hashes)
    connection.create_function("group_labels", special_group_labels, ["VARCHAR"], "VARCHAR")
    connection.execute(_CHILDREN)


def _judge(connection: duckdb.DuckDBPyConnection) -> None:
    """Judge each distinct combination of facts once."""
    combinations = connection.execute(f"select distinct {_COMBINATION} from child_facts order by all").fetchall()
    statuses: list[dict[str, Any]] = []
    findings: list[dict[str, Any]] = []
    for number, values in enumerate(combinations):
        facts = dict(zip(_FACT_NAMES, values, strict=True))
        judgement = judge_schooling(_typed(facts))
        statuses.append({**facts, "combination": number, "schooling_status": judgement.status})
        findings += [
            {"combination": number, "kind": kind.value, "decision": decision.value}
            for kind, decision in judgement.findings
        ]
    put(connection, "combinations", pa.Table.from_pylist(statuses, schema=_STATUS_SCHEMA))
    put(connection, "found", pa.Table.from_pylist(findings, schema=_FOUND_SCHEMA))
    same = " and ".join(f"j.{name} is not distinct from f.{name}" for name in _FACT_NAMES)
    connection.execute(
        f"""create or replace table judged as select f.child, j.combination, j.schooling_status
        from (select child, {_COMBINATION} from child_facts) f join combinations j on {same}"""
    )
    connection.execute(
        """create or replace table child_findings as
        select c.*, f.kind, f.decision from child_facts c join judged j using (child) join found f using (combination)"""
    )


_STATUS_SCHEMA = pa.schema(
    [
        ("school_age", pa.bool_()), ("household", pa.string()), ("record", pa.string()), ("roll", pa.string()),
        ("elsewhere", pa.string()), ("grade", pa.int8()), ("household_sure", pa.bool_()), ("roll_sure", pa.bool_()),
        ("elsewhere_sure", pa.bool_()), ("near_household", pa.bool_()), ("near_record", pa.bool_()),
        ("near_roll", pa.bool_()), ("roll_handed_in", pa.bool_()), ("listed_only", pa.bool_()), ("disabled", pa.bool_()),
        ("combination", pa.int32()), ("schooling_status", pa.string()),
    ]
)  # fmt: skip
_FOUND_SCHEMA = pa.schema([("combination", pa.int32()), ("kind", pa.string()), ("decision", pa.string())])


def _typed(facts: dict[str, Any]) -> SchoolingFacts:
    def member(kind: Any, name: str) -> Any:
        return None if facts[name] is None else kind(facts[name])

    return SchoolingFacts(
        **{
            **facts,
            "household": member(HouseholdStatus, "household"),
            "record": member(StudentStatus, "record"),
            "roll": member(Attendance, "roll"),
            "elsewhere": member(StudentStatus, "elsewhere"),
        }
    )


_ROW_NAMES = tuple(f"{register.value}_row" for register in Register)


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    answer = connection.execute(sql)
    names = [column[0] for column in answer.description or ()]
    return [dict(zip(names, values, strict=True)) for values in answer.fetchall()]


def _schooling_findings(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    rows = _rows(connection, "select * from child_findings order by child, kind")
    for row in rows:
        row["confidence"] = _confidence(row)
        row["differs"] = ""
        row["reason"] = reason(FindingKind(row["kind"]), row)
    return rows


def _confidence(row: Mapping[str, Any]) -> float:
    """How sure the finding is, in [0, 1]: by the link it rests on, or by the best link that would refute it."""
    kind = FindingKind(row["kind"])
    if kind is FindingKind.ENROLLED_ELSEWHERE:
        return float(row["he_confidence"] or 0.0)
    if kind is FindingKind.DECEASED_ON_ROLL:
        return float(row["hs_confidence"] or row["hr_confidence"] or 0.0)
    refuting = [row["near_confidence"]]
    if kind is FindingKind.NEVER_ENROLLED:
        # A sure link to a record that has ended refutes nothing.
        refuting += [row[f"{pair}_confidence"] for pair in ("hs", "hr") if row[f"{pair}_decision"] == "review"]
    if kind is FindingKind.ABSENT and row["attendance"] in (None, "present"):
        refuting.append(row["sr_confidence"])
    return round(1.0 - max((float(value) for value in refuting if value is not None), default=0.001), 4)


# One row = one record more than its child should have. An entry that ended (迁出, 转出) beside one in force is a move, not
# a duplicate; of one whose state is unclear a person says which it is.
_DUPLICATES = """
select c.*, d.register, d.row as extra_row, d.primary_row,
    case when 'unclear' in (h.household_status, hh.household_status) then 'review' else d.decision end as decision,
    d.confidence, d.evidence
from duplicates d
join members m on m.register = d.register and m.row = d.row
join child_facts c on c.part = m.child
left join household h on d.register = 'household' and h.row = d.row
left join household hh on d.register = 'household' and hh.row = d.primary_row
left join student s on d.register = 'student' and s.row = d.row
left join student ss on d.register = 'student' and ss.row = d.primary_row
where (d.register = 'household' and coalesce(h.household_status, 'normal') in ('normal', 'unclear')
        and coalesce(hh.household_status, 'normal') in ('normal', 'unclear'))
    or (d.register = 'student' and coalesce(s.student_status, 'enrolled') in ({in_force})
        and coalesce(ss.student_status, 'enrolled') in ({in_force}))
order by d.register, d.row
"""


def _duplicate_findings(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    states = ", ".join(f"'{status.value}'" for status in StudentStatus if in_force(status))
    rows = _rows(connection, _DUPLICATES.format(in_force=states))
    for row in rows:
        student = row["register"] == Register.STUDENT.value
        kind = FindingKind.DUPLICATE_STUDENT if student else FindingKind.DUPLICATE_HOUSEHOLD
        row["kind"] = kind.value
        row["differs"] = ""
        row["reason"] = reason(kind, row)
        row[f"{row['register']}_row"] = row["extra_row"]
    return rows


def _differ(field: str, condition: str) -> str:
    pairs = (("h", "s"), ("s", "r"), ("h", "r"))
    either = " or ".join(f"coalesce({condition.format(a=a, b=b)}, false)" for a, b in pairs)
    return f"case when {either} then '{field}' end"


# A number that a spreadsheet cut short is damaged, not another one.
_CUT = "(({a}.number_cut or {b}.number_cut) and left({a}.said_number, 15) = left({b}.said_number, 15))"
_SAID = ", ".join(
    f"{side}.{column} as {side}_{name}"
    for side in ("h", "s", "r")
    for name, column in (
        ("name", "name"),
        ("id_number", "said_number"),
        ("birth_date", "birth"),
        ("sex", "written_sex"),
    )
)
_MISMATCHES = f"""
select * from (
    select c.*, concat_ws(';',
        {_differ("name", "{a}.name <> {b}.name")},
        {_differ("id_number", "{a}.said_number <> {b}.said_number and not " + _CUT)},
        {_differ("birth_date", "{a}.birth <> {b}.birth")},
        {_differ("sex", "{a}.written_sex <> {b}.written_sex")}) as differs,
        {_SAID}
    from child_facts c
    left join people_household h on h.row = c.household_row
    left join people_student s on s.row = c.student_row
    left join people_roll r on r.row = c.roll_row
    where (c.household_row is not null or c.student_row is not null)
        and coalesce(c.hs_decision, 'auto') = 'auto' and coalesce(c.hr_decision, 'auto') = 'auto'
        and coalesce(c.sr_decision, 'auto') = 'auto'
) where differs <> '' order by child
"""


def _mismatch_findings(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    rows = _rows(connection, _MISMATCHES)
    for row in rows:
        row["kind"] = FindingKind.IDENTITY_MISMATCH.value
        row["decision"] = Decision.AUTO.value
        row["confidence"] = round(
            min(float(row[name] or 0.9999) for name in ("hs_confidence", "sr_confidence", "hr_confidence")), 4
        )
        row["reason"] = reason(FindingKind.IDENTITY_MISMATCH, row)
    return rows


def special_group_labels(categories: str) -> str:
    """`orphan;disabled` → `孤儿;残疾`, each once, in the order of the enumeration."""
    named = set(categories.split(";"))
    return ";".join(group.label for group in SpecialGroup if group.value in named)


_FINDING_SCHEMA = pa.schema(
    [
        ("finding_id", pa.string()), ("kind", pa.string()), ("decision", pa.string()), ("confidence", pa.float64()),
        ("household_row", pa.int32()), ("student_row", pa.int32()), ("roll_row", pa.int32()), ("poverty_row", pa.int32()),
        ("name", pa.string()), ("sex", pa.string()), ("birth_date", pa.date32()), ("id_number", pa.string()),
        ("stage", pa.string()), ("school_code", pa.string()), ("poverty_household", pa.bool_()),
        ("special_groups", pa.string()), ("differs", pa.string()), ("reason", pa.string()), ("elsewhere_row", pa.int32()),
        ("child", pa.int32()),
    ]
)  # fmt: skip


def _write_findings(
    connection: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]], input_hashes: Mapping[Register, str]
) -> None:
    order = {kind.value: place for place, kind in enumerate(FindingKind)}
    rows.sort(key=lambda row: (order[row["kind"]], row["child"], *(row[name] or 0 for name in _ROW_NAMES)))
    salt = "|".join(f"{register.value}={digest}" for register, digest in sorted(input_hashes.items()))
    for row in rows:
        row["finding_id"] = _finding_id(row, salt)
        row["special_groups"] = special_group_labels(row["categories"])
        row["name"], row["reason"] = _numbers_masked(row["name"]), _numbers_masked(row["reason"])
        row["id_number"] = None if row["id_number"] is None else mask(row["id_number"])
    put(connection, "findings", pa.Table.from_pylist(rows, schema=_FINDING_SCHEMA))


# Whatever stands in a cell of words: a number typed behind a name or a school shows no birthday.
_NUMBER = re.compile(r"(?<![0-9])[0-9]{14,17}[0-9Xx](?![0-9])")


def _numbers_masked(text: str | None) -> str | None:
    return None if text is None else _NUMBER.sub(lambda found: mask(found[0]), text)


def _finding_id(row: Mapping[str, Any], salt: str) -> str:
    """The same for the same inputs; of row numbers and file hashes only, so that nothing of the child is in it."""
    place = "|".join(f"{name}={row[name] or ''}" for name in _ROW_NAMES)
    return hashlib.sha256(f"{row['kind']}|{place}|{salt}".encode()).hexdigest()[:16]


_CHILDREN = """
create or replace table children as
with of_child as (
    select child, string_agg(distinct kind, ';' order by kind) as finding_kinds, bool_or(decision = 'review') as review
    from findings group by child
)
select f.child, f.household_row, f.student_row, f.roll_row, f.poverty_row, f.special_row, f.elsewhere_row,
    case when f.adult then false else f.school_age end as school_age, j.schooling_status, f.stage, f.expected_grade,
    f.poverty_household, group_labels(f.categories) as special_groups, o.finding_kinds, coalesce(o.review, false) as needs_review
from child_facts f join judged j using (child) left join of_child o using (child)
order by f.child
"""
