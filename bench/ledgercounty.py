"""A county of any size in a database of its own, taken over by the real build in two terms.

`python -m bench.ledgercounty FOLDER CHILDREN` makes it and prints what loading took as JSON; the server is left to whoever
started it. Names and numbers are invented; 99 is no province.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

TERMS = (date(2025, 3, 10), date(2025, 9, 20))
_SURNAMES = "杨吴龙潘石田罗姚陆欧王李张刘陈黄周徐孙马朱胡林何郭高单曾"
_GIVEN = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜金生丽水玉出昆冈"
_TOWNSHIPS = 20
_PUPILS_A_SCHOOL = 1_000
# Of every hundred children: on no roll, in no student register, in another school than last term.
_ABSENT, _NEVER, _MOVED = 0.4, 0.3, 5.0


def main() -> None:
    """Make the county and say what it took."""
    folder, children = Path(sys.argv[1]), int(sys.argv[2])
    import django

    django.setup()
    print(json.dumps(load(folder, children)))


def load(folder: Path, children: int) -> dict[str, Any]:
    """Build both terms; gives seconds by step and the key of the session that is signed in."""
    from baoxue.children.build import build
    from baoxue.children.widerows import RunFiles
    from baoxue.platform.scope import Scope, acting_as
    from bench.ledgerplaces import make_county, make_run, signed_in

    county, schools = make_county(_TOWNSHIPS, max(2, children // _PUPILS_A_SCHOOL))
    session, last_term = signed_in(county, last_term=TERMS[0] + timedelta(days=30))
    result: dict[str, Any] = {"session": session, "session_last_term": last_term, "schools": len(schools)}
    with acting_as(Scope(county.path, children=True, registers=frozenset({"*"}))):
        for number, as_of in enumerate(TERMS):
            files = write_term(folder / f"term{number}", children, schools, number)
            run = make_run(county, as_of, files)
            now = datetime(as_of.year, as_of.month, as_of.day, 9, tzinfo=UTC) + timedelta(days=1)
            for name in ("first", "again") if number else ("first",):
                began = perf_counter()
                counts = build(run, RunFiles(files["children"], _registers(files), {}), scratch=folder, now=now)
                result[f"build_{number}_{name}"] = perf_counter() - began
                print(counts, f"{perf_counter() - began:.1f} s", file=sys.stderr)
    return result


def _registers(files: dict[str, Path]) -> dict[Any, Path]:
    from baoxue.policy.registers import Register

    return {Register(name): path for name, path in files.items() if name != "children"}


def write_term(folder: Path, children: int, schools: list[tuple[str, str]], term: int) -> dict[str, Path]:
    """The files of one term as a run leaves them. The same children in each; a few moved, and others are missing."""
    folder.mkdir(parents=True)
    same, other = np.random.default_rng(7), np.random.default_rng(100 + term)
    born = np.array([date(2010, 9, 1) + timedelta(days=int(day)) for day in same.integers(0, 9 * 365, children)])
    names = _names(same, children)
    numbers = [f"99{place // 1000:04d}{day:%Y%m%d}{place % 1000:03d}X" for place, day in enumerate(born)]
    school = same.integers(0, len(schools), children)
    moved = other.random(children) < (_MOVED / 100 if term else 0)
    school = np.where(moved, other.integers(0, len(schools), children), school)
    fate = other.random(children) * 100
    never, absent = fate < _NEVER, (fate >= _NEVER) & (fate < _NEVER + _ABSENT)
    month = TERMS[term]
    grade = [min(9, max(1, (month.year - (month.month < 9)) - day.year - (day.month >= 9) - 5)) for day in born]
    poor = same.random(children) < 0.12
    people = {
        "name": names, "sex": ["M" if place % 2 else "F" for place in range(children)], "birth_date": list(born),
        "id_number": numbers, "id_type": ["resident"] * children, "id_state": ["valid"] * children,
    }  # fmt: skip
    at_home = people | {
        "household_number": [f"H{place:07d}" for place in range(children)],
        "head_name": [f"{name[0]}大山" for name in names],
        "address": [f"岑巩县第{place % _TOWNSHIPS + 1}镇杉木村{place % 9 + 1}组" for place in range(children)],
        "region_code": [f"990122{place % _TOWNSHIPS + 100:03d}001" for place in range(children)],
        "phone": [f"139{place:08d}" for place in range(children)], "household_status": ["normal"] * children,
    }  # fmt: skip
    at_school = people | {
        "school_code": [schools[place][0] for place in school], "school_name": [schools[place][1] for place in school],
        "grade": grade, "class_name": [f"{place % 8 + 1}班" for place in range(children)],
        "student_number": [f"G{number}" for number in numbers], "student_status": ["enrolled"] * children,
    }  # fmt: skip
    everybody = np.ones(children, dtype=bool)
    rows: dict[str, np.ndarray[Any, Any]] = {}
    files: dict[str, Path] = {}
    for name, said, chosen in (
        ("household", at_home, everybody),
        ("student", at_school, ~never),
        ("roll", at_school, ~(never | absent)),
        ("poverty", people | {"household_number": at_home["household_number"]}, poor),
    ):
        rows[name] = np.where(chosen, np.cumsum(chosen), 0)
        files[name] = folder / f"{name}.parquet"
        _write(files[name], said, chosen)
    files["children"] = folder / "children.parquet"
    pq.write_table(_children(children, rows, never, absent, poor, grade), files["children"])
    return files


def _names(rng: np.random.Generator, children: int) -> list[str]:
    surnames, first, second = (np.array(list(signs)) for signs in (_SURNAMES, _GIVEN, _GIVEN))
    a, b, c = (rng.choice(signs, children) for signs in (surnames, first, second))
    return ["".join(parts) for parts in zip(a, b, c, strict=True)]


def _write(path: Path, said: dict[str, Any], chosen: Any) -> None:
    from baoxue.reading.canonical import schema_of

    schema, kept, count = schema_of(None), np.flatnonzero(chosen), int(chosen.sum())
    columns = {
        name: pa.array(values, type=schema.field(name).type).take(pa.array(kept)) for name, values in said.items()
    }
    columns["row"] = pa.array(range(1, count + 1), type=pa.int32())
    columns["line"] = columns["row"]
    pq.write_table(pa.table([columns.get(f.name, pa.nulls(count, type=f.type)) for f in schema], schema=schema), path)


def _children(children: int, rows: dict[str, Any], never: Any, absent: Any, poor: Any, grade: list[int]) -> pa.Table:
    found = np.where(never, "never_enrolled", np.where(absent, "absent", ""))
    missing = found != ""
    said: dict[str, Any] = {
        "child": pa.array(range(1, children + 1), type=pa.int32()),
        "school_age": pa.array([True] * children),
        "status": np.where(missing, "17", "01").tolist(),
        "stage": ["primary" if number < 7 else "junior_secondary" for number in grade],
        "expected_grade": pa.array(grade, type=pa.int8()),
        "poverty_household": pa.array(poor),
        "needs_review": pa.array([False] * children),
        "finding_kinds": pa.array(found, mask=~missing),
        "finding_key": pa.array([f"f{place}" for place in range(children)], mask=~missing),
        "reason": pa.array(["查不到学籍，也不在任何点名册"] * children, mask=~missing),
        "groups": pa.array([["orphan"] if place % 50 == 0 else [] for place in range(children)]),
    }
    for name in ("household", "student", "roll", "poverty", "special", "elsewhere"):
        row = rows.get(name, np.zeros(children, dtype=int))
        said[f"{name}_row"] = pa.array(row, mask=row == 0, type=pa.int32())
        said[f"{name}_rows"] = pa.array([[value] if value else None for value in row.tolist()], pa.list_(pa.int32()))
    return pa.table(said)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "baoxue.platform.settings")
    main()
