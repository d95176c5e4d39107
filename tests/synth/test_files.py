"""The files: the same seed gives the same, and workbooks are as dirty as real ones."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from baoxue.policy.registers import Register
from baoxue.synth import generate

CHILDREN = 400


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """Each format made twice with one seed: format → two results."""
    folder = tmp_path_factory.mktemp("twice")
    return {
        form: [generate(CHILDREN, 9, folder / f"{form}{time}", format=form, elsewhere_rows=300) for time in (1, 2)]
        for form in ("parquet", "csv", "xlsx")
    }


def _cells(path: Path) -> list[tuple[str, str, list[tuple[object, ...]]]]:
    book = openpyxl.load_workbook(path)
    return [(sheet.title, sheet.sheet_state, list(sheet.iter_rows(values_only=True))) for sheet in book.worksheets]


def _names_down_the_sheets(path: Path) -> list[str | None]:
    """The name cells of all data rows of a workbook, found as a person would find them."""
    names: list[str | None] = []
    for title, state, rows in _cells(path):
        place = None
        for row in rows if state == "visible" and title != "填表说明" else []:
            header = [place for place, cell in enumerate(row) if cell in ("姓名", "学生姓名")]
            if header:
                place = header[0]
            elif place is not None and sum(cell is not None for cell in row) > 2:
                names.append(row[place])
    return names


@pytest.mark.parametrize("form", ["parquet", "csv"])
@pytest.mark.parametrize("name", [*Register, "truth", "truth_children"])
def test_one_seed_gives_the_same_bytes(twice, form, name):
    first, second = twice[form]
    assert first[name].read_bytes() == second[name].read_bytes()


@pytest.mark.parametrize("register", Register)
def test_one_seed_gives_the_same_cells_of_workbooks(twice, register):
    first, second = twice["xlsx"]
    assert _cells(first[register]) == _cells(second[register])


def test_another_seed_gives_another_county(twice, tmp_path):
    other = generate(CHILDREN, 10, tmp_path, format="parquet", elsewhere_rows=300)
    assert other["household"].read_bytes() != twice["parquet"][0]["household"].read_bytes()


@pytest.mark.parametrize("register", Register)
def test_rows_of_a_workbook_run_on_from_sheet_to_sheet_in_the_order_of_the_truth(twice, register):
    in_parquet = pq.read_table(twice["parquet"][0][register])["姓名"].to_pylist()
    assert _names_down_the_sheets(twice["xlsx"][0][register]) == in_parquet


@pytest.mark.parametrize("register", Register)
def test_csv_files_are_in_an_encoding_that_systems_write_and_hold_every_row(twice, register):
    data = twice["csv"][0][register].read_bytes()
    encoding = "utf-8-sig" if _is_utf8(data) else "gb18030"
    lines = list(csv.reader(data.decode(encoding).splitlines()))
    assert len(lines) - 1 == pq.read_metadata(twice["parquet"][0][register]).num_rows


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def test_the_truth_is_the_same_whatever_the_format(twice):
    assert len({twice[form][0]["truth"].read_bytes() for form in twice}) == 1


def test_workbooks_have_titles_totals_notes_hidden_and_other_sheets_and_merged_cells(tmp_path):
    seen: Counter[str] = Counter()
    for seed in (1, 2, 3):
        files = generate(1500, seed, tmp_path / f"{seed}", elsewhere_rows=100)
        for register in (Register.ROLL, Register.POVERTY, Register.HOUSEHOLD):
            seen.update(_dirt(files[register]))
    assert {"title", "total", "note", "hidden", "instructions", "merged", "number", "date", "repeated"} <= set(seen)


def _dirt(path: Path) -> list[str]:
    book = openpyxl.load_workbook(path)
    found = ["merged" for sheet in book.worksheets for _ in sheet.merged_cells.ranges]
    found += ["hidden" for sheet in book.worksheets if sheet.sheet_state == "hidden"]
    found += ["instructions" for sheet in book.worksheets if sheet.title == "填表说明"]
    for sheet in book.worksheets:
        cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
        texts = [cell for cell in cells if isinstance(cell, str)]
        found += ["title"] * any("信息表" in text for text in texts)
        found += ["total"] * ("合计" in texts)
        found += ["note"] * any(text.startswith("注：") for text in texts)
        found += ["repeated"] * (texts.count("性别") > 1)
        found += ["number"] * any(isinstance(cell, int) and cell > 10**9 for cell in cells)
        found += ["date"] * any(not isinstance(cell, str | int | float) for cell in cells)
    return found


def test_as_many_records_from_elsewhere_as_asked_for_in_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr("baoxue.synth.make.PIECE", 500)
    files = generate(200, 1, tmp_path, format="parquet", elsewhere_rows=2345)
    assert pq.read_metadata(files["elsewhere"]).num_rows == 2345
    assert pq.read_metadata(files["elsewhere"]).num_row_groups == 5


def test_the_progress_is_told_in_chinese_for_every_register(tmp_path):
    told = []
    generate(60, 1, tmp_path, format="csv", progress=lambda step, done, total=None: told.append((step, done, total)))
    assert {f"写{register.label}" for register in Register} <= {step for step, _, _ in told}
    assert all(total is None or done <= total for _, done, total in told)
