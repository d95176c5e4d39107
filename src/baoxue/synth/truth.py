"""What is true: which child each row is, and what became of each child."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

from baoxue.policy.registers import Register
from baoxue.synth.fates import FATES
from baoxue.synth.kinds import Ints, objects
from baoxue.synth.world import World

_ROWS = pa.schema([("register", pa.string()), ("row", pa.int64()), ("child", pa.int64())])
# Null children are empty cells, without quotes.
_OPTIONS = pyarrow.csv.WriteOptions(quoting_style="needed")


class TruthFile:
    """`truth.csv`, written register by register; rows of one register are numbered on from call to call."""

    def __init__(self, writer: pyarrow.csv.CSVWriter) -> None:
        self._writer = writer
        self._written: dict[Register, int] = {}

    def add(self, register: Register, child: Ints) -> None:
        """The children (NOBODY = none) of the next rows of a register."""
        start = self._written.get(register, 0)
        rows = np.arange(start + 1, start + 1 + len(child))
        self._written[register] = start + len(child)
        names = pa.DictionaryArray.from_arrays(np.zeros(len(child), dtype=np.int32), [register.value])
        columns = [names.cast(pa.string()), pa.array(rows), pa.array(child + 1, mask=child < 0)]
        self._writer.write(pa.table(columns, schema=_ROWS))


@contextmanager
def truth_file(path: Path) -> Iterator[TruthFile]:
    """Open `truth.csv` for writing."""
    with pyarrow.csv.CSVWriter(path, _ROWS, write_options=_OPTIONS) as writer:
        yield TruthFile(writer)


def write_children(world: World, path: Path) -> None:
    """`truth_children.csv`: one line per child, numbered from 1, with its true status."""
    children, families = world.children, world.families
    count = len(children)
    table = pa.table(
        {
            "child": pa.array(np.arange(1, count + 1)),
            "status": pa.array(objects(fate.value for fate in FATES)[world.fate], pa.string()),
            "school_age": pa.array(((children.age >= 6) & (children.age <= 14)).astype(np.int64)),
            "family": pa.array(children.family + 1),
            "twin_of": pa.array(children.twin_of + 1, mask=children.twin_of < 0),
            "local": pa.array((~families.outsider[children.family]).astype(np.int64)),
            "poor": pa.array(families.poor[children.family].astype(np.int64)),
            "name": pa.array(children.name, pa.string()),
            "former_name": pa.array(children.former_name, pa.string()),
            "sex": pa.array(np.where(children.boy, objects(["M"]), objects(["F"])), pa.string()),
            "birth_date": pa.array(children.born),
            "celebrated_date": pa.array(children.celebrated),
            "id_number": pa.array(children.number, pa.string()),
        }
    )
    pyarrow.csv.write_csv(table, path, write_options=_OPTIONS)
