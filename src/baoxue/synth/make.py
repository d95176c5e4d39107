"""From a number of children and a seed to register files and their truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np

from baoxue.policy.registers import Register
from baoxue.progress import Progress, silent
from baoxue.synth.kinds import Frame, stream
from baoxue.synth.mistakes.clerks import Clerks
from baoxue.synth.registers.household import household_frame
from baoxue.synth.registers.poverty import poverty_frame
from baoxue.synth.registers.roll import roll_frame
from baoxue.synth.registers.special import special_frame
from baoxue.synth.registers.strangers import Strangers
from baoxue.synth.registers.student import elsewhere_frame, student_frame
from baoxue.synth.truth import truth_file, write_children
from baoxue.synth.world import World, make_world
from baoxue.synth.writing.habits import Habits
from baoxue.synth.writing.paper import Paper
from baoxue.synth.writing.parquetfile import parquet_paper
from baoxue.synth.writing.textfile import csv_paper
from baoxue.synth.writing.workbook import xlsx_paper

Format = Literal["xlsx", "csv", "parquet"]

_FRAMES: dict[Register, Callable[[World], Frame]] = {
    Register.HOUSEHOLD: household_frame,
    Register.STUDENT: student_frame,
    Register.ROLL: roll_frame,
    Register.POVERTY: poverty_frame,
    Register.SPECIAL: special_frame,
}
# Records from elsewhere are made and written in pieces of about so many rows.
PIECE = 250_000


def generate(
    children: int,
    seed: int,
    out: Path,
    *,
    format: Format = "xlsx",
    county: str = "522626",
    as_of: date = date(2025, 9, 20),
    errors: float = 1.0,
    elsewhere_rows: int | None = None,
    progress: Progress = silent,
) -> dict[str, Path]:
    """Write the registers of a made-up county into a folder, with `truth.csv` and `truth_children.csv`.

    `children`: about so many children of school age in the household register. `errors` multiplies the
    rates of all mistakes. `elsewhere_rows`: student records from outside the county, by default twice the
    children; never fewer than the county's own children have there. Returns the file of each register, of
    `truth` and of `truth_children`. Raises UnknownCounty, TooManyChildren.
    """
    out.mkdir(parents=True, exist_ok=True)
    progress("生成儿童与家庭", 0, children)
    world = make_world(children, county, as_of, seed)
    files = {"truth": out / "truth.csv", "truth_children": out / "truth_children.csv"}
    write_children(world, files["truth_children"])
    wanted = children * 2 if elsewhere_rows is None else elsewhere_rows
    clerks, habits = Clerks(world, errors), Habits(world)
    with truth_file(files["truth"]) as truth:
        for register in (*_FRAMES, Register.ELSEWHERE):
            path = out / f"{register.value}.{format}"
            with _open(path, register, world, format, wanted) as paper:
                for piece, frame in enumerate(_pieces(world, register, wanted, progress)):
                    clerks.write(frame, piece)
                    habits.write(frame, piece)
                    truth.add(register, frame.child)
                    paper.add(frame)
            files[register.value] = path
    return files


def _open(
    path: Path, register: Register, world: World, format: Format, elsewhere: int
) -> AbstractContextManager[Paper]:
    if format == "parquet":
        return parquet_paper(path, register)
    if format == "csv":
        return csv_paper(path, register, world.seed)
    return xlsx_paper(path, register, world, elsewhere if register is Register.ELSEWHERE else len(world.children))


def _pieces(world: World, register: Register, elsewhere: int, progress: Progress) -> Iterator[Frame]:
    label = f"写{register.label}"
    if register is not Register.ELSEWHERE:
        frame = _FRAMES[register](world)
        progress(label, len(frame), len(frame))
        yield frame
        return
    done = 0
    for frame in _elsewhere(world, elsewhere):
        done += len(frame)
        progress(label, done, max(done, elsewhere))
        yield frame


def _elsewhere(world: World, wanted: int) -> Iterator[Frame]:
    """The county's own children, scattered among strangers, in pieces."""
    own = elsewhere_frame(world)
    strangers = Strangers(world.places.county.code, world.as_of, world.seed)
    rng = stream(world.seed, "elsewhere", "order")
    count = min(max(0, wanted - len(own)), strangers.most)
    pieces = -(-(count + len(own)) // PIECE)
    own = own.take(rng.permutation(len(own)))
    for piece in range(pieces):
        mine = own.take(np.arange(len(own) * piece // pieces, len(own) * (piece + 1) // pieces))
        start, stop = count * piece // pieces, count * (piece + 1) // pieces
        frame = mine.followed_by(strangers.frame(start, stop - start))
        frame.sheet[:] = f"第{piece + 1}部分"
        yield frame.take(rng.permutation(len(frame)))
