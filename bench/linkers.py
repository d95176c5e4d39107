"""Who links household and student register: baoxue and the usual rule of thumb. Each runs in a process of its own.

Every linker reads the same two canonical files and writes one Parquet file of links; it returns its seconds by step, from
the opening of the files to the list of links, imports and the loading of dictionaries not counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from baoxue.matching.comparing import household_pairs
from baoxue.matching.duplicates import extra_rows, find_duplicates
from baoxue.matching.engine import DuckDBEngine, Rows
from baoxue.matching.keys import alike_characters, lunar_birthdays, name_keys
from baoxue.matching.linking import SAME_CHILD, link
from baoxue.matching.people import load_register, make_people
from baoxue.matching.rules import HOUSEHOLD_STUDENT
from baoxue.policy.registers import Register
from bench.registers import AS_OF

# `counted`: sure enough to be taken as one child; `rank`: surer is higher.
LINKS = pa.schema(
    [("left_row", pa.int64()), ("right_row", pa.int64()), ("rank", pa.float64()), ("counted", pa.bool_())]
)

Seconds = dict[str, float]


@dataclass(slots=True)
class Clock:
    """Seconds of wall time by step."""

    seconds: Seconds = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time what happens inside."""
        began = perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + perf_counter() - began


@dataclass(frozen=True, slots=True)
class Prepared:
    """Both registers with their keys (pinyin and the like); `extra`: rows that are another record of a child."""

    connection: duckdb.DuckDBPyConnection
    engine: DuckDBEngine
    extra_left: Rows
    extra_right: Rows


def warm_up() -> None:
    """Load what is loaded once: libraries and their dictionaries of characters and sounds."""
    name_keys(["李明"])
    alike_characters(["李明", "王芳"])
    lunar_birthdays([AS_OF])


def prepare(household: str, student: str) -> Prepared:
    """What every linker with a model stands on: keys made, exact duplicates inside a register set aside."""
    connection = duckdb.connect()
    files = {Register.HOUSEHOLD: Path(household), Register.STUDENT: Path(student)}
    for register in Register:
        load_register(connection, register, files.get(register))
    make_people(connection, as_of=AS_OF)
    engine = DuckDBEngine(connection)
    extra_left, extra_right = (extra_rows(find_duplicates(engine, register)) for register in files)
    return Prepared(connection, engine, extra_left, extra_right)


def write_links(out: str, rows: list[tuple[int, int, float, bool]]) -> None:
    """One line per link, in the columns of LINKS."""
    arrays = [pa.array([row[place] for row in rows], type=field.type) for place, field in enumerate(LINKS)]
    pq.write_table(pa.table(arrays, schema=LINKS), out)


def baoxue(household: str, student: str, out: str) -> Seconds:
    """Exact numbers, then the three-class model."""
    warm_up()
    clock = Clock()
    with clock.step("preparing"):
        prepared = prepare(household, student)
    with clock.step("linking"):
        linked = link(
            prepared.engine,
            HOUSEHOLD_STUDENT,
            left_without=prepared.extra_left,
            right_without=prepared.extra_right,
            households=household_pairs(prepared.connection),
        )
        rows = [(one.left_row, one.right_row, one.confidence, one.confidence >= SAME_CHILD) for one in linked.links]
    write_links(out, rows)
    return clock.seconds


# One row = one pair: equal valid numbers first, then equal name and birth date where both are unique among what is left.
_RULE_OF_THUMB = """
with l as (
    select row, case when id_state = 'valid' then id_number end as number, name, birth_date from read_parquet('{household}')
), r as (
    select row, case when id_state = 'valid' then id_number end as number, name, birth_date from read_parquet('{student}')
), numbered as (
    select l.row as left_row, r.row as right_row from l join r using (number)
    qualify count(*) over (partition by l.row) = 1 and count(*) over (partition by r.row) = 1
), named as (
    select l.row as left_row, r.row as right_row from l join r using (name, birth_date)
    where l.row not in (select left_row from numbered) and r.row not in (select right_row from numbered)
    qualify count(*) over (partition by l.row) = 1 and count(*) over (partition by r.row) = 1
)
select left_row, right_row, 2e0, true from numbered union all select left_row, right_row, 1e0, true from named
"""


def rule_of_thumb(household: str, student: str, out: str) -> Seconds:
    """Exact number, then name and birth date: what an office does by hand."""
    clock = Clock()
    with clock.step("linking"), duckdb.connect() as connection:
        rows = connection.execute(_RULE_OF_THUMB.format(household=household, student=student)).fetchall()
    write_links(out, rows)
    return clock.seconds
