"""Every engine there is, and the slow judge, asked the same of small tables written in the tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import duckdb
import pytest

from baoxue.matching.engine import DuckDBEngine, Engine, Pairs, rows
from baoxue.matching.linking import Linked, link
from baoxue.matching.rules import HOUSEHOLD_STUDENT, Comparison, PairTask

from .judge import JudgeEngine
from .registers import AS_OF, Registers, connected, rows_of, text_table


@dataclass(frozen=True)
class Engines:
    """The engines over one set of registers, by name; the judge among them."""

    by_name: Mapping[str, Engine]
    connection: duckdb.DuckDBPyConnection


def engines_over(registers: Registers) -> Engines:
    """Every engine and the judge over the same registers."""
    connection = connected(registers)
    return Engines({"duckdb": DuckDBEngine(connection), "judge": JudgeEngine(registers, as_of=AS_OF)}, connection)


def _two_registers(text: str, task: PairTask) -> tuple[Registers, list[list[str]]]:
    """Left rows, right rows and the last cells of a table whose header starts anew (`name`) for the right register."""
    header, body = text_table(text)
    middle = header.index("name", 1)
    left = [dict(zip(header[:middle], line[:middle], strict=True)) for line in body]
    right = [dict(zip(header[middle:], line[middle:], strict=True)) for line in body]
    # The line a row stands on is its number; a line without a name has no row on that side.
    registers = {
        register: [row for row in rows_of(rows) if "name" in row]
        for register, rows in ((task.left, left), (task.right, right))
    }
    return registers, body


def linked_by(engine: Engine, task: PairTask, *, right_population: int | None = 20_000) -> Linked:
    """The links of a task where nothing is settled before, in a county of this many."""
    return link(engine, task, left_without=rows(), right_without=rows(), right_population=right_population)


@pytest.fixture
def on_every_engine() -> Callable[..., None]:
    """Link two registers on every engine.

    The table has the left row's columns, the right row's (from the second `name` on) and `link`: what becomes of the
    two rows of the line (auto, review, none). Any other link fails the test. The right register has 20,000 rows in all.
    """

    def check(text: str, task: PairTask = HOUSEHOLD_STUDENT) -> None:
        registers, body = _two_registers(text, task)
        expected = {(place, place): line[-1] for place, line in enumerate(body, start=1) if line[-1] != "none"}
        found = {
            name: {(found.left_row, found.right_row): found.decision.value for found in linked_by(engine, task).links}
            for name, engine in engines_over(registers).by_name.items()
        }
        assert found == dict.fromkeys(found, expected)

    return check


@pytest.fixture
def levels_on_every_engine() -> Callable[..., None]:
    """Compare the two rows of each line on every engine; the last column is the level (`missing`: nothing is said)."""

    def check(text: str, comparison: Comparison, task: PairTask = HOUSEHOLD_STUDENT) -> None:
        registers, body = _two_registers(text, task)
        lines = rows(range(1, len(body) + 1))
        codes = [level.code for level in comparison.levels]
        expected = [line[-1] for line in body]
        found = {}
        for name, engine in engines_over(registers).by_name.items():
            evidence = engine.evidence((comparison,), task.left, task.right, Pairs(lines, lines))
            levels = evidence.levels[comparison.field].tolist()
            found[name] = ["missing" if level < 0 else codes[level] for level in levels]
        assert found == dict.fromkeys(found, expected)

    return check
