"""The process a register is parsed in: `python -m baoxue.reading.child`, one job on its standard input.

One JSON line in, then the pipe stays open: when it closes the parent is gone, and so is this process. JSON lines out:
{"progress": [step, done, total]} now and then, at the end {"report": …} or {"refusal": {"code", "sentence"}}.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

from baoxue.policy.registers import Column, Register
from baoxue.reading.canonical import aside_of
from baoxue.reading.errors import FileTooLarge, RegisterRefused, shown
from baoxue.reading.limits import confine, seconds_for
from baoxue.reading.read import check_head, read, read_as_written
from baoxue.reading.sniff import check_readable, format_of

_BETWEEN_LINES = 0.15


def main() -> int:
    """Do one job."""
    sys.excepthook = _tell_without_values
    job = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_parent, args=(Path(job["out"]),), daemon=True).start()
    try:
        _say({"report": _do(job)})
    except RegisterRefused as refusal:
        _say({"refusal": {"code": refusal.code, "sentence": refusal.sentence}})
    except MemoryError:
        _say({"refusal": {"code": FileTooLarge.code, "sentence": too_much_memory(Path(job["path"]))}})
    return 0


def too_much_memory(path: Path) -> str:
    """What is said when a file does not fit."""
    return f"{shown(path)} 需要的内存超出限制，可能在表格很远处有内容，请删去表格以外的内容，或导出为 .csv 再导入。"


def _do(job: dict[str, Any]) -> dict[str, Any]:
    path = Path(job["path"])
    check_readable(path)
    confine(format_of(path), seconds_for(path))
    if job["head_only"]:
        return check_head(path, Register(job["register"])).to_json()
    if job["as_written"]:
        return read_as_written(path, Register(job["register"]), Path(job["out"]), rows=job["rows"]).to_json()
    columns = None if job["columns"] is None else frozenset(Column(column) for column in job["columns"])
    report = read(
        path,
        Register(job["register"]),
        Path(job["out"]),
        progress=_Lines(),
        columns=columns,
        rows=job["rows"],
    )
    return report.to_json()


class _Lines:
    """Progress as lines, not too many."""

    def __init__(self) -> None:
        self._last = 0.0

    def __call__(self, step: str, done: int, total: int | None = None) -> None:
        now = time.monotonic()
        if now - self._last >= _BETWEEN_LINES:
            self._last = now
            _say({"progress": [step, done, total]})


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message, ensure_ascii=True) + "\n")
    sys.stdout.flush()


def _end_with_parent(out: Path) -> None:
    sys.stdin.read()
    aside_of(out, os.getpid()).unlink(missing_ok=True)
    os._exit(1)


def _tell_without_values(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Where it broke and with which kind of error: a message could quote a cell."""
    frames = traceback.extract_tb(trace)
    where = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-3:]]
    sys.stderr.write(f"{kind.__name__} {' '.join(where)}\n")


if __name__ == "__main__":
    sys.exit(main())
