"""Corrected rows join the rows of the import they were rejected from; they do not replace a register."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from baoxue.reading.canonical import CanonicalWriter
from baoxue.reading.report import ReadReport, Reject
from baoxue.registers.errors import NotAtThisStep, NothingToTake
from baoxue.registers.models import Import, ImportState, Snapshot

OPEN = (ImportState.PREVIEW, ImportState.SECOND_LOOK)
TAKEN = (ImportState.CONFIRMED, ImportState.JOINED)
SHEET = "更正的行"
_POSITION = ("row", "sheet", "line")
_PIECE = 200_000


@dataclass(frozen=True, slots=True)
class Base:
    """The rows that corrected ones join: a sealed canonical file and the SHA-256 of its plain bytes."""

    file: str
    sha256: str


def base_of(imported: Import, last: Snapshot | None) -> Base:
    """What a correction joins: the import it corrects while that is open, else the list as it stands for its day.

    `last`: the newest snapshot of the list for that day. Raises NotAtThisStep when the list is another one by now.
    """
    corrected = imported.corrects
    if corrected is None:
        raise LookupError(imported.pk)
    if corrected.state in OPEN:
        return Base(corrected.canonical, corrected.report["canonical_sha256"])
    if corrected.state in TAKEN and last is not None and _comes_from(last, corrected):
        return Base(last.file, last.sha256)
    raise NotAtThisStep("退回这些行的那一份名册已经不用了；请把改好的行补进整份名册再放。")


def chain_of(imported: Import) -> Iterator[Import]:
    """The imports a correction corrects, the nearest first."""
    corrected = imported.corrects
    while corrected is not None:
        yield corrected
        corrected = corrected.corrects


def _comes_from(snapshot: Snapshot, corrected: Import) -> bool:
    source = Import.objects.filter(snapshot=snapshot).first()
    return source is not None and any(one.pk == corrected.pk for one in (source, *chain_of(source)))


def join_rows(base: Path, canonical: Path, report: ReadReport, *, most: int) -> int:
    """Put the rows of `base` before those of a corrected file, in place; gives how many rows the base had.

    `most`: the rows that were rejected. A row that stands in `base` already, with the same content, becomes a reject.
    Raises NothingToTake when the file has more rows than were rejected: it is the whole register.
    """
    if report.rows > most:
        raise NothingToTake(
            f"这份文件有 {report.rows:,} 行，退回的只有 {most:,} 行；这里只放改好的行，整份名册请从“放新的”放。"
        )
    rows = pq.read_table(canonical)
    there = set(_rows_there(base, canonical, rows.schema.names))
    _reject_there(rows, there, report)
    rows = rows.filter(pc.invert(pc.is_in(rows["row"], value_set=pa.array(sorted(there), pa.int32()))))
    with pq.ParquetFile(base) as before, CanonicalWriter(canonical, rows.schema) as writer:
        count, last_row = int(before.metadata.num_rows), 0
        for batch in before.iter_batches(_PIECE):
            last_row = max(last_row, pc.max(batch["row"]).as_py())
            writer.write(pa.Table.from_batches([batch]))
        writer.write(_after(rows, last_row))
    report.accepted = count + rows.num_rows
    report.rows += count
    return count


def _rows_there(base: Path, canonical: Path, columns: list[str]) -> list[int]:
    same = " and ".join(f"b.{name} is not distinct from n.{name}" for name in columns if name not in _POSITION)
    with duckdb.connect(config={"threads": 2, "memory_limit": "1GB", "temp_directory": str(base.parent)}) as connection:
        found = connection.execute(
            f"select n.row from read_parquet($now) n semi join read_parquet($base) b on {same}",
            {"now": str(canonical), "base": str(base)},
        ).fetchall()
    return [row for (row,) in found]


def _reject_there(rows: pa.Table, there: set[int], report: ReadReport) -> None:
    columns = (rows[name].to_pylist() for name in ("row", "line", "sheet"))
    for row, line, sheet in zip(*columns, strict=True):
        if row in there:
            report.rejected.append(Reject(sheet, line, row, "", "", "这一行名册里已经有了，不用再放"))
    report.rejected.sort(key=lambda reject: reject.row)


def _after(rows: pa.Table, last_row: int) -> pa.Table:
    """Rows of a corrected file, numbered after those of the base; the sheet says where they came from."""
    numbers = pc.add(rows["row"], pa.scalar(last_row, pa.int32()))
    rows = rows.set_column(rows.schema.get_field_index("row"), rows.schema.field("row"), numbers)
    sheets = pa.array([SHEET] * rows.num_rows, pa.string())
    return rows.set_column(rows.schema.get_field_index("sheet"), rows.schema.field("sheet"), sheets)
