"""Taking a run over into the records: one record per child, found again by its register rows; facts with two times.

All of it happens in sets, in temporary tables of one transaction: half a million children take less than a minute. Nothing
is overwritten that a ledger was asked of: a fact that no longer holds is closed and the new one added, so that a second
build of the same run changes nothing. Where the run and the records disagree on who is one child, no record is merged;
the two are listed as a doubt (`models.Doubt`) for a person.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
from django.db import connection, transaction

from baoxue.children import buildsql as sql
from baoxue.children.alone import alone_in
from baoxue.children.errors import RunTooOld
from baoxue.children.models import PROTECTED, Build, Child
from baoxue.children.sums import count_rows_of
from baoxue.children.widerows import RunFiles, wide_rows
from baoxue.comparison.models import Run
from baoxue.jurisdictions.models import Jurisdiction
from baoxue.jurisdictions.queries import school_paths, township_finder
from baoxue.matching.output.sqltext import quoted
from baoxue.platform.crypto import keyring
from baoxue.policy.registers import Register
from baoxue.policy.schoolyear import oldest_birth
from baoxue.progress import Progress, silent
from baoxue.registers.models import Snapshot

_STEP = "更新儿童记录"
_STEPS = 6
_COPY_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class BuildCounts:
    """What a build did: records of the run, new ones, ones no register has any more, facts closed and added, doubts."""

    children: int
    new: int
    gone: int
    closed: int
    added: int
    doubts: int


@transaction.atomic
def build(run: Run, files: RunFiles, *, scratch: Path, now: datetime, progress: Progress = silent) -> BuildCounts:
    """Take a run over. `scratch`: private folder for files that are removed by whoever made it.

    Raises RunTooOld when the records already rest on a later day, or on a later run of the same day.
    """
    county = run.county
    alone_in(county)
    rests_on = Build.objects.filter(county=county).order_by("-as_of", "-run__created_at").select_related("run")
    last = rests_on.first()
    if last is not None and (last.as_of, last.run.created_at) > (run.as_of, run.created_at):
        raise RunTooOld(run.as_of, last.as_of)
    progress(_STEP, 0, _STEPS)
    finder, schools = township_finder(county), school_paths(county)
    with wide_rows(files, finder=finder, schools=schools, scratch=scratch) as wide, connection.cursor() as cursor:
        progress(_STEP, 1, _STEPS)
        work = _Work(run, county, wide, cursor, scratch, now, files.snapshots.keys())
        work.stage()
        progress(_STEP, 2, _STEPS)
        work.recognise()
        progress(_STEP, 3, _STEPS)
        new = work.keep_records()
        progress(_STEP, 4, _STEPS)
        work.keep_sources()
        closed, added = work.keep_facts()
        progress(_STEP, 5, _STEPS)
        gone = work.part_with_the_gone()
        doubts = work.raise_doubts()
        children = work.count("SELECT count(*) FROM new_children")
    counts = BuildCounts(children, new, gone, closed, added, doubts)
    made = Build.objects.create(
        county=county, place_path=county.path, run=run, as_of=run.as_of, built_at=now,
        counts={name: getattr(counts, name) for name in BuildCounts.__slots__},
    )  # fmt: skip
    count_rows_of([made])
    progress(_STEP, _STEPS, _STEPS)
    return counts


class _Work:
    """One build at work."""

    def __init__(
        self, run: Run, county: Jurisdiction, wide: duckdb.DuckDBPyConnection, cursor: Any, scratch: Path,
        now: datetime, given: Any,
    ) -> None:  # fmt: skip
        self.wide, self.cursor, self.scratch = wide, cursor, scratch
        self.given = frozenset(given)
        self.values = {
            "county": county.pk,
            "run": run.pk,
            "as_of": run.as_of,
            "now": now,
            "registers": [register.value for register in self.given],
            "too_old": oldest_birth(run.as_of),
            "snapshots": json.dumps(_snapshots(run, self.given)),
        }

    def run(self, statement: str) -> int:
        self.cursor.execute(statement, self.values)
        return int(self.cursor.rowcount)

    def count(self, statement: str) -> int:
        self.cursor.execute(statement)
        return int(self.cursor.fetchone()[0])

    def stage(self) -> None:
        """Bring the wide rows and their register rows over."""
        for statement in sql.STAGING:
            self.run(statement)
        columns = ", ".join(name for name, _ in sql.WIDE_COLUMNS)
        self._copy("new_wide", f"SELECT {columns} FROM (SELECT * FROM wide JOIN digests USING (grp))", ("protected",))
        self._copy("new_rows", "SELECT grp, register, subject, nth, row FROM rows", ("subject",))
        for table in ("new_wide", "new_rows"):
            self.run(f"ANALYZE {table}")
        if Register.POVERTY not in self.given:
            self.run(sql.KEEP_POVERTY)
        if Register.SPECIAL not in self.given:
            self.run(sql.KEEP_GROUPS)

    def _copy(self, table: str, select: str, binary: Sequence[str]) -> None:
        path = self.scratch / f"{table}.csv"
        hex_of = ", ".join(f"'\\x' || lower(hex({name})) AS {name}" for name in binary)
        self.wide.execute(
            f"COPY (SELECT * REPLACE ({hex_of}) FROM ({select})) TO {quoted(str(path))} (FORMAT csv, HEADER false)"
        )
        with path.open("rb") as file, self.cursor.copy(f"COPY {table} FROM STDIN (FORMAT csv)") as copy:
            while block := file.read(_COPY_BLOCK):
                copy.write(block)
        path.unlink()

    def recognise(self) -> None:
        """Say which child each group of rows is, and which each row."""
        for statement in sql.FIND:
            self.run(statement)
        # Greedy, best agreement first; what remains after a round had its first choice taken by another.
        while self.run(sql.OWN_ONE_ANOTHER):
            self.run(sql.TAKEN_VOTES_GO)
        for statement in sql.DECIDE:
            self.run(statement)
        self.run(sql.HEED_CASES)

    def keep_records(self) -> int:
        """Add new records and bring the others up to date; gives the number of new ones."""
        self._seal()
        new = self.run(sql.ADD_CHILDREN)
        self.run(sql.CHANGE_PROTECTED)
        self.run(sql.CHANGE_CHILDREN)
        return new

    def _seal(self) -> None:
        """Seal the protected values of new records and of those whose values changed."""
        self.cursor.execute(sql.TO_SEAL)
        wanted = [grp for (grp,) in self.cursor.fetchall()]
        self.run(sql.SEALED)
        if not wanted:
            return
        ring, place = keyring(), {name: f"{Child._meta.db_table}.{name}" for name in PROTECTED}
        self.wide.execute("CREATE OR REPLACE TABLE wanted AS SELECT unnest($1::INTEGER[]) AS grp", [wanted])
        reader = self.wide.sql(f"SELECT grp, {', '.join(PROTECTED)} FROM wide SEMI JOIN wanted USING (grp)")
        with self.cursor.copy("COPY new_sealed FROM STDIN") as copy:
            for batch in reader.to_arrow_reader(10_000):
                said = {name: batch.column(name).to_pylist() for name in PROTECTED}
                columns: list[Sequence[Any]] = [batch.column("grp").to_pylist()]
                for name in PROTECTED:
                    columns.append(
                        [_hex(ring.seal(v.encode(), place=place[name])) if v else r"\\x" for v in said[name]]
                    )
                for name, kind in (("id_number", "id_number"), ("student_number", "student_number")):
                    digests = ring.digests(said[name], kind=kind)
                    columns.append([_hex(d) if v else r"\\x" for d, v in zip(digests, said[name], strict=True)])
                copy.write("".join("\t".join(map(str, row)) + "\n" for row in zip(*columns, strict=True)))

    def keep_sources(self) -> None:
        for statement in sql.SOURCES:
            self.run(statement)

    def keep_facts(self) -> tuple[int, int]:
        """Close what no longer holds and add what holds now; gives both numbers."""
        closed = added = 0
        for fact in sql.FACTS:
            self.run(fact.ends)
            self.run(fact.close)
            closed += self.run(fact.outdate)
            added += self.run(fact.add)
        return closed, added

    def part_with_the_gone(self) -> int:
        return self.run(sql.GONE)

    def raise_doubts(self) -> int:
        return sum(self.run(statement) for statement in sql.DOUBTS)


def _hex(value: bytes) -> str:
    """Bytes as the text form of COPY has them."""
    return rf"\\x{value.hex()}"


def _snapshots(run: Run, given: frozenset[Register]) -> dict[str, str]:
    found = Snapshot.objects.filter(runs=run)
    return {snapshot.register: str(snapshot.pk) for snapshot in found if Register(snapshot.register) in given}
