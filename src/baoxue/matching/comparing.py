"""The comparison over loaded registers: duplicates first, then register by register, each child settled once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import duckdb
import numpy as np
import pyarrow as pa

from baoxue.matching.duplicates import Duplicate, extra_rows, find_duplicates
from baoxue.matching.engine import Engine, Pairs, Rows
from baoxue.matching.linking import AUTO, Candidate, Link, Linked, late_duplicates, link
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
from baoxue.policy.registers import Register
from baoxue.policy.studentstatus import StudentStatus, expects_presence, in_force
from baoxue.progress import Progress, silent

# Links that are written to links.csv; the others only keep one child from being taken for two.
WRITTEN = (HOUSEHOLD_STUDENT, STUDENT_ROLL, HOUSEHOLD_ROLL, HOUSEHOLD_POVERTY, HOUSEHOLD_SPECIAL, HOUSEHOLD_ELSEWHERE)


@dataclass(slots=True)
class Compared:
    """What the registers say of each other."""

    links: list[Link] = field(default_factory=list)
    duplicates: list[Duplicate] = field(default_factory=list)
    near: list[tuple[PairTask, Candidate]] = field(default_factory=list)

    def rows(self, task: PairTask, side: Register) -> Rows:
        """Rows of one side that the task has linked."""
        left = side is task.left
        return _rows(
            link.left_row if left else link.right_row
            for link in self.links
            if link.left is task.left and link.right is task.right
        )

    def extra(self, register: Register) -> Rows:
        """Rows that do not speak for their child."""
        return extra_rows([duplicate for duplicate in self.duplicates if duplicate.register is register])


def _rows(numbers: Iterable[int]) -> Rows:
    return np.unique(np.fromiter(numbers, dtype=np.int32))


def compare_registers(
    connection: duckdb.DuckDBPyConnection,
    engine: Engine,
    *,
    elsewhere: Callable[[Rows], int] | None = None,
    progress: Progress = silent,
) -> Compared:
    """Compare everything loaded; writes the tables `links`, `near_misses` and `duplicates` of the connection.

    `elsewhere`: called when it is known which household rows have no schooling here, to load only the records that may
    be theirs; returns how many records there are in all. None: the register is loaded already.
    """
    compared = Compared()
    for register in Register:
        compared.duplicates += find_duplicates(engine, register)
    households = household_pairs(connection)
    steps = (
        (HOUSEHOLD_POVERTY, _unsettled_none),
        (HOUSEHOLD_SPECIAL, _unsettled_none),
        (HOUSEHOLD_STUDENT, _unsettled_none),
        (STUDENT_ROLL, _unsettled_none),
        (HOUSEHOLD_ROLL, _without_each_other),
        (HOUSEHOLD_ELSEWHERE, _without_schooling),
        (STUDENT_POVERTY, _lists_left_over),
        (STUDENT_SPECIAL, _lists_left_over),
    )
    for number, (task, settled) in enumerate(steps):
        progress(f"比对 {task.left.label}×{task.right.label}", number, len(steps))
        if task is HOUSEHOLD_STUDENT:
            _borrow_numbers(connection, compared)
        left, right = settled(connection, compared, task)
        population = None
        if task is HOUSEHOLD_ELSEWHERE and elsewhere is not None:
            population = elsewhere(_without(connection, left))
            compared.duplicates += find_duplicates(engine, Register.ELSEWHERE)
        linked = link(
            engine,
            task,
            left_without=np.union1d(left, _left_out(connection, compared, task)).astype(np.int32),
            right_without=np.union1d(right, compared.extra(task.right)).astype(np.int32),
            households=households if task.left is Register.HOUSEHOLD else _of_students(compared, households),
            right_population=population,
        )
        _take(compared, engine, linked)
    _through_students(compared)
    _keep(connection, compared)
    return compared


def _take(compared: Compared, engine: Engine, linked: Linked) -> None:
    compared.links += linked.links
    compared.near += [(linked.task, candidate) for candidate in linked.candidates]
    if linked.task in (HOUSEHOLD_STUDENT, STUDENT_ROLL):
        left, right = compared.extra(linked.task.left), compared.extra(linked.task.right)
        late = late_duplicates(engine, linked, left_without=left, right_without=right)
        compared.duplicates += late.duplicates
        compared.near += [(linked.task, candidate) for candidate in late.near]


def _of_students(compared: Compared, households: Pairs) -> Pairs:
    """The pairs of one household again, as rows of the student register."""
    student_of = {
        link.left_row: link.right_row
        for link in compared.links
        if (link.left, link.right) == (Register.HOUSEHOLD, Register.STUDENT)
    }
    both = [
        (student_of[one], student_of[other])
        for one, other in zip(households.left.tolist(), households.right.tolist(), strict=True)
        if one in student_of and other in student_of
    ]
    return Pairs(
        np.array([one for one, _ in both], dtype=np.int32), np.array([other for _, other in both], dtype=np.int32)
    )


def _through_students(compared: Compared) -> None:
    """Who a list knows by the guardian that the school has is the household's child too: the link is written as such."""
    household_of = {
        link.right_row: link
        for link in compared.links
        if (link.left, link.right) == (Register.HOUSEHOLD, Register.STUDENT)
    }
    for task in (STUDENT_POVERTY, STUDENT_SPECIAL):
        better = [
            replace(
                link,
                left=Register.HOUSEHOLD,
                left_row=household_of[link.left_row].left_row,
                decision=_both(link.decision, household_of[link.left_row].decision),
                confidence=round(min(link.confidence, household_of[link.left_row].confidence), 4),
                method="through_student",
            )
            for link in compared.links
            if (link.left, link.right) == (task.left, task.right) and link.left_row in household_of
        ]
        taken = {link.right_row: link.confidence for link in better}
        compared.links = [
            link
            for link in compared.links
            if not (
                (link.left, link.right) == (Register.HOUSEHOLD, task.right)
                and link.right_row in taken
                and link.confidence < taken[link.right_row]
            )
        ]
        kept = {
            link.right_row for link in compared.links if (link.left, link.right) == (Register.HOUSEHOLD, task.right)
        }
        compared.links += [link for link in better if link.right_row not in kept]


