"""Parts `exact` and `nation`: the exact pass over millions of rows, against a plain DuckDB join of the same files."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import duckdb

from baoxue.matching.bulk import tie_exactly
from bench.case import Case, Part, Result, Settings
from bench.processes import work

_MEMORY = "1500MB"
# What the process takes beside the join grows with the rows: two counts of a byte each.
_MEMORY_OF_A_NATION = "1350MB"
_REPEATS = 3


def _cases_to_30m(settings: Settings) -> Sequence[Case]:
    sizes = (50_000,) if settings.quick else (1_000_000, 3_000_000, 10_000_000, 30_000_000)
    repeats = 1 if settings.quick else _REPEATS
    return [Case(str(rows), {"rows": rows, "memory": _MEMORY, "repeats": repeats}) for rows in sizes]


def _case_of_a_nation(settings: Settings) -> Sequence[Case]:
    if settings.quick:
        # As little memory for as many rows, so that the join runs over the disk.
        return [Case(str(rows), {"rows": rows, "memory": "100MB", "repeats": 1}) for rows in (200_000, 400_000)]
    # Both run over the disk: whether time grows with the rows shows between them.
    return [
        Case(str(rows), {"rows": rows, "memory": _MEMORY_OF_A_NATION, "repeats": 1})
        for rows in (80_000_000, 160_000_000)
    ]


def _measure(scratch: Path, *, rows: int, memory: str, repeats: int) -> Result:
    made = work("bench.exact:make", out=scratch, rows=rows)
    joins = {"plain": "bench.exact:join_plainly", "packed": "bench.exact:join_packed"}
    result: Result = {"rows": rows, "memory": memory, "made_in": made.seconds, "file_mb": made.result["mb"]}
    seconds: dict[str, list[float]] = {name: [] for name in ("baoxue", *joins)}
    peak: dict[str, list[float]] = {name: [] for name in seconds}
    for _ in range(repeats):
        for name in seconds:
            worked = (
                work("bench.exact:tie", folder=scratch, memory=memory)
                if name == "baoxue"
                else work(joins[name], folder=scratch)
            )
            seconds[name].append(worked.result["seconds"])
            peak[name].append(worked.peak_mb)
            result[f"{name}_pairs"] = worked.result["pairs"]
    for name in seconds:
        result[f"{name}_seconds"] = statistics.median(seconds[name])
        result[f"{name}_peak_mb"] = max(peak[name])
        result[f"{name}_runs"] = seconds[name]
    return result


def tie(folder: str, memory: str) -> dict[str, float]:
    """Our exact pass."""
    began = perf_counter()
    pairs = tie_exactly(*_files(folder), Path(folder) / "pairs.parquet", memory=memory, scratch=Path(folder))
    return {"seconds": perf_counter() - began, "pairs": pairs}


# What anyone would write: equal strings, nothing checked, a number that stands several times tied to all of them.
_PLAIN = """copy (select l.row as left_row, r.row as right_row
from read_parquet('{left}') l join read_parquet('{right}') r using (id_number)) to '{out}' (format parquet)"""

# The same with the first 17 digits of valid numbers packed into an integer.
_PACKED = """copy (
    select l.row as left_row, r.row as right_row
    from (select row, cast(left(id_number, 17) as bigint) as key from read_parquet('{left}') where id_state = 'valid') l
    join (select row, cast(left(id_number, 17) as bigint) as key from read_parquet('{right}') where id_state = 'valid') r
    using (key)
) to '{out}' (format parquet)"""


def join_plainly(folder: str) -> dict[str, float]:
    """Join the numbers as strings, DuckDB's own settings."""
    return _join(_PLAIN, folder)


def join_packed(folder: str) -> dict[str, float]:
    """Join the numbers as packed integers, DuckDB's own settings."""
    return _join(_PACKED, folder)


def _join(sql: str, folder: str) -> dict[str, float]:
    left, right = _files(folder)
    out = Path(folder) / "joined.parquet"
    with duckdb.connect(config={"temp_directory": str(Path(folder) / "spill")}) as connection:
        began = perf_counter()
        connection.execute(sql.format(left=left, right=right, out=out))
        seconds = perf_counter() - began
        ((pairs,),) = connection.execute(f"select count(*) from read_parquet('{out}')").fetchall()
    return {"seconds": seconds, "pairs": pairs}


def _files(folder: str) -> tuple[Path, Path]:
    return Path(folder) / "left.parquet", Path(folder) / "right.parquet"


# One row = one person of one register. Eight in a hundred stand in one register only; three in a hundred have no number, one
# and a half one that Excel cut, two in a thousand another child's; two in a hundred another name, one and a half another
# birth date. Place 99 is no province: the numbers are nobody's.
_PEOPLE = """
copy (
    with places as (
        select cast(r + 1 as integer) as row, (r * {step} + 13) % {rows} as place from range({rows}) t(r)
    ), people as (
        select row, place + case when hash(place) % 100 < 8 then {side} * 4 * {rows} else 0 end as child from places
    ), lucky as (
        select row, child, hash(child) as h, hash(hash(child) + {side} + 1) % 1000 as luck from people
    ), counted as (
        select *, ((case when luck >= 998 then child + 1 else child end) * 2654435761) % (32850000::bigint * 999) as n,
            (child * 2654435761) % (32850000::bigint * 999) as own
        from lucky
    ), dated as (
        select *, date '2010-09-01' + cast((n // 10000) % 3285 as integer) as day,
            date '2010-09-01' + cast((own // 10000) % 3285 as integer) as born
        from counted
    ), numbered as (
        select *, (990000 + n % 10000) * 100000000000
            + (year(day) * 10000 + month(day) * 100 + day(day)) * 1000 + n // 32850000 + 1 as k
        from dated
    ), checked as (
        select *, cast(k as varchar) || substr('10X98765432', cast(({weights}) % 11 as integer) + 1, 1) as number
        from numbered
    )
    select row,
        chr(cast(19968 + h % 200 as integer)) || chr(cast(20200 + (h >> 8) % 2000 as integer))
            || chr(cast(20200 + (h >> case when luck < 20 then 31 else 20 end) % 2000 as integer)) as name,
        case when luck between 10 and 24 then born + 1 else born end as birth_date,
        case when luck between 900 and 929 then null when luck between 800 and 814 then left(number, 15) || '000'
            else number end as id_number,
        case when luck between 900 and 929 then null when luck between 800 and 814 then 'truncated'
            else 'valid' end as id_state
    from checked
) to '{out}' (format parquet, compression lz4_raw)
"""
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
# The right register stands in another order; the step is a prime, so that every place occurs once.
_STEPS = (1, 7919)


def make(out: str, rows: int) -> dict[str, float]:
    """Write both registers, in the canonical columns that the exact pass needs; returns their size in MB."""
    weights = " + ".join(f"{weight} * ((k // {10 ** (16 - place)}) % 10)" for place, weight in enumerate(_WEIGHTS))
    with duckdb.connect(config={"memory_limit": "2GB"}) as connection:
        for side, (file, step) in enumerate(zip(_files(out), _STEPS, strict=True)):
            connection.execute(_PEOPLE.format(side=side, step=step, rows=rows, weights=weights, out=file))
    return {"mb": sum(file.stat().st_size for file in _files(out)) / 1e6}


EXACT = Part("exact", "the exact pass, 1 to 30 million rows a register", _cases_to_30m, _measure)
NATION = Part("nation", "the exact pass, 80 and 160 million rows a register", _case_of_a_nation, _measure)
