"""How the registers meet: a child of school age stands in one combination of household, student and roll."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from baoxue.matching.output.counted import counted
from baoxue.matching.output.sqltext import listed
from baoxue.policy.attendance import Attendance, is_away
from baoxue.policy.findings import FindingKind
from baoxue.policy.schoolingstatus import SchoolingStatus

SETTLED_WHEN_SURE = (FindingKind.ENROLLED_ELSEWHERE, FindingKind.NO_HOUSEHOLD)
"""Findings that say where a child goes to school: nobody has to act unless they are unsure."""

AWAY = tuple(attendance for attendance in Attendance if is_away(attendance))
"""What a roll says of a pupil who is missing without leave."""


@dataclass(frozen=True, slots=True)
class Combination:
    """Children in these registers. `roll`: there, not marked away. `waiting` + `settled` = `children`."""

    household: bool
    student: bool
    roll: bool
    children: int
    poor: int
    waiting: int
    elsewhere: int
    moved_out: int
    mismatched: int
    away: int

    @property
    def settled(self) -> int:
        """Children nobody has to look at."""
        return self.children - self.waiting

    @property
    def key(self) -> str:
        """`110` = household yes, student yes, roll no."""
        return f"{self.household:d}{self.student:d}{self.roll:d}"


# One row = one child that is counted. `waits`: somebody has to look. Who stands only in a poverty or special list waits:
# nothing says where this child is.
JUDGED = f"""
    WITH child AS (
        SELECT c.child, c.household_row IS NOT NULL AS household, c.student_row IS NOT NULL AS student,
               coalesce(r.attendance IN ({listed(AWAY)}), false) AS away,
               c.roll_row IS NOT NULL AND NOT away AS roll,
               c.poverty_household, c.needs_review, c.schooling_status,
               string_split(coalesce(nullif(c.finding_kinds, ''), 'none'), ';') AS kinds
        FROM children c LEFT JOIN roll r ON r.row = c.roll_row LEFT JOIN student s ON s.row = c.student_row
        WHERE {counted()}
    )
    SELECT *, needs_review OR len(list_filter(kinds, lambda kind: kind NOT IN (
                     'none', {listed(SETTLED_WHEN_SURE)}))) > 0
              OR NOT (household OR student OR roll OR away) AS waits
    FROM child
"""


def meeting(connection: duckdb.DuckDBPyConnection) -> list[Combination]:
    """The combinations that occur, most waiting first."""
    rows = connection.execute(f"""
        WITH judged AS ({JUDGED})
        SELECT household, student, roll,
               count(*), count(*) FILTER (poverty_household), count(*) FILTER (waits),
               count(*) FILTER (list_contains(kinds, '{FindingKind.ENROLLED_ELSEWHERE}') AND NOT waits),
               count(*) FILTER (schooling_status = '{SchoolingStatus.MOVED_OUT}' AND NOT waits),
               count(*) FILTER (list_contains(kinds, '{FindingKind.IDENTITY_MISMATCH}')),
               count(*) FILTER (away)
        FROM judged
        GROUP BY ALL
        ORDER BY count(*) FILTER (waits) DESC, household DESC, student DESC, roll DESC
    """).fetchall()
    return [Combination(*row) for row in rows]
