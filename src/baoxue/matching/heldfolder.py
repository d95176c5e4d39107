"""A folder of one's own for as long as a process lives; what a killed process left is removed by the next."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def held_folder(home: Path, prefix: str) -> Iterator[Path]:
    """An empty folder in `home` for this user alone, gone when the block ends.

    Folders of this prefix that no living process holds are removed first: they hold children's data. Raises OSError.
    """
    for left in home.glob(f"{prefix}*"):
        handle = _lock(left)
        if handle is not None:
            shutil.rmtree(left, ignore_errors=True)
            os.close(handle)
    folder, hold = _new_folder(home, prefix)
    try:
        yield folder
    finally:
        # It may have been moved to where it belongs: then nothing is left under this name.
        shutil.rmtree(folder, ignore_errors=True)
        os.close(hold)


def _new_folder(home: Path, prefix: str) -> tuple[Path, int]:
    """A folder to write in and the handle that holds it."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir=home))
        hold = _lock(folder)
        # In the moment before it was held, another process may have taken it for one left behind.
        if hold is not None and folder.exists():
            return folder, hold


def _lock(folder: Path) -> int | None:
    """Hold a folder until this process closes it or dies; None when it is held, gone or somebody else's."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except (FileNotFoundError, PermissionError):
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle
