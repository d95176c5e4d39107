"""The rows of the registers of a run, as it writes down whom it compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from baoxue.policy.registers import Register
from baoxue.registers.subjects import subjects_of

# What a person sees of a row when two are compared.
SHOWN = (
    "name", "sex", "birth_date", "birth_month", "id_number", "id_state", "student_number", "guardian_name", "head_name",
    "relation_to_head", "phone", "address", "household_number", "household_status", "school_name", "grade",
    "class_name", "student_status", "attendance", "category",
)  # fmt: skip


class RegisterRows:
    """The rows of one register, from its canonical file; read when first asked for."""

    def __init__(self, register: Register, file: Path) -> None:
        self.register = register
        self._file = file

    @cached_property
    def _table(self) -> pa.Table:
        return pq.read_table(self._file)

    @cached_property
    def _subjects(self) -> tuple[np.ndarray, list[bytes]]:
        return self._table["row"].to_numpy(), subjects_of(self.register, self._table)

    def by_subject(self) -> dict[bytes, list[int]]:
        """Rows by their subject; mostly one each."""
        rows: dict[bytes, list[int]] = {}
        for row, subject in zip(self._subjects[0].tolist(), self._subjects[1], strict=True):
            rows.setdefault(subject, []).append(row)
        return rows

    def subjects(self, rows: Iterable[int]) -> dict[int, bytes]:
        """Subjects of some rows."""
        chosen = self._chosen(rows)
        return dict(zip(chosen["row"].to_pylist(), subjects_of(self.register, chosen), strict=True))

    def records(self, rows: Iterable[int]) -> dict[int, dict[str, Any]]:
        """What some rows say: the columns of SHOWN that have a value, dates as text; and `region_code`, `school_code`."""
        chosen = self._chosen(rows).select(["row", "region_code", "school_code", *SHOWN])
        return {record.pop("row"): _said(record) for record in chosen.to_pylist()}

    def households(self, rows: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
        """By row: the other rows of its household, by household number."""
        own = self._chosen(rows)
        numbers = pc.unique(own["household_number"]).drop_null()
        mates = self._table.filter(pc.is_in(self._table["household_number"], numbers))
        together: dict[str, list[dict[str, Any]]] = {}
        for mate in mates.select(["row", "household_number", "name", "birth_date", "relation_to_head"]).to_pylist():
            together.setdefault(mate["household_number"], []).append(mate)
        return {
            row: [mate for mate in together.get(number, ()) if mate["row"] != row]
            for row, number in zip(own["row"].to_pylist(), own["household_number"].to_pylist(), strict=True)
        }

    def _chosen(self, rows: Iterable[int]) -> pa.Table:
        wanted = pa.array(sorted(set(rows)), type=pa.int32())
        return self._table.filter(pc.is_in(self._table["row"], wanted))


def _said(record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in record.items()
        if value not in (None, "")
    }
