"""A result appears whole or not at all: it is written aside, then moved into place."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from baoxue.matching.heldfolder import held_folder
from baoxue.refusal import Refusal

SEAL = "summary.json"
"""The file that goes out first and comes in last: where it stands, the result beside it is whole."""

FILES = ("links.csv", "findings.csv", "rejects.csv", "ledgers.xlsx", "summary.html", SEAL)


class OutputRefused(Refusal):
    """The result cannot be written where it was asked for."""

    code = "output-refused"


@contextmanager
def aside_then_in_place(out: Path) -> Iterator[Path]:
    """Give an empty folder to write `FILES` into; when the block ends well, they become the result in `out`.

    `out` that does not exist, or is empty, appears in one rename. In a folder that holds something, our files
    are replaced one by one, each atomically, the seal taken away first and put back last; others stay.
    What a killed run left aside is removed by the next run. Raises OutputRefused when the disk says no.
    """
    with ExitStack() as stack:
        try:
            out = out.resolve()
            aside = stack.enter_context(held_folder(_home(out), f".{out.name}.unfinished-"))
        except OSError as error:
            raise _refusal(out, error) from error
        try:
            yield aside
            _flush(aside)
            _move(aside, out)
        except OSError as error:
            raise _refusal(out, error) from error


def _home(out: Path) -> Path:
    """The folder to write aside in: beside `out`, or inside it where only that one is ours or on its disk."""
    parent = out.parent
    parent.mkdir(parents=True, exist_ok=True)
    if not out.exists():
        return parent
    same_disk = parent.stat().st_dev == out.stat().st_dev
    return parent if same_disk and os.access(parent, os.W_OK) else out


def _flush(aside: Path) -> None:
    for name in FILES:
        handle = os.open(aside / name, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _move(aside: Path, out: Path) -> None:
    # mkdtemp made it for this user alone; a result gets the rights of any other new folder.
    umask = os.umask(0)
    os.umask(umask)
    aside.chmod(0o777 & ~umask)
    try:
        aside.rename(out)
    except OSError:
        if not out.is_dir():
            raise
    else:
        return
    (out / SEAL).unlink(missing_ok=True)
    for name in FILES:
        (aside / name).replace(out / name)


def _refusal(out: Path, error: OSError) -> OutputRefused:
    why = error.strerror or type(error).__name__
    return OutputRefused(f"结果写不进 {out}：{why}。请换一个目录，或腾出空间、关掉正打开的结果文件后再试。")
