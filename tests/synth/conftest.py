"""Made-up counties that many tests look at; made once."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from baoxue.policy.registers import Register
from baoxue.synth import generate
from baoxue.synth.world import World, make_world

AS_OF = date(2025, 9, 20)


@dataclass
class County:
    """A generated county: the rows of each register, the child of each row, and all children by their number."""

    files: dict[str, Path]
    rows: dict[Register, list[dict[str, Any]]]
    child: dict[Register, list[str]]
    children: dict[str, dict[str, str]]

    def pairs(self, register: Register) -> list[tuple[dict[str, Any], dict[str, str]]]:
        """Rows of children, each with the truth about its child."""
        both = zip(self.rows[register], self.child[register], strict=True)
        return [(row, self.children[child]) for row, child in both if child]

    def of_status(self, status: str) -> set[str]:
        """The children whose true status this is."""
        return {number for number, child in self.children.items() if child["status"] == status}


def made(folder: Path, **options: Any) -> County:
    """Generate a county as Parquet and read it."""
    files = generate(options.pop("children", 3000), options.pop("seed", 5), folder, format="parquet", **options)
    truth: dict[Register, list[str]] = {register: [] for register in Register}
    for line in read_csv(files["truth"]):
        of = truth[Register(line["register"])]
        of.append(line["child"])
        assert int(line["row"]) == len(of)
    return County(
        files,
        {register: pq.read_table(files[register.value]).to_pylist() for register in Register},
        truth,
        {line["child"]: line for line in read_csv(files["truth_children"])},
    )


def read_csv(path: Path) -> list[dict[str, str]]:
    """The lines of a CSV file by their headers."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    """A county with the usual mistakes."""
    return made(tmp_path_factory.mktemp("county"))


@pytest.fixture(scope="session")
def flawless(tmp_path_factory: pytest.TempPathFactory) -> County:
    """The same county, kept by clerks who make no mistakes."""
    return made(tmp_path_factory.mktemp("flawless"), errors=0.0)


@pytest.fixture(scope="session")
def world() -> World:
    """The county of `county` and `flawless` as it truly is."""
    return make_world(3000, "522626", AS_OF, 5)
