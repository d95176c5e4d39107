"""Small made-up counties, compared from files to files."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pytest

from baoxue.matching import compare
from baoxue.policy.registers import Register
from baoxue.synth import generate

AS_OF = date(2025, 9, 20)
NOW = datetime(2025, 10, 12, 9, 14, tzinfo=UTC)
CHILDREN, SEED = 300, 77


@dataclass(frozen=True)
class Journey:
    """The files of a county, their truth, and what a comparison made of them."""

    files: Mapping[str, Path]
    out: Path
    summary: Mapping[str, Any]

    def rows(self, name: str) -> list[dict[str, str]]:
        """The rows of a CSV file of the result."""
        return rows_of(self.out / name)

    def truth(self, name: str) -> list[dict[str, str]]:
        """The rows of `truth` or `truth_children`."""
        return rows_of(self.files[name])


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, every value as text."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def run(files: Mapping[str, Path], out: Path, **more: Any) -> dict[str, Any]:
    """Compare what stands in these files."""
    registers = {Register(name): path for name, path in files.items() if not name.startswith("truth")}
    return compare(registers, county="522626", as_of=AS_OF, out=out, now=NOW, **more)


def files_of(folder: Path, format: Literal["xlsx", "csv", "parquet"]) -> dict[str, Path]:
    """The county of the journeys in one format."""
    return generate(CHILDREN, SEED, folder, format=format, as_of=AS_OF)


@pytest.fixture(scope="session")
def journeys(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """`journeys(format)`: the county's files in that format and the result of one comparison of them."""

    @cache
    def journey(format: Literal["xlsx", "csv", "parquet"]) -> Journey:
        folder = tmp_path_factory.mktemp(f"county-{format}")
        files = files_of(folder, format)
        run(files, folder / "result")
        summary = json.loads((folder / "result" / "summary.json").read_text(encoding="utf-8"))
        return Journey(files, folder / "result", summary)

    return journey
