"""The children of a run with what its registers say of each: one wide row per child, made in DuckDB from plain files.

The files lie in private folders only while this works. Protected values stay in memory until they are sealed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from baoxue.children.models import PROTECTED
from baoxue.jurisdictions.queries import TownshipFinder
from baoxue.matching.output.counted import counted
from baoxue.matching.output.ledger_rows import DATED, SCHOOL_NAMES, SCHOOLING, identity, joins
from baoxue.matching.output.meeting import AWAY
from baoxue.matching.output.sqltext import listed, quoted
from baoxue.platform.crypto import keyring
from baoxue.platform.fields import tokens
from baoxue.platform.namekeys import name_key
from baoxue.policy.idnumber import IdState
from baoxue.policy.ledgers import PROPOSED_BY
from baoxue.policy.registers import Register
from baoxue.policy.schoolingstatus import SchoolingStatus
from baoxue.policy.specialgroup import SpecialGroup
from baoxue.reading.canonical import schema_of
from baoxue.registers.subjects import subjects_of


@dataclass(frozen=True, slots=True)
class Answer:
    """What a verdict makes of the child of a finding: 就学状况, whether it stays suspected, and why in words."""

    status: str
    suspected: bool
    reason: str


@dataclass(frozen=True, slots=True)
class RunFiles:
    """What a build reads: the children of the run, canonical snapshots by register, verdicts by key of their finding."""

    children: Path
    snapshots: Mapping[Register, Path]
    answers: Mapping[str, Answer]


@contextmanager
def wide_rows(
    files: RunFiles, *, finder: TownshipFinder, schools: Mapping[str, str], scratch: Path
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the tables `wide` (one row = one child, `grp` its number) and `rows` (one row = one register row).

    `schools`: path by 学校标识码. Texts are cut to what the columns of the records hold.
    """
    spill = str(scratch / "spill")
    limits = {"memory_limit": "2GB", "temp_directory": spill, "preserve_insertion_order": "false"}
    with duckdb.connect(config=dict(limits)) as connection:
        for register in Register:
            _load(connection, register, files.snapshots.get(register))
        _put(connection, "answers", _answers(files.answers))
        _put(connection, "schools", pa.table({"code": list(schools), "path": list(schools.values())}))
        poverty = "poverty_household" if Register.POVERTY in files.snapshots else "NULL"
        connection.execute(_FACTS.replace("@children", quoted(str(files.children))))
        _put(connection, "name_keys", _name_keys(connection))
        _put(connection, "homes", _homes(connection, finder))
        connection.execute(_WIDE.replace("@poverty", poverty).replace("@groups", _tokens("f.groups")))
        _put(connection, "digests", _digests(connection))
        _make_rows(connection)
        yield connection


def _load(connection: duckdb.DuckDBPyConnection, register: Register, path: Path | None) -> None:
    if path is None:
        _put(connection, register.value, schema_of(None).empty_table())
    else:
        connection.execute(f"CREATE VIEW {register.value} AS SELECT * FROM read_parquet({quoted(str(path))})")


