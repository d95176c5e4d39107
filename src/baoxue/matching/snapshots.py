"""The comparison over registers that were read before: canonical files in, tables out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from baoxue import __version__
from baoxue.matching.children import make_children
from baoxue.matching.childtable import CHILDREN
from baoxue.matching.comparing import compare_registers
from baoxue.matching.decided import Decided, DecidedPair
from baoxue.matching.elsewhere import choose
from baoxue.matching.engine import DuckDBEngine, Rows
from baoxue.matching.findings import make_findings
from baoxue.matching.output.facts import RunFacts
from baoxue.matching.output.meeting import JUDGED
from baoxue.matching.output.summary import summary_of
from baoxue.matching.people import load_register, make_people, make_people_of
from baoxue.matching.reviewpairs import ReviewPair, review_pairs
from baoxue.matching.rules import RULES_VERSION
from baoxue.policy.registers import Register
from baoxue.progress import Progress, silent

_MEMORY = "1GB"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a comparison came to.

    `children`: as `childtable`. `people`: the children of the picture, who they are and where. `findings`: one row = one
    finding, the number in full. `links`: one row = two rows of one child. `pairs`: to be looked at.
    """

    children: pa.Table
    people: pa.Table
    findings: pa.Table
    links: pa.Table
    pairs: list[ReviewPair]
    summary: dict[str, Any]


def compare_snapshots(
    snapshots: Mapping[Register, Path],
    *,
    hashes: Mapping[Register, str],
    county: str,
    county_name: str,
    as_of: date,
    now: datetime,
    scratch: Path,
    decided: Iterable[DecidedPair] = (),
    age_from: int = 6,
    age_to: int = 14,
    progress: Progress = silent,
) -> Outcome:
    """Compare canonical Parquet files of one county; the same tables for the same files and decided pairs.

    `hashes`: SHA-256 of each file, by which findings get their ids. `scratch`: folder for what does not fit into memory.
    """
    seconds: dict[str, float] = {}
    heard = Decided(decided)
    with duckdb.connect(config=_config(scratch)) as connection:
        began = perf_counter()
        progress("装入登记册", 0)
        for register in Register:
            given = snapshots.get(register) if register is not Register.ELSEWHERE else None
            load_register(connection, register, given)
        make_people(connection, as_of=as_of)
        seconds["loading"], began = perf_counter() - began, perf_counter()
        engine = DuckDBEngine(connection)
        compared = compare_registers(
            connection,
            engine,
            elsewhere=lambda wanted: _load_elsewhere(connection, snapshots, wanted, heard, as_of=as_of),
            decided=heard,
            progress=progress,
        )
        seconds["comparing"], began = perf_counter() - began, perf_counter()
        progress("汇总每个孩子的情况", 0)
        make_children(connection, compared.links, compared.duplicates, as_of=as_of, age_from=age_from, age_to=age_to)
        make_findings(connection, input_hashes=hashes)
        pairs = review_pairs(connection, engine, compared)
        children, people, findings, links = (
            connection.sql(sql).to_arrow_table() for sql in (CHILDREN, _PEOPLE, _FINDINGS, "select * from all_links")
        )
        seconds["judging"] = perf_counter() - began
        facts = RunFacts(
            county=county,
            county_name=county_name,
            as_of=as_of,
            age_from=age_from,
            age_to=age_to,
            now=now,
            seconds=seconds,
            versions={"baoxue": __version__, "rules": RULES_VERSION, "duckdb": version("duckdb")},
        )
        return Outcome(children, people, findings, links, pairs, summary_of(connection, facts, {}))


def _config(scratch: Path) -> dict[str, str | bool | int | float | list[str]]:
    return {"memory_limit": _MEMORY, "temp_directory": str(scratch / "spill"), "threads": os.cpu_count() or 2}


def _load_elsewhere(
    connection: duckdb.DuckDBPyConnection,
    snapshots: Mapping[Register, Path],
    wanted: Rows,
    decided: Decided,
    *,
    as_of: date,
) -> int:
    """Load what may be one of the wanted children; returns how many records there are."""
    file = snapshots.get(Register.ELSEWHERE)
    if file is None:
        return 0
    rows = sorted({*choose(connection, file, wanted), *decided.rows_of(Register.ELSEWHERE)})
    load_register(connection, Register.ELSEWHERE, file, rows=rows)
    make_people_of(connection, Register.ELSEWHERE, as_of=as_of)
    return int(pq.ParquetFile(file).metadata.num_rows)


# One row = one child of the picture, with who it is and where.
_PEOPLE = f"""
with met as ({JUDGED})
select c.child, cast(m.household as int) || cast(m.student as int)::varchar || cast(m.roll as int) as combination, m.waits,
    f.name, f.sex, f.birth_date, f.id_number, c.schooling_status as status, f.school_code, f.school_name, f.grade,
    h.region_code, coalesce(h.address, p.address) as address, c.poverty_household, c.finding_kinds,
    list_sort(list_distinct(list_filter(string_split(f.categories, ';'), lambda one: one <> ''))) as groups
from children c
join met m using (child)
join child_facts f using (child)
left join household h on h.row = c.household_row
left join poverty p on p.row = c.poverty_row
order by c.child
"""

# One row = one finding, with what the child's rows say besides.
_FINDINGS = f"""
with met as ({JUDGED})
select d.*, f.id_number as whole_number, f.school_name, h.region_code, coalesce(h.address, p.address) as address,
    list_sort(list_distinct(list_filter(string_split(f.categories, ';'), lambda one: one <> ''))) as groups,
    cast(m.household as int) || cast(m.student as int)::varchar || cast(m.roll as int) as combination, f.special_row
from findings d
join child_facts f using (child)
left join met m using (child)
left join household h on h.row = d.household_row
left join poverty p on p.row = f.poverty_row
order by d.child, d.finding_id
"""