def _both(one: Decision, other: Decision) -> Decision:
    return Decision.AUTO if one is other is Decision.AUTO else Decision.REVIEW


def _left_out(connection: duckdb.DuckDBPyConnection, compared: Compared, task: PairTask) -> Rows:
    """Rows on the left that another row speaks for; on the way to the rolls a record at another school speaks for itself."""
    extra = compared.extra(task.left)
    if task is not STUDENT_ROLL:
        return extra
    schools = dict(connection.execute("select row, school from people_student").fetchall())
    return _rows(
        duplicate.row
        for duplicate in compared.duplicates
        if duplicate.register is Register.STUDENT and schools.get(duplicate.row) == schools.get(duplicate.primary_row)
    )


def _borrow_numbers(connection: duckdb.DuckDBPyConnection, compared: Compared) -> None:
    """Give household rows without a sound number the one that a list has for the same child."""
    for register in (Register.POVERTY, Register.SPECIAL):
        sure = [
            link for link in compared.links
            if link.left is Register.HOUSEHOLD and link.right is register and link.decision is Decision.AUTO
        ]  # fmt: skip
        connection.register(
            "known",
            {
                "row": np.array([link.left_row for link in sure], dtype=np.int32),
                "list_row": np.array([link.right_row for link in sure], dtype=np.int32),
            },
        )
        connection.execute(
            f"""update people_household as h set borrowed_key = p.id_key
            from known k join people_{register.value} p on p.row = k.list_row
            where h.row = k.row and h.borrowed_key is null and p.id_key is not null"""
        )
        connection.unregister("known")


def _also_for_duplicates(linked: Linked, duplicates: list[Duplicate]) -> list[Link]:
    """A child may stand on a list several times, once a category: each of its lines is linked."""
    by_row = {link.right_row: link for link in linked.links}
    return [
        replace(by_row[duplicate.primary_row], right_row=duplicate.row, method="duplicate", evidence=duplicate.evidence)
        for duplicate in duplicates
        if duplicate.register is linked.task.right and duplicate.primary_row in by_row
    ]


_NONE = np.zeros(0, dtype=np.int32)


def _unsettled_none(_: duckdb.DuckDBPyConnection, compared: Compared, task: PairTask) -> tuple[Rows, Rows]:
    return _NONE, _NONE


def _without_each_other(_: duckdb.DuckDBPyConnection, compared: Compared, task: PairTask) -> tuple[Rows, Rows]:
    """Household and roll meet only where no student row links the two."""
    return compared.rows(HOUSEHOLD_STUDENT, Register.HOUSEHOLD), compared.rows(STUDENT_ROLL, Register.ROLL)


_AWAY = ", ".join(f"'{attendance.value}'" for attendance in Attendance if is_away(attendance))


def _where(connection: duckdb.DuckDBPyConnection, source: str) -> set[int]:
    return {int(row) for (row,) in connection.execute(f"select row from {source}").fetchall()}


