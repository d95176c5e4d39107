"""The children of a run as one Parquet file, for whoever keeps records of them.

One row = one child. `child`: number within the run. `<register>_row`: the row that speaks for it; `<register>_rows`: all
its rows there, that one first. `school_age`, `status` (就学状况, null: not of compulsory schooling), `stage`,
`expected_grade`, `poverty_household`, `groups` (codes of special groups), `finding_kinds` (joined by `;`), `finding_key`
and `reason` of the finding that weighs most, `needs_review`: as the tables `children` and `findings` of the run have them.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from baoxue.matching.output.sqltext import order_of, quoted
from baoxue.policy.findings import FindingKind
from baoxue.policy.registers import Register

_ROWS = ", ".join(f"{register.value}_rows" for register in Register)
_LISTS = ", ".join(
    f"list(m.row ORDER BY m.extra, m.row) FILTER (m.register = {quoted(register.value)}) AS {register.value}_rows"
    for register in Register
)


def write_children(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Write the file from the tables of a judged run (`members`, `child_rows`, `children`, `findings`); gives its rows."""
    select = f"""
        WITH rows_of AS (
            SELECT c.child, {_LISTS} FROM members m JOIN child_rows c ON c.part = m.child GROUP BY c.child
        ), weightiest AS (
            SELECT child, arg_min(finding_id, place) AS finding_key, arg_min(reason, place) AS reason
            FROM (SELECT *, {order_of("kind", list(FindingKind))} AS place FROM findings) GROUP BY child
        )
        SELECT c.* EXCLUDE (schooling_status, special_groups), c.schooling_status AS status, {_ROWS},
               list_sort(list_distinct(string_split(nullif(f.categories, ''), ';'))) AS groups,
               w.finding_key, w.reason
        FROM children c JOIN rows_of USING (child) JOIN child_facts f USING (child) LEFT JOIN weightiest w USING (child)
        ORDER BY c.child
    """
    [(count,)] = connection.execute(f"COPY ({select}) TO {quoted(str(path))} (FORMAT parquet)").fetchall()
    return int(count)
