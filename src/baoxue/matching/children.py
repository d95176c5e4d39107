"""One row per child: everybody in any register, each register row in exactly one child."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import duckdb
import numpy as np
import pyarrow as pa
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from baoxue.matching.duplicates import Duplicate
from baoxue.matching.linking import Link
from baoxue.matching.tables import put
from baoxue.policy.registers import Register
from baoxue.policy.schoolyear import expected_grade, in_school_age, stage_of_age

_MEMBERS = """
create or replace table members as
select register, row, child, coalesce(d.extra, false) as extra
from every_row left join (select register, row, true as extra from duplicates) d using (register, row)
"""

# One row = one child; its row in each register is the one that speaks for it. Records elsewhere that are nobody's here
# are other counties' children and are left out.
_CHILD_ROWS = """
create or replace table child_rows as
with grouped as (
    select child as part, {firsts} from members group by child
), ours as (
    select * from grouped where coalesce({own}) is not null
)
select cast(row_number() over (order by {order}) as integer) as child, * from ours
"""


def make_children(
    connection: duckdb.DuckDBPyConnection,
    links: Sequence[Link],
    duplicates: Sequence[Duplicate],
    *,
    as_of: date,
    age_from: int,
    age_to: int,
) -> None:
    """Make the tables `child_rows` (child, part, <register>_row) and `ages` (birth_month, school_age, stage …)."""
    _make_members(connection, links, duplicates)
    registers = [register.value for register in Register]
    firsts = ", ".join(f"arg_min(row, (extra, row)) filter (where register = '{r}') as {r}_row" for r in registers)
    own = ", ".join(f"{r}_row" for r in registers if r != Register.ELSEWHERE.value)
    order = ", ".join(f"{r}_row nulls last" for r in registers)
    connection.execute(_CHILD_ROWS.format(firsts=firsts, own=own, order=order))
    _make_ages(connection, as_of=as_of, age_from=age_from, age_to=age_to)


def _make_members(
    connection: duckdb.DuckDBPyConnection, links: Sequence[Link], duplicates: Sequence[Duplicate]
) -> None:
    rows = {
        register: np.asarray(
            connection.execute(f"select row from {register.value} order by row").fetchnumpy()["row"], dtype=np.int64
        )
        for register in Register
    }
    starts, start = {}, 0
    for register, numbers in rows.items():
        starts[register] = start
        start += len(numbers)

    def place(register: Register, numbers: Iterable[int]) -> np.ndarray:
        return starts[register] + np.searchsorted(rows[register], np.fromiter(numbers, dtype=np.int64))

    a, b = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for left in Register:
        for right in Register:
            tied = [link for link in links if link.left is left and link.right is right]
            a.append(place(left, (link.left_row for link in tied)))
            b.append(place(right, (link.right_row for link in tied)))
        twice = [duplicate for duplicate in duplicates if duplicate.register is left]
        a.append(place(left, (duplicate.primary_row for duplicate in twice)))
        b.append(place(left, (duplicate.row for duplicate in twice)))
    ones, others = np.concatenate(a), np.concatenate(b)
    graph = coo_array((np.ones(len(ones), dtype=np.int8), (ones, others)), shape=(start, start))
    _, child = connected_components(graph, directed=False)
    table = pa.table(
        {
            "register": pa.array(np.repeat([r.value for r in Register], [len(n) for n in rows.values()])),
            "row": pa.array(np.concatenate(list(rows.values())), type=pa.int32()),
            "child": pa.array(child, type=pa.int32()),
        }
    )
    put(connection, "every_row", table)
    connection.execute(_MEMBERS)


def _make_ages(connection: duckdb.DuckDBPyConnection, *, as_of: date, age_from: int, age_to: int) -> None:
    """What the school year makes of a month of birth: the cut-off is the end of a month, so the day does not matter."""
    months = [date(year, month, 1) for year in range(as_of.year - 30, as_of.year + 1) for month in range(1, 13)]
    table = pa.table(
        {
            "birth_month": pa.array([m.year * 100 + m.month for m in months], type=pa.int32()),
            "school_age": pa.array([in_school_age(m, as_of, age_from, age_to) for m in months]),
            "stage": pa.array([stage_of_age(m, as_of) for m in months], type=pa.string()),
            "expected_grade": pa.array([max(min(expected_grade(m, as_of), 127), -127) for m in months], type=pa.int8()),
        }
    )
    put(connection, "ages", table)