def _put(connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    connection.register("incoming", table)
    connection.execute(f"CREATE TABLE {name} AS SELECT * FROM incoming")
    connection.unregister("incoming")


def _answers(answers: Mapping[str, Answer]) -> pa.Table:
    return pa.table(
        {
            "finding_key": pa.array(list(answers), type=pa.string()),
            "status": pa.array([answer.status for answer in answers.values()], type=pa.string()),
            "suspected": pa.array([answer.suspected for answer in answers.values()], type=pa.bool_()),
            "reason": pa.array([answer.reason for answer in answers.values()], type=pa.string()),
        }
    )


# Children of compulsory schooling, and those of school age of whom nothing else is known. Who is counted in the first
# ledger is one rule (`matching.output.counted`).
_FACTS = f"""
    CREATE TABLE facts AS
    WITH {SCHOOL_NAMES}, chosen AS (
        SELECT c.*, c.status AS schooling_status, {identity()}, {SCHOOLING},
               s.student_status, r.attendance, r.absent_since, h.region_code,
               coalesce(s.grade, r.grade) AS its_grade,
               CASE WHEN r.row IS NOT NULL THEN coalesce(r.attendance NOT IN ({listed(AWAY)}), true)
                    WHEN (SELECT count(*) FROM roll) > 0 THEN false END AS attending
        FROM read_parquet(@children) c {joins("c")}
        WHERE c.status IS NOT NULL OR {counted(status="c.status")}
    )
    SELECT c.* EXCLUDE (status, reason, school), a.finding_key IS NOT NULL AS answered,
           school.code AS school_code, school.grade AS school_grade, school.class AS school_class,
           coalesce(school.name, n.school_name) AS school_name,
           coalesce(a.status, c.status, {quoted(SchoolingStatus.TO_VERIFY)}) AS status,
           coalesce(a.reason, c.reason) AS reason,
           coalesce(a.suspected, list_has_any(string_split(coalesce(finding_kinds, ''), ';'), [{listed(PROPOSED_BY)}]))
               AS suspected,
           {counted(grade="c.its_grade", status="c.status")}
               AS counted
    FROM chosen c
    LEFT JOIN answers a USING (finding_key)
    LEFT JOIN school_names n ON n.school_code = school.code
"""


def _tokens(groups: str) -> str:
    """SQL of the tokens of special groups (`platform.fields.CodedField`)."""
    cases = " ".join(f"WHEN {quoted(code)} THEN {quoted(token)}" for code, token in tokens(SpecialGroup).items())
    return f"list_transform({groups}, lambda code: CASE code {cases} END)"


def _masked(number: str) -> str:
    """SQL of `policy.idnumber.mask`."""
    return (
        f"CASE WHEN length({number}) > 7 THEN left({number}, 6) || repeat('*', length({number}) - 7) || right({number}, 1)"
        f" ELSE left({number}, 1) || repeat('*', length({number}) - 1) END"
    )


_WIDE = f"""
    CREATE TABLE wide AS
    SELECT f.child AS grp, left(f.its_name, 100) AS name, k.sort AS name_sort, k.pinyin AS name_pinyin,
           k.initials AS name_initials, coalesce(f.its_sex, '') AS sex,
           coalesce(f.its_birth_date, CASE
               WHEN document.state = {quoted(IdState.VALID)} AND document.type IN ({listed(DATED)})
               THEN try_strptime(substr(document.number, 7, 8), '%Y%m%d')::DATE END) AS birth_date,
           coalesce(document.type, '') AS id_type,
           coalesce(left({_masked("document.number")}, 30), '') AS id_masked,
           coalesce(left({_masked("f.student_number")}, 30), '') AS student_masked,
           coalesce(left(f.head_name, 100), '') AS head_name,
           coalesce(left(f.relation_to_head, 20), '') AS relation_to_head,
           coalesce(left(f.guardian_name, 100), '') AS guardian_name,
           coalesce(f.household_status, '') AS household_status,
           @poverty AS poverty_household, coalesce(left(f.poverty_number, 40), '') AS poverty_household_number,
           '{{' || array_to_string(@groups, ',') || '}}' AS groups,
           f.status, f.counted, f.suspected, coalesce(f.stage, '') AS stage,
           coalesce(p.path, '') AS school_path, coalesce(left(f.school_code, 20), '') AS school_code,
           coalesce(left(f.school_name, 120), '') AS school_name,
           f.school_grade AS grade, coalesce(left(f.school_class, 80), '') AS class_name,
           coalesce(f.student_status, '') AS student_status, f.attending, f.absent_since,
           coalesce(f.finding_key, '') AS finding_key, coalesce(f.reason, '') AS reason, o.path AS home_path,
           coalesce(document.number, '') AS id_number, coalesce(f.student_number, '') AS student_number,
           coalesce(f.household_number, '') AS household_number, coalesce(f.phone, '') AS phone,
           coalesce(f.address, '') AS address
    FROM facts f
    JOIN name_keys k ON k.name = left(f.its_name, 100)
    JOIN homes o ON o.child = f.child
    LEFT JOIN schools p ON p.code = f.school_code
"""


def _name_keys(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    names = [name for (name,) in connection.execute("SELECT DISTINCT left(its_name, 100) FROM facts").fetchall()]
    keys = [name_key(name) for name in names]
    return pa.table(
        {
            "name": pa.array(names, type=pa.string()),
            "sort": pa.array([key.sort[:400] for key in keys], type=pa.string()),
            "pinyin": pa.array([key.pinyin[:400] for key in keys], type=pa.string()),
            "initials": pa.array([key.initials[:100] for key in keys], type=pa.string()),
        }
    )


def _homes(connection: duckdb.DuckDBPyConnection, finder: TownshipFinder) -> pa.Table:
    rows = connection.sql("SELECT child, region_code, address FROM facts").to_arrow_table()
    paths = finder.paths_of(rows["region_code"].to_pylist(), rows["address"].to_pylist())
    return pa.table({"child": rows["child"], "path": pa.array(paths, type=pa.string())})


def _digests(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    said = ", chr(31), ".join(PROTECTED)
    rows = connection.sql(f"SELECT grp, concat({said}) AS said FROM wide").to_arrow_table()
    digests = keyring().digests(rows["said"].to_pylist(), kind="child.protected")
    return pa.table({"grp": rows["grp"], "protected": pa.array(digests, type=pa.binary())})


def _make_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """One row = one register row of a child; rows of a register that share a subject are counted in `nth`."""
    connection.execute("CREATE TABLE rows (grp INTEGER, register VARCHAR, subject BLOB, nth INTEGER, row INTEGER)")
    for register in Register:
        name = register.value
        # Only the rows of children: a household register has the grown-ups too.
        connection.execute(f"CREATE OR REPLACE TABLE its AS SELECT child AS grp, unnest({name}_rows) AS row FROM facts")
        table = connection.sql(f"SELECT r.* FROM {name} r SEMI JOIN its USING (row) ORDER BY row").to_arrow_table()
        subjects = pa.array(subjects_of(register, table), type=pa.binary())
        connection.register("known", pa.table({"row": table["row"], "subject": subjects}))
        connection.execute(f"""
            INSERT INTO rows
            SELECT grp, {quoted(name)}, subject, row_number() OVER (PARTITION BY subject ORDER BY row), row
            FROM its JOIN known USING (row)
        """)
        connection.unregister("known")
