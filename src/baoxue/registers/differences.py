"""What a new file of a register would change against the last snapshot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from baoxue.policy.registers import Column, Register
from baoxue.reading.canonical import schema_of
from baoxue.registers.subjects import bases_of

PlaceNames = Callable[[pa.Table], list[str]]

# A register so small, or a change of so few rows, is no alarm, whatever its share.
_FEW_ROWS = 10
_PLACES_SHOWN = 12
_PIECE = 200_000
# What changes every term, or says only where in the file a row stands, does not make a person's record another one.
_PASSING = frozenset(
    {
        "row", "sheet", "line", "remark", "id_state", Column.GRADE.value, Column.CLASS_NAME.value,
        Column.ATTENDANCE.value, Column.ABSENT_SINCE.value, Column.STUDENT_STATUS.value,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AlarmLimits:
    """Shares (0–1) of the last snapshot's rows from which on a change is unusual.

    `fewer`: rows less; `changed`: same person, another name, birthday, number, address or school; `gone`: people who are
    in it no more.
    """

    fewer: float
    changed: float
    gone: float


@dataclass(frozen=True, slots=True)
class PlaceDifference:
    """Differences of one school, township or category."""

    name: str
    before: int
    now: int
    appeared: int
    gone: int
    changed: int


@dataclass(slots=True)
class Differences:
    """A new file against the last snapshot. `rows_…` count rows, the others people (`subjects`).

    `places`: those with the most change; `places_left_out`: how many more there are. `questions`: what is unusual, each
    to be answered; none = nothing is.
    """

    rows_before: int
    rows_now: int
    same: int
    changed: int
    appeared: int
    gone: int
    places: list[PlaceDifference] = field(default_factory=list)
    places_left_out: int = 0
    questions: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Plain data: counts and names of places, nobody's."""
        return asdict(self)


def differences(
    before: Path, now: Path, register: Register, *, place_names: PlaceNames, limits: AlarmLimits
) -> Differences:
    """Compare two canonical files of a register. `place_names` gives each row's school, township or category."""
    with duckdb.connect(config={"threads": 2, "memory_limit": "1GB", "temp_directory": str(now.parent)}) as connection:
        rows_before = _load(connection, "people_before", before, register, place_names)
        rows_now = _load(connection, "people_now", now, register, place_names)
        connection.execute(_MET)
        [(same, changed, appeared, gone)] = connection.execute(_COUNTS).fetchall()
        made = Differences(rows_before, rows_now, same, changed, appeared, gone)
        places = [PlaceDifference(*row) for row in connection.execute(_PLACES).fetchall()]
    made.places, made.places_left_out = places[:_PLACES_SHOWN], max(0, len(places) - _PLACES_SHOWN)
    made.questions = _questions(made, limits)
    return made


def _load(
    connection: duckdb.DuckDBPyConnection, table: str, path: Path, register: Register, place_names: PlaceNames
) -> int:
    """Make a table of the people of a file: one row a person, content as hashes; gives the number of the file's rows.

    In pieces: a province's extract has ten million rows.
    """
    lasting = [f"coalesce({name}::varchar, '')" for name in schema_of(None).names if name not in _PASSING]
    connection.execute("create or replace temp table held (basis varchar, place varchar, content ubigint)")
    count = 0
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(_PIECE):
            rows = pa.Table.from_batches([batch])
            named = rows.append_column("basis", pa.array(bases_of(register, rows), pa.string()))
            named = named.append_column("place", pa.array(place_names(rows), pa.string()))
            connection.register("named", named)
            connection.execute(f"insert into held select basis, place, hash({', '.join(lasting)}) from named")
            connection.unregister("named")
            count += rows.num_rows
    connection.execute(
        f"""create table {table} as
        select basis, min(place) as place, list_sort(list(content)) as content from held group by basis"""
    )
    return count


# One row a person of either file.
_MET = """
create table met as
select coalesce(n.place, b.place) as place, b.basis is not null as was, n.basis is not null as is_now,
    b.basis is not null and n.basis is not null and b.content <> n.content as changed
from people_before b full join people_now n on b.basis = n.basis
"""
_COUNTS = """
select count(*) filter (was and is_now and not changed), count(*) filter (changed),
    count(*) filter (is_now and not was), count(*) filter (was and not is_now)
from met
"""
_PLACES = """
select place, count(*) filter (was), count(*) filter (is_now), count(*) filter (is_now and not was),
    count(*) filter (was and not is_now), count(*) filter (changed)
from met group by place
having bool_or(changed or was <> is_now)
order by count(*) filter (was and not is_now) desc, count(*) filter (changed or was <> is_now) desc, place
"""


def _questions(made: Differences, limits: AlarmLimits) -> list[str]:
    """What is unusual, as questions to whoever confirms."""
    questions = []
    fewer = made.rows_before - made.rows_now
    if _unusual(fewer, made.rows_before, limits.fewer):
        most = max(made.places, key=lambda place: place.before - place.now, default=None)
        lost = 0 if most is None else most.before - most.now
        where = f"其中“{most.name}”少 {lost:,} 人，" if most is not None and lost > fewer / 4 else ""
        questions.append(
            f"比上一份少 {fewer:,} 行（{fewer / made.rows_before:.1%}），{where}"
            "是不是漏了学校、乡镇或工作表？少的人去了哪里？"
        )
    people = made.same + made.changed + made.gone
    if _unusual(made.gone, people, limits.gone):
        questions.append(
            f"上一份里有 {made.gone:,} 人（{made.gone / people:.1%}）不在这一份里，是毕业、转走，还是放错了文件？"
        )
    if _unusual(made.changed, people, limits.changed):
        questions.append(
            f"有 {made.changed:,} 人（{made.changed / people:.1%}）的姓名、出生日期、证件号、地址或学校和上一份不同，"
            "是统一更正，还是列错了位？"
        )
    return questions


def _unusual(count: int, of: int, share: float) -> bool:
    return count >= _FEW_ROWS and count > of * share
