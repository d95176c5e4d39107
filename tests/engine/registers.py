"""Registers as tests write them: a table in text, one row a line, turned into canonical tables of the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from baoxue.matching.people import make_people
from baoxue.policy.idnumber import check_digit, classify
from baoxue.policy.registers import Register
from baoxue.reading.canonical import schema_of

AS_OF = date(2025, 9, 20)

Row = Mapping[str, Any]
Registers = Mapping[Register, Sequence[Row]]


def number(born: str, sequence: int = 11, region: str = "990000") -> str:
    """A sound identity number of nobody: 99 is no province. `born` as 2014-05-06."""
    first = f"{region}{born.replace('-', '')}{sequence:03}"
    return first + check_digit(first)


def canonical(row: int, said: Mapping[str, Any]) -> dict[str, Any]:
    """One canonical row of what is said, texts turned into the types of their columns; empty is null."""
    made: dict[str, Any] = {key: value for key, value in said.items() if value not in ("", None)}
    made |= {"row": row, "line": row + 1}
    for column in ("birth_date", "absent_since"):
        if column in made:
            made[column] = date.fromisoformat(made[column])
    if "birth_date" in made:
        made["birth_month"] = made["birth_date"].year * 100 + made["birth_date"].month
    for column in ("birth_month", "grade"):
        if column in made:
            made[column] = int(made[column])
    found = classify(made["id_number"]) if "id_number" in made else None
    if found is not None:
        made |= {"id_number": found.number, "id_state": found.state.value, "id_type": found.type.value}
    return made


def rows_of(said: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows numbered from 1 in the order they are said."""
    return [canonical(row, values) for row, values in enumerate(said, start=1)]


def connected(registers: Registers, *, threads: int = 1) -> duckdb.DuckDBPyConnection:
    """A connection with the six registers (empty where none is given) and the people made of them."""
    connection = duckdb.connect(config={"threads": threads})
    for register in Register:
        table = pa.Table.from_pylist([dict(row) for row in registers.get(register, ())], schema=schema_of(None))
        connection.register("incoming", table)
        connection.execute(f"create or replace table {register.value} as select * from incoming")
        connection.unregister("incoming")
    make_people(connection, as_of=AS_OF)
    return connection


def text_table(text: str) -> tuple[list[str], list[list[str]]]:
    """Header and lines of a table written with `|`; surrounding blanks do not count."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    header, *body = lines
    assert all(len(line) == len(header) for line in body), "a line of the table has too few or too many cells"
    return header, body
