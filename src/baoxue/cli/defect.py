"""What a person sees of a defect: one line without any value from the data."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from types import TracebackType

from baoxue.cli.words import Say

DEBUG_VARIABLE = "BAOXUE_DEBUG"
_PACKAGE = Path(__file__).parent.parent


def report_defects(say: Say) -> None:
    """From now on an exception nobody answers ends in one line and exit code 1.

    The message of such an exception is left out: a library may have put a cell of a register into it.
    With BAOXUE_DEBUG set the whole traceback is shown instead.
    """

    def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if os.environ.get(DEBUG_VARIABLE):
            sys.__excepthook__(kind, error, trace)
            return
        sys.stderr.write(say("defect", kind=kind.__name__, place=_place(trace)) + "\n")

    sys.excepthook = report


def _place(trace: TracebackType | None) -> str:
    """The innermost line of our own code, as file:line below the package."""
    ours = [frame for frame in traceback.extract_tb(trace) if Path(frame.filename).is_relative_to(_PACKAGE)]
    if not ours:
        return "?"
    return f"{Path(ours[-1].filename).relative_to(_PACKAGE).as_posix()}:{ours[-1].lineno}"
