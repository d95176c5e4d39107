"""By what a register row is known again, and what makes a change unusual."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.system.registerfiles import id_number

from baoxue.policy.idnumber import check_digit
from baoxue.policy.registers import Register
from baoxue.reading.canonical import schema_of
from baoxue.registers.differences import AlarmLimits, Differences, differences
from baoxue.registers.subjects import bases_of, subjects_of

SCHEMA = schema_of(None)
PERSON = {"row": 1, "line": 2, "name": "杨昌旺", "sex": "M", "birth_date": date(2014, 5, 6), "birth_month": 201405}
SOUND = PERSON | {"id_number": id_number(3), "id_state": "valid"}
WORDS = PERSON | {"head_name": "杨大山", "address": "双河镇田坝村"}


def _table(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist([PERSON | row for row in rows], SCHEMA)


def _same(one: dict[str, Any], other: dict[str, Any], register: Register = Register.HOUSEHOLD) -> bool:
    first, second = subjects_of(register, _table(one, other))
    return first == second


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (SOUND, SOUND | {"name": "杨昌望", "birth_date": date(2014, 6, 5), "address": "别处"}),
        (SOUND, SOUND | {"row": 9, "line": 10, "sheet": "三班"}),
        (
            PERSON | {"id_number": "990122800506001", "id_state": "fifteen"},
            PERSON | {"id_number": f"99012219800506001{check_digit('99012219800506001')}", "id_state": "valid"},
        ),
        (SOUND, PERSON | {"student_number": f"G{id_number(3)}"}),
        (WORDS, WORDS | {"address": "天马镇", "id_number": "99012220140506000", "id_state": "malformed"}),
        (PERSON | {"id_number": "H12345678", "id_state": "other", "id_type": "hm_permit"},) * 2,
    ],
    ids=["number", "place-in-file", "fifteen", "student-number", "words", "permit"],
)
def test_a_person_is_known_again(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert _same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (SOUND, SOUND | {"id_number": id_number(4)}),
        (WORDS, WORDS | {"head_name": "龙大水"}),
        (WORDS, WORDS | {"sex": "F"}),
        (SOUND | {"id_state": "truncated"}, SOUND),
    ],
    ids=["number", "household", "sex", "number-cut-short"],
)
def test_two_people_are_told_apart(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert not _same(one, other)


def test_a_subject_is_of_one_register_and_tells_nothing() -> None:
    [here], [there] = (subjects_of(register, _table(SOUND)) for register in (Register.HOUSEHOLD, Register.POVERTY))
    assert len(here) == 32
    assert here != there
    assert bases_of(Register.HOUSEHOLD, _table(SOUND)) == [f"id|{id_number(3)}"]


@pytest.mark.parametrize("columns", [{"grade": 5}, {"class_name": "5班"}, {"attendance": "absent"}])
def test_grade_and_class_are_no_part_of_who_somebody_is(columns: dict[str, Any]) -> None:
    pupil = PERSON | {"school_code": "2152000001", "grade": 4, "class_name": "4班"}
    assert _same(pupil, pupil | columns, Register.ROLL)


def _differences(tmp_path: Path, before: list[dict[str, Any]], now: list[dict[str, Any]]) -> Differences:
    paths = [tmp_path / "before.parquet", tmp_path / "now.parquet"]
    for path, rows in zip(paths, (before, now), strict=True):
        pq.write_table(_table(*rows), path)
    limits = AlarmLimits(0.05, 0.10, 0.20)
    return differences(
        paths[0], paths[1], Register.HOUSEHOLD, place_names=lambda rows: ["双河镇"] * rows.num_rows, limits=limits
    )


def _people(*places: int) -> list[dict[str, Any]]:
    return [{"id_number": id_number(place), "id_state": "valid", "name": f"杨{place}"} for place in places]


def test_a_few_rows_are_no_alarm_whatever_their_share(tmp_path: Path) -> None:
    assert _differences(tmp_path, _people(*range(20)), _people(*range(11))).questions == []


def test_people_who_stand_in_a_file_twice_count_once(tmp_path: Path) -> None:
    found = _differences(tmp_path, _people(1, 1, 2), _people(1, 2, 2))
    assert (found.rows_before, found.rows_now, found.appeared, found.gone) == (3, 3, 0, 0)


def test_the_counts_add_up(tmp_path: Path) -> None:
    found = _differences(tmp_path, _people(*range(30)), [*_people(*range(5, 40)), PERSON | {"name": "石无号"}])
    assert found.same + found.changed + found.gone == 30
    assert found.same + found.changed + found.appeared == 36
