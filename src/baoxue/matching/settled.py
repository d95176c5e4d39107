"""Which rows a task need not look at, because another task or another row has settled them."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import numpy as np

from baoxue.matching.compared import Compared
from baoxue.matching.engine import Rows, rows
from baoxue.matching.rules import (
    HOUSEHOLD_ELSEWHERE,
    HOUSEHOLD_POVERTY,
    HOUSEHOLD_ROLL,
    HOUSEHOLD_SPECIAL,
    HOUSEHOLD_STUDENT,
    STUDENT_POVERTY,
    STUDENT_ROLL,
    STUDENT_SPECIAL,
    PairTask,
)
from baoxue.policy.attendance import Attendance, is_away
from baoxue.policy.findings import Decision
from baoxue.policy.labelled import Labelled
from baoxue.policy.registers import Register
from baoxue.policy.studentstatus import StudentStatus, expects_presence, in_force

_NOBODY = np.zeros(0, dtype=np.int32)


def settled_rows(connection: duckdb.DuckDBPyConnection, compared: Compared, task: PairTask) -> tuple[Rows, Rows]:
    """Rows on the left and on the right of a task that take no part in it."""
    left, right = _by_other_tasks(connection, compared, task)
    return (
        np.union1d(left, _spoken_for(connection, compared, task)).astype(np.int32),
        np.union1d(right, compared.extra(task.right)).astype(np.int32),
    )


def _by_other_tasks(connection: duckdb.DuckDBPyConnection, compared: Compared, task: PairTask) -> tuple[Rows, Rows]:
    if task is HOUSEHOLD_ROLL:
        # Household and roll meet only where no student row surely links the two.
        return (
            rows(link.left_row for link in compared.of(HOUSEHOLD_STUDENT) if link.decision is Decision.AUTO),
            rows(link.right_row for link in compared.of(STUDENT_ROLL) if link.decision is Decision.AUTO),
        )
    if task is HOUSEHOLD_ELSEWHERE:
        return _schooled_here(connection, compared), _NOBODY
    if task in (STUDENT_POVERTY, STUDENT_SPECIAL):
        # A list's child that no household row surely fits may be a pupil from outside, or known by the school's guardian.
        household = HOUSEHOLD_POVERTY if task is STUDENT_POVERTY else HOUSEHOLD_SPECIAL
        return _NOBODY, rows(link.right_row for link in compared.of(household) if link.decision is Decision.AUTO)
    return _NOBODY, _NOBODY


def _spoken_for(connection: duckdb.DuckDBPyConnection, compared: Compared, task: PairTask) -> Rows:
    """Rows on the left that another row speaks for; on the way to the rolls a record at another school speaks for itself."""
    if task is not STUDENT_ROLL:
        return compared.extra(task.left)
    schools = dict(connection.execute("select row, school from people_student").fetchall())
    return rows(
        duplicate.row
        for duplicate in compared.duplicates
        if duplicate.register is Register.STUDENT and schools.get(duplicate.row) == schools.get(duplicate.primary_row)
    )


def _schooled_here(connection: duckdb.DuckDBPyConnection, compared: Compared) -> Rows:
    """Household rows in class here, or with a record here that expects nobody in class (休学, 送教上门 …)."""
    expected = _codes(status for status in StudentStatus if not in_force(status) or expects_presence(status))
    away = _codes(attendance for attendance in Attendance if is_away(attendance))
    excused = _where(connection, f"student where coalesce(student_status, 'enrolled') not in ({expected})")
    present = _where(connection, f"roll where coalesce(attendance, 'present') not in ({away})")
    in_class = {link.left_row for link in compared.of(STUDENT_ROLL) if link.right_row in present}
    schooled = {
        link.left_row
        for link in compared.of(HOUSEHOLD_STUDENT)
        if link.decision is Decision.AUTO and (link.right_row in in_class or link.right_row in excused)
    }
    attending = {link.left_row for link in compared.of(HOUSEHOLD_ROLL) if link.decision is Decision.AUTO}
    return rows(schooled | attending)


def _codes(members: Iterable[Labelled]) -> str:
    return ", ".join(f"'{member.value}'" for member in members)


def _where(connection: duckdb.DuckDBPyConnection, source: str) -> set[int]:
    return {int(row) for (row,) in connection.execute(f"select row from {source}").fetchall()}


def without_schooling(connection: duckdb.DuckDBPyConnection, compared: Compared) -> Rows:
    """Household rows to be looked for elsewhere."""
    everybody = connection.execute("select row from people_household").fetchnumpy()["row"]
    settled, _ = settled_rows(connection, compared, HOUSEHOLD_ELSEWHERE)
    return np.setdiff1d(np.asarray(everybody, dtype=np.int32), settled)
