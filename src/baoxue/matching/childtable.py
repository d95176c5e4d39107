"""The children of a run as one Parquet file, for whoever keeps records of them.

One row = one child. `child`: number within the run. `<register>_row`: the row that speaks for it; `<register>_rows`: all
its rows there, that one first. `school_age`, `status` (就学状况, null: not of compulsory schooling), `stage`,
`expected_grade`, `poverty_household`, `groups` (codes of special groups), `finding_kinds` (joined by `;`), `finding_key`
and `reason` of the finding that weighs most, `needs_review`: as the tables `children` and `findings` of the run have them.
`combination`: `110` = household yes, student yes, roll no; null: not counted in the picture. `waits`: somebody has to look.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from baoxue.matching.output.meeting import JUDGED
from baoxue.matching.output.sqltext import order_of, quoted
from baoxue.policy.findings import FindingKind
from baoxue.policy.registers import Register

_ROWS = ", ".join(f"{register.value}_rows" for register in Register)
_LISTS = ", ".join(
    f"list(m.row ORDER BY m.extra, m.row) FILTER (m.register = {quoted(register.value)}) AS {register.value}_rows"
    for register in Register
)

CHILDREN = f"""
    WITH rows_of AS (
        SELECT c.child, {_LISTS} FROM members m JOIN child_rows c ON c.part = m.child GROUP BY c.child
    ), weightiest AS (
        SELECT child, arg_min(finding_id, place) AS finding_key, arg_min(reason, place) AS reason
        FROM (SELECT *, {order_of("kind", list(FindingKind))} AS place FROM findings) GROUP BY child
    ), met AS ({JUDGED})
    SELECT c.* EXCLUDE (schooling_status, special_groups), c.schooling_status AS status, {_ROWS},
           list_sort(list_distinct(string_split(nullif(f.categories, ''), ';'))) AS groups,
           w.finding_key, w.reason,
           m.household::INT || m.student::INT::VARCHAR || m.roll::INT AS combination, coalesce(m.waits, false) AS waits
    FROM children c JOIN rows_of USING (child) JOIN child_facts f USING (child) LEFT JOIN weightiest w USING (child)
    LEFT JOIN met m USING (child)
    ORDER BY c.child
"""
"""The file's rows, from the tables of a judged run (`members`, `child_rows`, `children`, `findings`)."""


def write_children(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Write the file; gives its rows."""
    [(count,)] = connection.execute(f"COPY ({CHILDREN}) TO {quoted(str(path))} (FORMAT parquet)").fetchall()
    return int(count)
