"""Csv files as one sheet, read in blocks: Arrow's parser where lines are regular, Python's where they are not."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pcsv

from baoxue.reading.cells import Batch, Cells, MergedRange, Opened, Piece
from baoxue.reading.encoding import Encoding, delimiter_of, encoding_of, refuse_nul
from baoxue.reading.errors import FileTooLarge, shown

TOP_LINES = 60
SAMPLE_LINES = 3_000
BLOCK = 8 << 20
MAX_UTF16 = 512 << 20
# A quotation mark that is never closed swallows all that follows; no honest cell has this many line ends.
SWALLOWED = 20

Record = list[str]


class TextSheet:
    """The one table of a csv file. A line is one record, as a spreadsheet program numbers them."""

    def __init__(self, path: Path, encoding: Encoding) -> None:
        self.name: str | None = None
        self.merged: Sequence[MergedRange] = ()
        self._path = path
        self._encoding = encoding
        first = next(self._blocks(), b"")
        head = first[: 4 << 20].decode("utf-8", "replace")
        self._delimiter = delimiter_of(head)
        self._sample, self._ends = _first_records(head, self._delimiter, SAMPLE_LINES + TOP_LINES)

    @property
    def top(self) -> list[list[str]]:
        return self._sample[:TOP_LINES]

    def sample(self, after: int) -> list[Cells]:
        width = self._width(after)
        records = [_fitted(record, width) for record in self._sample[after + 1 :]]
        if not records:
            return [Cells(pa.array([], pa.string()))] * width
        return [Cells(pa.array(column, pa.string())) for column in zip(*records, strict=True)]

    def first_line(self, after: int) -> int:
        return after + 2

    def pieces(self, after: int, wanted: frozenset[int]) -> Iterator[Piece]:
        width = self._width(after)
        skip = self._ends[after] if after >= 0 else 0
        for block in self._blocks():
            data = _without_lines(block, skip)
            skip = 0
            if data:
                yield partial(self._parse, data, width)

    def _width(self, after: int) -> int:
        """Cells of a line: as many as the header has, or more where most lines have more."""
        lengths = Counter(len(record) for record in self._sample[after + 1 :] if len(record) > 1)
        usual = lengths.most_common(1)[0][0] if lengths else 1
        return max(usual, len(self._sample[after]) if after >= 0 else 1)

    def _parse(self, data: bytes, width: int) -> Batch:
        if len(self._delimiter.encode()) == 1:
            try:
                return _parse_regular(data, self._delimiter, width)
            except pa.ArrowInvalid:
                pass  # some line is not like the others
        return _parse_irregular(data, self._delimiter, width)

    def _blocks(self) -> Iterator[bytes]:
        """The file as UTF-8, in blocks that end where a record ends."""
        with self._path.open("rb") as file:
            file.seek(self._encoding.bom)
            if self._encoding.name.startswith("utf-16"):
                yield _plain_line_ends(file.read().decode(self._encoding.name, "replace").encode())
                return
            carried = b""
            while chunk := file.read(BLOCK):
                if b"\x00" in chunk:
                    refuse_nul(self._path)
                carried += chunk
                end = _record_end(carried) if len(chunk) == BLOCK else len(carried)
                yield self._as_utf8(carried[:end])
                carried = carried[end:]
            if carried:
                yield self._as_utf8(carried)

    def _as_utf8(self, block: bytes) -> bytes:
        if self._encoding.name != "utf-8" or self._encoding.broken:
            block = block.decode(self._encoding.name, "replace").encode()
        return _plain_line_ends(block)


def _plain_line_ends(block: bytes) -> bytes:
    # Lone carriage returns end lines in files of old Macintosh programs.
    return block if b"\n" in block or b"\r" not in block else block.replace(b"\r", b"\n")


def _record_end(block: bytes) -> int:
    """Where the last whole record ends: behind a line end with an even number of quotation marks before it."""
    end = block.rfind(b"\n") + 1
    if not end:
        return len(block)
    place, odd = end, block.count(b'"', 0, end) % 2
    while odd and place > max(0, end - (1 << 20)):
        before = block.rfind(b"\n", 0, place - 1) + 1
        odd ^= block.count(b'"', before, place) % 2
        place = before
    return end if odd or not place else place


def _without_lines(block: bytes, lines: int) -> bytes:
    place = 0
    for _ in range(lines):
        found = block.find(b"\n", place)
        if found < 0:
            return b""
        place = found + 1
    return block[place:]


def _first_records(text: str, delimiter: str, limit: int) -> tuple[list[Record], list[int]]:
    """The first records, and for each how many lines of the file end with it."""
    records: list[Record] = []
    ends: list[int] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for record in reader:
            records.append(record)
            ends.append(reader.line_num)
            if len(records) == limit:
                break
    except csv.Error:
        pass  # a cell too long to be one: the rest is judged line by line
    return records, ends


def _parse_regular(data: bytes, delimiter: str, width: int) -> Batch:
    """Raises pa.ArrowInvalid where a line has not `width` cells.

    All columns are made: passing over one costs Arrow nearly as much, and a block is small.
    """
    quoted = b'"' in data
    names = [str(index) for index in range(width)]
    table = pcsv.read_csv(
        pa.BufferReader(data),
        pcsv.ReadOptions(column_names=names, use_threads=False, block_size=len(data) + 1),
        pcsv.ParseOptions(delimiter=delimiter, newlines_in_values=quoted, ignore_empty_lines=False),
        pcsv.ConvertOptions(column_types={name: pa.string() for name in names}, strings_can_be_null=False),
    )
    if quoted and data.count(b"\n") - table.num_rows > SWALLOWED:
        raise pa.ArrowInvalid("a quotation mark may have swallowed lines")
    made = [Cells(_one(column)) for column in table.columns]
    return Batch(table.num_rows, width, made.__getitem__)


def _one(column: pa.ChunkedArray) -> pa.StringArray:
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks or [pa.array([], pa.string())])


def _parse_irregular(data: bytes, delimiter: str, width: int) -> Batch:
    """Any text: short lines are filled up, lines with more cells than the header are marked."""
    text = data.decode("utf-8", "replace")
    records = _records(text, delimiter)
    beyond = {line: r[width:] for line, r in enumerate(records) if any(c.strip() for c in r[width:])}
    columns = list(zip(*(_fitted(record, width) for record in records), strict=True)) or [()] * width
    made = [Cells(pa.array(column, pa.string())) for column in columns]
    return Batch(len(records), width, made.__getitem__, beyond=beyond)


def _records(text: str, delimiter: str) -> list[Record]:
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        if not any(cell.count("\n") > SWALLOWED for record in records for cell in record if len(cell) > SWALLOWED):
            return records
    except csv.Error:
        pass  # a cell too long to be one
    plain = csv.reader(io.StringIO(text.replace('"', ""), newline=""), delimiter=delimiter, quoting=csv.QUOTE_NONE)
    return list(plain)


def _fitted(record: Record, width: int) -> Record:
    return record[:width] + [""] * (width - len(record))


def open_text(path: Path) -> Opened:
    """Open a csv file. Raises a RegisterRefused."""
    encoding = encoding_of(path)
    if encoding.name.startswith("utf-16") and path.stat().st_size > MAX_UTF16:
        raise FileTooLarge(f"{shown(path)} 太大，请另存为“CSV UTF-8”再导入。")
    opened = Opened(sheets=[TextSheet(path, encoding)], encoding=encoding.name)
    if encoding.broken:
        opened.warnings.append("文件里有少数无法识别的字符，已用“�”代替，请核对。")
    return opened
