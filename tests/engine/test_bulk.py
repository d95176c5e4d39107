"""Pairs by exact number out of files of any size."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baoxue.matching.bulk import PAIRS, tie_exactly
from baoxue.reading.canonical import schema_of

# name, birth date, number, state of the number
Person = tuple[str, date | None, str | None, str | None]

BORN, OTHER_DAY = date(2014, 5, 6), date(2013, 1, 2)
LI: Person = ("李明", BORN, "990000201405060011", "valid")
ONE = "990000201405060011"
TWO = "99000020130102002X"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bulk")


def _file(path: Path, people: list[Person], first_row: int = 1) -> Path:
    fields = [schema_of(None).field(name) for name in ("row", "name", "birth_date", "id_number", "id_state")]
    rows = [(first_row + place, *person) for place, person in enumerate(people)]
    columns = list(zip(*rows, strict=True)) if rows else [[] for _ in fields]
    arrays = [pa.array(list(column), type=field.type) for column, field in zip(columns, fields, strict=True)]
    pq.write_table(pa.table(arrays, schema=pa.schema(fields)), path)
    return path


def _tied(folder: Path, left: list[Person], right: list[Person]) -> set[tuple[int, int]]:
    out = folder / "pairs.parquet"
    count = tie_exactly(
        _file(folder / "left.parquet", left),
        _file(folder / "right.parquet", right, first_row=101),
        out,
        memory="100MB",
        threads=1,
        scratch=folder,
    )
    table = pq.read_table(out)
    assert table.schema == PAIRS
    assert count == table.num_rows
    return set(zip(*table.to_pydict().values(), strict=True))


def test_rows_with_one_valid_number_are_tied(folder: Path) -> None:
    other: Person = ("王芳", OTHER_DAY, TWO, "valid")
    assert _tied(folder, [LI, other], [other, LI]) == {(1, 102), (2, 101)}


@pytest.mark.parametrize(
    ("person", "tied"),
    [
        (("李明", OTHER_DAY, ONE, "valid"), True),
        (("李铭", BORN, ONE, "valid"), True),
        (("王芳", None, ONE, "valid"), True),
        (("王芳", OTHER_DAY, ONE, "valid"), False),
    ],
    ids=["another birth date", "another name", "another name and no birth date", "another name and birth date"],
)
def test_a_number_ties_unless_it_contradicts_name_and_birth_date(folder: Path, person: Person, tied: bool) -> None:
    assert bool(_tied(folder, [LI], [person])) is tied


@pytest.mark.parametrize("state", ["bad_check", "truncated", "fifteen", "malformed", "other", None])
def test_a_number_that_is_not_valid_ties_nothing(folder: Path, state: str | None) -> None:
    assert _tied(folder, [LI], [(*LI[:3], state)]) == set()  # type: ignore[list-item]


def test_rows_without_a_number_are_not_tied_to_each_other(folder: Path) -> None:
    assert _tied(folder, [("李明", BORN, None, None)], [("李明", BORN, None, None)]) == set()


def test_numbers_that_differ_in_the_last_digit_before_the_check_digit_are_two(folder: Path) -> None:
    twin: Person = ("李明", BORN, "990000201405060031", "valid")
    assert _tied(folder, [LI], [twin]) == set()


def test_a_row_that_could_be_tied_to_two_is_left_out_and_so_are_they(folder: Path) -> None:
    assert _tied(folder, [LI], [LI, LI]) == set()
    assert _tied(folder, [LI, LI], [LI]) == set()


def test_a_number_in_two_rows_ties_the_one_that_it_does_not_contradict(folder: Path) -> None:
    brother: Person = ("李亮", OTHER_DAY, ONE, "valid")
    assert _tied(folder, [LI, brother], [LI]) == {(1, 101)}


# A count of one byte is back at 1 after 257 pairs.
@pytest.mark.parametrize("rows", [257, 513, 70_000])
def test_a_number_written_into_very_many_rows_ties_none_of_them(folder: Path, rows: int) -> None:
    other: Person = ("王芳", OTHER_DAY, TWO, "valid")
    assert _tied(folder, [LI, other], [*[LI] * rows, other]) == {(2, 101 + rows)}


def test_an_empty_register_gives_an_empty_file(folder: Path) -> None:
    assert _tied(folder, [], [LI]) == set()


def test_nothing_is_left_in_the_scratch_folder(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    left, right = _file(tmp_path / "l.parquet", [LI]), _file(tmp_path / "r.parquet", [LI])
    tie_exactly(left, right, tmp_path / "pairs.parquet", threads=1, scratch=scratch)
    assert list(scratch.iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["l.parquet", "pairs.parquet", "r.parquet", "scratch"]


PEOPLE = st.lists(
    st.tuples(
        st.sampled_from(["李明", "李铭", "王芳"]),
        st.sampled_from([BORN, OTHER_DAY, None]),
        st.sampled_from([ONE, TWO, "990000201405060054", None]),
        st.sampled_from(["valid", "valid", "truncated"]),
    ),
    max_size=7,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(left=PEOPLE, right=PEOPLE)
def test_the_pairs_are_those_a_plain_reading_of_the_rule_finds(
    folder: Path, left: list[Person], right: list[Person]
) -> None:
    assert _tied(folder, left, right) == _plainly(left, right)


def _plainly(left: list[Person], right: list[Person]) -> set[tuple[int, int]]:
    fits = {
        (a, b)
        for a, one in enumerate(left, 1)
        for b, other in enumerate(right, 101)
        if one[2] is not None and one[2] == other[2] and one[3] == other[3] == "valid"
        if one[0] == other[0] or one[1] is None or other[1] is None or one[1] == other[1]
    }
    return {(a, b) for a, b in fits if sum(x == a for x, _ in fits) == 1 and sum(y == b for _, y in fits) == 1}
