"""What the registers say of each other: links, near misses, and rows that stand twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa

from baoxue.matching.duplicates import Duplicate, extra_rows
from baoxue.matching.engine import Rows
from baoxue.matching.linking import Candidate, Link
from baoxue.matching.model import Model
from baoxue.matching.rules import (
    HOUSEHOLD_ELSEWHERE,
    HOUSEHOLD_POVERTY,
    HOUSEHOLD_ROLL,
    HOUSEHOLD_SPECIAL,
    HOUSEHOLD_STUDENT,
    STUDENT_ROLL,
    PairTask,
)
from baoxue.matching.tables import arrow, put
from baoxue.policy.registers import Register

# Links that are written to links.csv; the others only keep one child from being taken for two.
WRITTEN = (HOUSEHOLD_STUDENT, STUDENT_ROLL, HOUSEHOLD_ROLL, HOUSEHOLD_POVERTY, HOUSEHOLD_SPECIAL, HOUSEHOLD_ELSEWHERE)


@dataclass(slots=True)
class Compared:
    """Grows task by task. `models`: those that judged, by task."""

    links: list[Link] = field(default_factory=list)
    duplicates: list[Duplicate] = field(default_factory=list)
    near: list[tuple[PairTask, Candidate]] = field(default_factory=list)
    models: dict[PairTask, Model] = field(default_factory=dict)

    def of(self, task: PairTask) -> Iterator[Link]:
        """The links of a task."""
        return (link for link in self.links if link.left is task.left and link.right is task.right)

    def extra(self, register: Register) -> Rows:
        """Rows that do not speak for their child."""
        return extra_rows([duplicate for duplicate in self.duplicates if duplicate.register is register])


_LINKS = pa.schema(
    [
        ("left", pa.string()), ("left_row", pa.int32()), ("right", pa.string()), ("right_row", pa.int32()),
        ("decision", pa.string()), ("confidence", pa.float64()), ("method", pa.string()), ("evidence", pa.string()),
    ]
)  # fmt: skip
_NEAR = pa.schema(
    [
        ("left", pa.string()), ("left_row", pa.int32()), ("right", pa.string()), ("right_row", pa.int32()),
        ("confidence", pa.float64()), ("words", pa.string()),
    ]
)  # fmt: skip
_DUPLICATES = pa.schema(
    [
        ("register", pa.string()), ("row", pa.int32()), ("primary_row", pa.int32()), ("decision", pa.string()),
        ("confidence", pa.float64()), ("evidence", pa.string()),
    ]
)  # fmt: skip


def keep(connection: duckdb.DuckDBPyConnection, compared: Compared) -> None:
    """Write the tables `links` (those of links.csv), `all_links`, `near_misses` and `duplicates`."""
    order = {(task.left, task.right): place for place, task in enumerate(WRITTEN)}
    links = sorted(
        compared.links, key=lambda link: (order.get((link.left, link.right), 9), link.left_row, link.right_row)
    )
    put(connection, "all_links", arrow(_LINKS, [[getattr(link, name) for name in _LINKS.names] for link in links]))
    written = " or ".join(f"(\"left\" = '{task.left.value}' and \"right\" = '{task.right.value}')" for task in WRITTEN)
    # A child with a record or a place on a roll here is found elsewhere too, but not as a pair of links.csv.
    connection.execute(
        f"""create or replace table links as select * from all_links where ({written}) and not ("right" = 'elsewhere'
        and left_row in (select left_row from all_links where "left" = 'household' and "right" in ('student', 'roll')))"""
    )
    near = [[t.left, c.left_row, t.right, c.right_row, c.confidence, c.evidence] for t, c in compared.near]
    put(connection, "near_misses", arrow(_NEAR, near))
    twice = [[getattr(duplicate, name) for name in _DUPLICATES.names] for duplicate in compared.duplicates]
    put(connection, "duplicates", arrow(_DUPLICATES, twice))
