"""The comparison over loaded registers: duplicates first, then register by register, each child settled once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import duckdb
import numpy as np

from baoxue.matching.compared import Compared, keep
from baoxue.matching.decided import WORDS, Decided, HeedingEngine
from baoxue.matching.duplicates import Duplicate, find_duplicates
from baoxue.matching.engine import Engine, Pairs, Rows
from baoxue.matching.linking import Linked, late_duplicates, link
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
from baoxue.matching.settled import settled_rows, without_schooling
from baoxue.matching.tables import put
from baoxue.policy.findings import Decision
from baoxue.policy.registers import Register
from baoxue.progress import Progress, silent

# The lists come first, because they lend their numbers, and last, for whom only the school's guardian gives away.
_TASKS = (
    HOUSEHOLD_POVERTY,
    HOUSEHOLD_SPECIAL,
    HOUSEHOLD_STUDENT,
    STUDENT_ROLL,
    HOUSEHOLD_ROLL,
    HOUSEHOLD_ELSEWHERE,
    STUDENT_POVERTY,
    STUDENT_SPECIAL,
)


def compare_registers(
    connection: duckdb.DuckDBPyConnection,
    engine: Engine,
    *,
    elsewhere: Callable[[Rows], int] | None = None,
    decided: Decided | None = None,
    progress: Progress = silent,
) -> Compared:
    """Compare everything loaded; writes the tables `links`, `all_links`, `near_misses` and `duplicates`.

    `elsewhere`: called when it is known which household rows have no schooling here, to load only the records that may
    be theirs; returns how many records there are in all. None: the register is loaded already. `decided`: what
    people have said of pairs of rows, which stands.
    """
    compared = Compared()
    decided = decided or Decided()
    engine = HeedingEngine(engine, decided)
    for register in Register:
        compared.duplicates += find_duplicates(engine, register)
    households = household_pairs(connection)
    for number, task in enumerate(_TASKS):
        progress(f"比对 {task.left.label}×{task.right.label}", number, len(_TASKS))
        population = None
        if task is HOUSEHOLD_STUDENT:
            _borrow_numbers(connection, compared, HOUSEHOLD_POVERTY, HOUSEHOLD_SPECIAL)
        if task is HOUSEHOLD_ELSEWHERE:
            _borrow_numbers(connection, compared, HOUSEHOLD_STUDENT)
        if task is HOUSEHOLD_ELSEWHERE and elsewhere is not None:
            population = elsewhere(without_schooling(connection, compared))
            compared.duplicates += find_duplicates(engine, Register.ELSEWHERE)
        left, right = settled_rows(connection, compared, task)
        linked = link(
            engine,
            task,
            left_without=left,
            right_without=right,
            households=households if task.left is Register.HOUSEHOLD else _of_students(compared, households),
            right_population=population,
            decided=decided.same(task.left, task.right),
        )
        if task is HOUSEHOLD_ROLL:
            _settle_doubts(compared, linked)
        _take(compared, engine, linked, left, right)
    _through_students(compared, decided)
    _decided_twice(compared, decided)
    keep(connection, compared)
    return compared


def _take(compared: Compared, engine: Engine, linked: Linked, left: Rows, right: Rows) -> None:
    """Add what came of a task; `left`, `right`: the rows that took no part in it."""
    compared.links += linked.links
    compared.near += [(linked.task, candidate) for candidate in linked.candidates]
    if linked.model is not None:
        compared.models[linked.task] = linked.model
    if linked.task in (HOUSEHOLD_STUDENT, STUDENT_ROLL, HOUSEHOLD_ELSEWHERE):
        left = np.union1d(left, compared.extra(linked.task.left)).astype(np.int32)
        late = late_duplicates(engine, linked, left_without=left, right_without=right)
        compared.duplicates += late.duplicates
        compared.near += [(linked.task, candidate) for candidate in late.near]


def _settle_doubts(compared: Compared, linked: Linked) -> None:
    """Household and roll met over rows that a student row only may link: the surer of the two links stays."""
    doubted = {
        (link.left, link.left_row) if link.left is Register.HOUSEHOLD else (link.right, link.right_row)
        for task in (HOUSEHOLD_STUDENT, STUDENT_ROLL)
        for link in compared.of(task)
        if link.decision is Decision.REVIEW
    }
    linked.links = [
        link
        for link in linked.links
        if link.decision is Decision.AUTO or not {(link.left, link.left_row), (link.right, link.right_row)} & doubted
    ]
    sure = {
        place
        for link in linked.links
        if link.decision is Decision.AUTO
        for place in ((link.left, link.left_row), (link.right, link.right_row))
    }
    compared.links = [
        link
        for link in compared.links
        if link.decision is Decision.AUTO
        or (link.left, link.right) not in ((Register.HOUSEHOLD, Register.STUDENT), (Register.STUDENT, Register.ROLL))
        or not {(link.left, link.left_row), (link.right, link.right_row)} & sure
    ]


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


def _of_students(compared: Compared, households: Pairs) -> Pairs:
    """The pairs of one household again, as rows of the student register."""
    student_of = {link.left_row: link.right_row for link in compared.of(HOUSEHOLD_STUDENT)}
    both = [
        (student_of[one], student_of[other])
        for one, other in zip(households.left.tolist(), households.right.tolist(), strict=True)
        if one in student_of and other in student_of
    ]
    return Pairs(
        np.array([one for one, _ in both], dtype=np.int32), np.array([other for _, other in both], dtype=np.int32)
    )


def _borrow_numbers(connection: duckdb.DuckDBPyConnection, compared: Compared, *tasks: PairTask) -> None:
    """Give household rows the sound number that another register has for the same child, where theirs is none or another."""
    for task in tasks:
        sure = [link for link in compared.of(task) if link.decision is Decision.AUTO]
        put(
            connection,
            "lent",
            {
                "row": np.array([link.left_row for link in sure], dtype=np.int32),
                "list_row": np.array([link.right_row for link in sure], dtype=np.int32),
            },
        )
        connection.execute(
            f"""update people_household as h set borrowed_key = n.id_key
            from (select k.row, min(p.id_key) as id_key from lent k
                join people_{task.right.value} p on p.row = k.list_row group by k.row) n
            where h.row = n.row and (h.borrowed_key is null or h.borrowed_key = h.id_key) and n.id_key is not null"""
        )


def _through_students(compared: Compared, decided: Decided) -> None:
    """Who a list knows by the guardian that the school has is the household's child too: the link is written as such."""
    household_of = {link.right_row: link for link in compared.of(HOUSEHOLD_STUDENT)}
    for through, task in ((STUDENT_POVERTY, HOUSEHOLD_POVERTY), (STUDENT_SPECIAL, HOUSEHOLD_SPECIAL)):
        found = {
            link.right_row: replace(
                link,
                left=Register.HOUSEHOLD,
                left_row=household_of[link.left_row].left_row,
                decision=_both(link.decision, household_of[link.left_row].decision),
                confidence=round(min(link.confidence, household_of[link.left_row].confidence), 4),
                method="through_student",
            )
            for link in compared.of(through)
            if link.left_row in household_of
        }
        apart = decided.apart(task.left, task.right)
        for left_row, right_row in zip(apart.left.tolist(), apart.right.tolist(), strict=True):
            if right_row in found and found[right_row].left_row == left_row:
                del found[right_row]
        direct = {link.right_row: link for link in compared.of(task)}
        worse = {row for row, link in found.items() if row in direct and link.confidence <= direct[row].confidence}
        better = [link for row, link in found.items() if row not in worse]
        replaced = {link.right_row for link in better}
        compared.links = [
            link
            for link in compared.links
            if not (link.left is task.left and link.right is task.right and link.right_row in replaced)
        ] + better


def _decided_twice(compared: Compared, decided: Decided) -> None:
    """Who a person linked to a row that another row is linked to as well stands twice in its register."""
    known = {(duplicate.register, duplicate.row) for duplicate in compared.duplicates}
    for task in _TASKS:
        same = decided.same(task.left, task.right)
        pairs = set(zip(same.left.tolist(), same.right.tolist(), strict=True))
        if task.many or not pairs:
            continue
        others = [link for link in compared.of(task) if (link.left_row, link.right_row) not in pairs]
        left_of = {link.right_row: link.left_row for link in others}
        right_of = {link.left_row: link.right_row for link in others}
        for left_row, right_row in sorted(pairs):
            for register, row, primary in (
                (task.left, left_row, left_of.get(right_row)), (task.right, right_row, right_of.get(left_row)),
            ):  # fmt: skip
                if primary is not None and (register, row) not in known and (register, primary) not in known:
                    known.add((register, row))
                    compared.duplicates.append(Duplicate(register, row, primary, Decision.AUTO, 0.9999, WORDS))


def _both(one: Decision, other: Decision) -> Decision:
    return Decision.AUTO if one is other is Decision.AUTO else Decision.REVIEW
