"""Which records from outside the county are read in full: those that may be a child's whom no file here shows at school."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from baoxue.matching.comparing import compare_registers
from baoxue.matching.elsewhere import choose
from baoxue.matching.engine import DuckDBEngine
from baoxue.policy.registers import Register
from baoxue.reading.canonical import schema_of

from .registers import connected, number, rows_of, text_table

OWN = number("2014-05-06", 11)
WRONG = OWN[:17] + ("1" if OWN[17] == "0" else "0")
LISTED = number("2014-05-06", 342, region="990001")
GUARDIAN = number("1988-03-04", 24)
OTHER = number("2014-05-06", 56, region="990002")


@pytest.mark.parametrize(
    ("child", "record"),
    [
        (f"李明轩 | 2014-05-06 | {OWN}", f"李明轩 | 2014-05-06 | {OWN}"),
        # A guardian's number in the child's column is sound and proves nothing.
        (f"李明轩 | 2014-05-06 | {OWN}", f"李明轩 | 2014-05-06 | {GUARDIAN}"),
        (f"李明轩 | 2014-05-06 | {WRONG}", f"李明宣 | 2014-05-07 | {OWN}"),
        ("李明轩 | 2014-05-06 |", f"李明轩 | 2015-05-06 | {OWN}"),
        ("李明轩 | 2014-05-06 |", f"李明轩 |            | {OWN}"),
        # 2014-11-12 of the lunar calendar is a day of the next year.
        ("李明轩 | 2014-11-12 |", f"李明轩 | 2015-01-02 | {OTHER}"),
    ],
    ids=["number", "guardian's number", "number mistyped", "a year apart", "birthday in the number", "lunar birthday"],
)
def test_a_record_that_may_be_the_childs_is_read(child: str, record: str, tmp_path: Path) -> None:
    assert chosen(child, record, tmp_path) == [1]


@pytest.mark.parametrize(
    ("child", "record"),
    [
        (f"李明轩 | 2014-05-06 | {OWN}", f"李明轩 | 2014-05-06 | {OTHER}"),
        (f"李明轩 | 2014-05-06 | {OWN}", f"赵小凤 | 2011-02-03 | {GUARDIAN}"),
        ("李明轩 | 2014-05-06 |", f"李明轩 | 2017-05-06 | {OTHER}"),
    ],
    ids=["another sound number", "another child", "years apart"],
)
def test_a_strangers_record_is_not_read(child: str, record: str, tmp_path: Path) -> None:
    assert chosen(child, record, tmp_path) == []


def test_a_record_is_read_by_the_number_that_a_list_lends_the_child(tmp_path: Path) -> None:
    """The household has another one."""
    assert chosen(f"李明轩 | 2014-05-06 | {OWN}", f"李明轩 | 2014-05-06 | {LISTED}", tmp_path, lent=LISTED) == [1]


def test_a_list_lends_its_number_to_a_child_whose_household_has_another() -> None:
    home = (
        "name | birth_date | guardian_name | address | id_number\n李明轩 | 2014-05-06 | 李建国 | 双河镇杉木村三组12号"
    )
    connection = connected(
        {Register.HOUSEHOLD: _rows(f"{home} | {OWN}"), Register.POVERTY: _rows(f"{home} | {LISTED}")}
    )
    compare_registers(connection, DuckDBEngine(connection))
    lent = connection.execute("select id_key, borrowed_key from people_household").fetchall()
    assert lent == [(int(OWN[:17]), int(LISTED[:17]))]


def chosen(child: str, record: str, folder: Path, *, lent: str | None = None) -> list[int]:
    """The records chosen of the one there is, for the one child of the household register."""
    columns = "name | birth_date | id_number\n"
    connection = connected({Register.HOUSEHOLD: _rows(columns + child)})
    if lent is not None:
        connection.execute("update people_household set borrowed_key = cast(left(?, 17) as bigint)", [lent])
    narrow = folder / "elsewhere"
    pq.write_table(pa.Table.from_pylist(_rows(columns + record), schema=schema_of(None)), narrow)
    return choose(connection, narrow, np.array([1], dtype=np.int32))


def _rows(text: str) -> list[dict[str, object]]:
    header, lines = text_table(text)
    return rows_of([dict(zip(header, line, strict=True)) for line in lines])