def _without_schooling(connection: duckdb.DuckDBPyConnection, compared: Compared, task: PairTask) -> tuple[Rows, Rows]:
    """Elsewhere is asked for children who are not in class here, and need not be elsewhere (休学, 送教上门 …)."""
    absent_states = ", ".join(f"'{s.value}'" for s in StudentStatus if not in_force(s) or expects_presence(s))
    settled = _where(connection, f"student where coalesce(student_status, 'enrolled') not in ({absent_states})")
    present = _where(connection, f"roll where coalesce(attendance, 'present') not in ({_AWAY})")
    in_class = {
        link.left_row
        for link in compared.links
        if (link.left, link.right) == (Register.STUDENT, Register.ROLL) and link.right_row in present
    } | settled
    schooled = _rows(
        link.left_row
        for link in compared.links
        if (link.left, link.right) == (Register.HOUSEHOLD, Register.STUDENT)
        and link.right_row in in_class
        and link.decision is Decision.AUTO
    )
    attending = _rows(
        link.left_row
        for link in compared.links
        if (link.left, link.right) == (Register.HOUSEHOLD, Register.ROLL) and link.decision is Decision.AUTO
    )
    return np.union1d(schooled, attending).astype(np.int32), _NONE


def _lists_left_over(_: duckdb.DuckDBPyConnection, compared: Compared, task: PairTask) -> tuple[Rows, Rows]:
    """A list's child that no household row fits may be a pupil from outside, or known by the guardian the school has."""
    household = HOUSEHOLD_POVERTY if task.right is Register.POVERTY else HOUSEHOLD_SPECIAL
    sure = _rows(
        link.right_row
        for link in compared.links
        if (link.left, link.right) == (household.left, household.right) and link.decision is Decision.AUTO
    )
    return _NONE, sure


def _without(connection: duckdb.DuckDBPyConnection, settled: Rows) -> Rows:
    rows = connection.execute("select row from people_household").fetchnumpy()["row"]
    return np.setdiff1d(np.asarray(rows, dtype=np.int32), settled)


def household_pairs(connection: duckdb.DuckDBPyConnection) -> Pairs:
    """Pairs of rows of the household register that are two children of one household."""
    answer = connection.execute(
        """select l.row as l_row, r.row as r_row from people_household l join people_household r
        on coalesce(l.household_number, l.guardian || l.place) = coalesce(r.household_number, r.guardian || r.place)
        where l.row <> r.row and l.sound <> r.sound
        qualify count(*) over (partition by l.row) <= 8
        order by l.content, r.content, l.row, r.row"""
    ).fetchnumpy()
    return Pairs(np.asarray(answer["l_row"], dtype=np.int32), np.asarray(answer["r_row"], dtype=np.int32))


def _keep(connection: duckdb.DuckDBPyConnection, compared: Compared) -> None:
    order = {task.left.value + task.right.value: place for place, task in enumerate(WRITTEN)}
    links = sorted(
        compared.links,
        key=lambda link: (order.get(link.left.value + link.right.value, 9), link.left_row, link.right_row),
    )
    columns = ("left", "left_row", "right", "right_row", "decision", "confidence", "method", "evidence")
    _table(connection, "all_links", _LINKS, [[getattr(link, name) for name in columns] for link in links])
    written = " or ".join(f"(\"left\" = '{task.left.value}' and \"right\" = '{task.right.value}')" for task in WRITTEN)
    connection.execute(f"create or replace table links as select * from all_links where {written}")
    _table(
        connection, "near_misses", _NEAR,
        [[t.left, c.left_row, t.right, c.right_row, c.confidence, c.evidence] for t, c in compared.near],
    )  # fmt: skip
    _table(
        connection, "duplicates", _DUPLICATES,
        [[d.register, d.row, d.primary_row, d.decision, d.confidence, d.evidence] for d in compared.duplicates],
    )  # fmt: skip


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


def _table(connection: duckdb.DuckDBPyConnection, name: str, schema: pa.Schema, rows: list[list[object]]) -> None:
    columns = list(zip(*rows, strict=True)) if rows else [[] for _ in schema]
    arrays = [
        pa.array([str(v) for v in column] if pa.types.is_string(kind) else column, type=kind)
        for column, kind in zip(columns, schema.types, strict=True)
    ]
    connection.register("incoming", pa.table(arrays, schema=schema))
    connection.execute(f"create or replace table {name} as select * from incoming")
    connection.unregister("incoming")
