"""Runs over small registers, as a build of the records gets them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from tests.engine.registers import connected, number, rows_of
from tests.system.places import NOW, Places

from baoxue.children.widerows import Answer, RunFiles
from baoxue.comparison.models import Run, RunState
from baoxue.matching.children import make_children
from baoxue.matching.childtable import write_children
from baoxue.matching.comparing import compare_registers
from baoxue.matching.engine import DuckDBEngine
from baoxue.matching.findings import make_findings
from baoxue.policy.registers import Register
from baoxue.policy.schoolingstatus import SchoolingStatus
from baoxue.policy.schoolyear import school_year_of, semester_of
from baoxue.reading.canonical import schema_of
from baoxue.registers.models import Snapshot

AS_OF = date(2025, 9, 20)
Said = Mapping[Register, Sequence[Mapping[str, str]]]


def person(name: str, born: str, place: int, **more: str) -> dict[str, str]:
    """What a register says of somebody; `place` makes the number (odd: a boy)."""
    return {"name": name, "birth_date": born, "id_number": number(born, place), "sex": "MF"[place % 2 == 0], **more}


def at_home(name: str, born: str, place: int, **more: str) -> dict[str, str]:
    """A row of the household register in 双河镇."""
    return person(name, born, place, household_number=f"H{place}", head_name=f"{name[0]}大山",
                  address="贵州省岑巩县双河镇杉木村3组", phone="13900000000") | more  # fmt: skip


def at_school(name: str, born: str, place: int, **more: str) -> dict[str, str]:
    """A row of the student register or of a roll, third grade of 双河镇中心小学."""
    return person(name, born, place, school_code="2152000001", school_name="双河镇中心小学", grade="3",
                  class_name="1班") | more  # fmt: skip


def make_run(
    places: Places, said: Said, folder: Path, *, as_of: date = AS_OF, engine: bool = False
) -> tuple[Run, RunFiles]:
    """Leave a run, its snapshots and files as a build finds them. Needs a scope in force.

    Without the `engine`, rows of one number are one child, or of one `who` where a row says so; whoever stands in no roll
    or no student register is a finding.
    """
    folder.mkdir(parents=True, exist_ok=True)
    said = {register: rows for register, rows in said.items() if rows}
    plain = {
        register: rows_of([{k: v for k, v in row.items() if k != "who"} for row in rows])
        for register, rows in said.items()
    }
    if engine:
        _compare(plain, folder / "children.parquet", as_of)
    else:
        pq.write_table(_grouped(said), folder / "children.parquet")
    run = Run.objects.create(
        county=places.county, place_path=places.county.path, school_year=school_year_of(as_of),
        semester=semester_of(as_of).value, as_of=as_of, state=RunState.DONE.value, verdicts_at=NOW,
        created_at=NOW, created_by_name="试",
    )  # fmt: skip
    files = {}
    for register, rows in plain.items():
        files[register] = folder / f"{register.value}.parquet"
        pq.write_table(pa.Table.from_pylist(rows, schema=schema_of(None)), files[register])
        run.snapshots.add(
            Snapshot.objects.create(
                county=places.county,
                place_path=places.county.path,
                register=register.value,
                as_of=as_of,
                rows=len(rows),
                sha256="0" * 64,
                file="",
                created_at=NOW,
                created_by="试",
            )
        )
    return run, RunFiles(folder / "children.parquet", files, {})


def _compare(registers: Mapping[Register, Sequence[Mapping[str, Any]]], path: Path, as_of: date) -> None:
    connection = connected(registers)
    compared = compare_registers(connection, DuckDBEngine(connection))
    make_children(connection, compared.links, compared.duplicates, as_of=as_of, age_from=6, age_to=14)
    make_findings(connection, input_hashes=dict.fromkeys(registers, "0" * 64))
    write_children(connection, path)


def _grouped(said: Said) -> pa.Table:
    groups: dict[str, dict[str, Any]] = {}
    for register, rows in said.items():
        for place, row in enumerate(rows, start=1):
            group = groups.setdefault(row.get("who") or row["id_number"], {"groups": []})
            group.setdefault(f"{register.value}_rows", []).append(place)
            group["groups"] += [row["category"]] if "category" in row else []
            group["poverty_household"] = group.get("poverty_household", False) or register is Register.POVERTY
    return pa.Table.from_pylist([_judged(n, g) for n, g in enumerate(groups.values(), start=1)], schema=_SCHEMA)


def _judged(child: int, group: dict[str, Any]) -> dict[str, Any]:
    group |= {f"{r.value}_row": rows[0] for r in Register if (rows := group.get(f"{r.value}_rows"))}
    in_class = "roll_row" in group
    kind = "" if in_class else "absent" if "student_row" in group else "never_enrolled"
    status = SchoolingStatus.ENROLLED if in_class else SchoolingStatus.TO_VERIFY
    reasons = {"": None, "absent": "有学籍，点名册上没有", "never_enrolled": "查不到学籍"}
    found = {"finding_kinds": kind, "finding_key": f"{kind}-{child}", "reason": reasons[kind]} if kind else {}
    return {"child": child, "school_age": True, "status": status.value, "stage": "primary", "expected_grade": 3,
            "needs_review": False, **group, **found}  # fmt: skip


_SCHEMA = pa.schema(
    [
        ("child", pa.int32()), ("school_age", pa.bool_()), ("status", pa.string()), ("stage", pa.string()),
        ("expected_grade", pa.int8()), ("poverty_household", pa.bool_()), ("needs_review", pa.bool_()),
        ("finding_kinds", pa.string()), ("finding_key", pa.string()), ("reason", pa.string()),
        ("groups", pa.list_(pa.string())),
        *((f"{register.value}_row", pa.int32()) for register in Register),
        *((f"{register.value}_rows", pa.list_(pa.int32())) for register in Register),
    ]
)  # fmt: skip


def with_answers(files: RunFiles, answers: Mapping[str, Answer]) -> RunFiles:
    """The same files, with verdicts."""
    return replace(files, answers=answers)
