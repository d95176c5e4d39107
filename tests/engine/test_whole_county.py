"""What holds for the comparison of a whole county, whatever the order of its rows and however many threads work on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from baoxue.matching.children import make_children
from baoxue.matching.comparing import compare_registers
from baoxue.matching.elsewhere import choose
from baoxue.matching.engine import DuckDBEngine
from baoxue.matching.findings import make_findings
from baoxue.matching.linking import Link
from baoxue.matching.output.tables import write_findings, write_links
from baoxue.matching.people import make_people
from baoxue.matching.rules import HOUSEHOLD_STUDENT, STUDENT_ROLL, Block, PairTask
from baoxue.policy.registers import Register
from baoxue.reading import ReadJob, read_registers
from baoxue.synth import generate

from .conftest import linked_by
from .registers import AS_OF

Tables = Mapping[Register, pa.Table]
Places = Mapping[Register, dict[int, int]]


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """A county of 250 children as reading hands it over, with three times the usual mistakes."""
    folder = tmp_path_factory.mktemp("county")
    files = generate(250, 4711, folder, format="parquet", as_of=AS_OF, errors=3.0)
    jobs = [ReadJob(files[register.value], register, folder / f"{register}.canonical") for register in Register]
    read_registers(jobs)
    return {register: pq.read_table(folder / f"{register}.canonical") for register in Register}


@dataclass(frozen=True)
class Run:
    """The tables of one run, and the bytes of its files."""

    links: list[tuple[Any, ...]]
    findings: list[tuple[Any, ...]]
    files: tuple[bytes, bytes]


def load(tables: Tables, *, threads: int = 1) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": threads})
    for register, table in tables.items():
        connection.register("incoming", table)
        connection.execute(f"create or replace table {register.value} as select * from incoming")
        connection.unregister("incoming")
    make_people(connection, as_of=AS_OF)
    return connection


def run(tables: Tables, folder: Path, *, threads: int = 1) -> Run:
    """Compare and judge what stands in the tables."""
    connection = load(tables, threads=threads)
    compared = compare_registers(connection, DuckDBEngine(connection))
    make_children(connection, compared.links, compared.duplicates, as_of=AS_OF, age_from=6, age_to=14)
    make_findings(connection, input_hashes=dict.fromkeys(Register, "0" * 64))
    write_links(connection, folder / "links.csv")
    write_findings(connection, folder / "findings.csv")
    columns = "kind, decision, confidence, household_row, student_row, roll_row, poverty_row, elsewhere_row, differs"
    return Run(
        connection.execute('select "left", left_row, "right", right_row, decision, confidence from links').fetchall(),
        connection.execute(f"select {columns} from findings").fetchall(),
        ((folder / "links.csv").read_bytes(), (folder / "findings.csv").read_bytes()),
    )


@pytest.fixture(scope="module")
def once(tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(tables, tmp_path_factory.mktemp("once"))


def shuffled(tables: Tables) -> tuple[Tables, Places]:
    """Every register in another order, the rows numbered anew; and what the new numbers were before."""
    random = np.random.default_rng(3)
    mixed, before = {}, {}
    for register, table in tables.items():
        order = random.permutation(len(table))
        numbers = np.arange(1, len(table) + 1, dtype=np.int32)
        before[register] = dict(zip(numbers.tolist(), table["row"].to_numpy()[order].tolist(), strict=True))
        mixed[register] = table.take(order).set_column(table.schema.get_field_index("row"), "row", pa.array(numbers))
    return mixed, before


@pytest.fixture(scope="module")
def mixed(tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Places]:
    again, before = shuffled(tables)
    return run(again, tmp_path_factory.mktemp("mixed")), before


def test_the_order_of_the_rows_changes_no_link(once: Run, mixed: tuple[Run, Places]) -> None:
    found, before = mixed
    as_before = [
        (left, before[Register(left)][left_row], right, before[Register(right)][right_row], decision, confidence)
        for left, left_row, right, right_row, decision, confidence in found.links
    ]
    assert sorted(as_before) == sorted(once.links)


def test_the_order_of_the_rows_changes_no_finding(once: Run, mixed: tuple[Run, Places]) -> None:
    found, before = mixed
    sides = [Register.HOUSEHOLD, Register.STUDENT, Register.ROLL, Register.POVERTY, Register.ELSEWHERE]

    def as_before(row: tuple[Any, ...]) -> tuple[Any, ...]:
        rows = [None if n is None else before[side][n] for side, n in zip(sides, row[3:8], strict=True)]
        return (*row[:3], *rows, row[8])

    assert Counter(map(as_before, found.findings)) == Counter(once.findings)


def test_the_same_bytes_however_many_threads_and_however_often(once: Run, tables: Tables, tmp_path: Path) -> None:
    assert run(tables, tmp_path, threads=2).files == once.files


def test_confidence_is_a_probability(once: Run) -> None:
    chances = [*(row[5] for row in once.links), *(row[2] for row in once.findings)]
    assert all(isinstance(chance, float) and 0 <= chance <= 1 for chance in chances)


def test_one_row_is_in_one_link_of_two_registers(once: Run) -> None:
    """The lists aside: poverty and special groups may name one child on several lines."""
    lists = ("poverty", "special")
    left = Counter((row[0], row[1], row[2]) for row in once.links if row[2] not in lists)
    right = Counter((row[0], row[2], row[3]) for row in once.links)
    assert set(left.values()) == set(right.values()) == {1}


def test_such_a_county_has_links_of_every_kind(once: Run) -> None:
    assert {(row[0], row[2]) for row in once.links} == {
        ("household", "student"), ("student", "roll"), ("household", "roll"), ("household", "poverty"),
        ("household", "special"), ("household", "elsewhere"),
    }  # fmt: skip


def mirrored(task: PairTask) -> PairTask:
    """The same task with the registers exchanged."""
    blocks = tuple(Block(_exchanged(block.right), _exchanged(block.left)) for block in task.blocks)
    return replace(task, left=task.right, right=task.left, blocks=blocks)


def _exchanged(side: str) -> str:
    return side.replace("l.", "r.") if side.startswith("l.") else side.replace("r.", "l.")


def _by_rows(links: list[Link], *, exchanged: bool) -> Iterator[tuple[tuple[int, int], float]]:
    for link in links:
        pair = (link.left_row, link.right_row)
        yield (pair[::-1] if exchanged else pair), link.confidence


@pytest.mark.parametrize("task", [HOUSEHOLD_STUDENT, STUDENT_ROLL], ids=["household-student", "student-roll"])
def test_it_does_not_matter_which_register_comes_first(task: PairTask, tables: Tables) -> None:
    engine = DuckDBEngine(load(tables))
    # Exchanged, the county is as large: the size of the right register is not given then.
    one = dict(_by_rows(linked_by(engine, task, right_population=None).links, exchanged=False))
    other = dict(_by_rows(linked_by(engine, mirrored(task), right_population=None).links, exchanged=True))
    assert len(one) > 100
    # Strangers to learn from are sampled in another order then: the third decimal may move, a pair may not.
    assert other == pytest.approx(one, abs=5e-3)


def test_reading_elsewhere_narrowly_misses_nobody(once: Run, tables: Tables, tmp_path: Path) -> None:
    """Who would be linked with every record at hand is among the records that are chosen, and they are few."""
    connection = load({**tables, Register.ELSEWHERE: tables[Register.ELSEWHERE].slice(0, 0)})
    narrow = tmp_path / "elsewhere"
    pq.write_table(tables[Register.ELSEWHERE], narrow)
    chosen = choose(connection, narrow, tables[Register.HOUSEHOLD]["row"].to_numpy())
    linked = {row[3] for row in once.links if row[2] == "elsewhere"}
    assert len(linked) > 5
    assert linked <= set(chosen)
    assert len(chosen) < len(tables[Register.ELSEWHERE]) / 2
