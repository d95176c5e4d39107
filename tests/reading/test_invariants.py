"""For any table at all: every line is a numbered row or counted by kind, every row is accepted or rejected."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from baoxue.policy.registers import COLUMNS, Column, Register
from baoxue.reading.read import read

HEADER = ["姓名", "性别", "出生日期", "身份证号", "户籍地址"]
NUMBER = "990000201405060010"
CELL = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "无",
            "李明",
            "男",
            "2014-05-06",
            "99000020140506001X",
            NUMBER,
            "李明",
            "合计",
            "备注：",
            "x,y",
            '"',
            "\n",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8),
)
LINE = st.one_of(
    st.tuples(st.sampled_from(["李明", "王 芳", "古丽•买买提", NUMBER, "", "测试"]), *[CELL] * 4).map(list),
    st.just(HEADER),
    st.just([""] * 5),
    st.sampled_from([["合计", "", "", "", ""], ["填表说明：无", "", "", "", ""], ["", "小计", "3", "", ""]]),
)


def as_text(lines: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(lines)
    return out.getvalue()


def outcome(text: str) -> tuple[list[dict[str, Any]], Any]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "名单.csv")
        path.write_text(text, encoding="utf-8")
        report = read(path, Register.HOUSEHOLD, Path(folder, "c.parquet"))
        return pq.read_table(Path(folder, "c.parquet")).to_pylist(), report


@settings(max_examples=60)
@given(st.lists(LINE, max_size=25))
def test_no_line_is_lost(lines: list[list[str]]) -> None:
    rows, report = outcome(as_text([HEADER, *lines]))
    assert report.accepted + len(report.rejected) == report.rows
    assert report.rows + sum(report.skipped.values()) == len(lines)
    numbers = sorted([row["row"] for row in rows] + [reject.row for reject in report.rejected])
    assert numbers == list(range(1, report.rows + 1))


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(["李明", "王芳", NUMBER]), *[CELL] * 4).map(list), min_size=1, max_size=8))
def test_reading_what_was_read_changes_nothing(lines: list[list[str]]) -> None:
    first, _ = outcome(as_text([HEADER, *lines]))
    wanted = COLUMNS[Register.HOUSEHOLD]
    with TemporaryDirectory() as folder:
        kept = {spec.header: [row[column.value] for row in first] for column, spec in wanted.items()}
        schema = pa.schema([(header, pa.string()) for header in kept])
        written = {h: [None if v is None else str(v) for v in values] for h, values in kept.items()}
        pq.write_table(pa.table(written, schema=schema), Path(folder, "r.parquet"))
        read(Path(folder, "r.parquet"), Register.HOUSEHOLD, Path(folder, "c.parquet"))
        again = pq.read_table(Path(folder, "c.parquet")).to_pylist()
    names = [column.value for column in wanted if column is not Column.BIRTH_DATE] + ["birth_date", "id_state"]
    assert [[row[name] for name in names] for row in again] == [[row[name] for name in names] for row in first]
