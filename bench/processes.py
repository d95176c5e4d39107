"""Work in a process of its own, with its time and the peak of its memory."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_INTERVAL = 0.05
_PAGE = os.sysconf("SC_PAGE_SIZE")
_ROOT = Path(__file__).parents[1]


class WorkFailed(Exception):
    """A process ended with an error; its last lines on stderr are the message."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A process that ran: seconds of wall time from start to end, MB of resident memory at the peak, its stdout."""

    seconds: float
    peak_mb: float
    stdout: str


@dataclass(frozen=True, slots=True)
class Worked:
    """A function that ran in a process of its own: what it returned; `seconds` and `peak_mb` as in `Ran`."""

    result: Any
    seconds: float
    peak_mb: float


def run(command: Sequence[str]) -> Ran:
    """Run a command and watch the resident memory of all its processes, summed, every 50 ms.

    Pages that several processes share are counted once for each. Raises WorkFailed.
    """
    with tempfile.TemporaryFile("w+") as stderr:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=stderr, text=True, cwd=_ROOT, env=_environment()
        )
        watch = _Watch(process.pid)
        stdout, _ = process.communicate()
        seconds = time.perf_counter() - began
        watch.stop()
        if process.returncode:
            stderr.seek(0)
            raise WorkFailed("".join(stderr.readlines()[-12:]) or f"exit code {process.returncode}")
    return Ran(seconds, watch.peak / 1e6, stdout)


def plain_python() -> str:
    """The Python that measures ours: named by BENCH_PYTHON, as people have it; where that is unset, this one.

    Splink brings pandas along, which other libraries load as soon as they find it.
    """
    return os.environ.get("BENCH_PYTHON") or sys.executable


def work(function: str, *, python: str | None = None, **arguments: Any) -> Worked:
    """Call `module:function` with JSON-able keyword arguments in a fresh process of `python`. Raises WorkFailed."""
    command = [python or plain_python(), "-m", "bench.processes", function, json.dumps(arguments, default=str)]
    ran = run(command)
    return Worked(json.loads(ran.stdout.splitlines()[-1]), ran.seconds, ran.peak_mb)


def _environment() -> dict[str, str]:
    """The child finds this very source, installed or not."""
    paths = [str(_ROOT), str(_ROOT / "src"), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    return os.environ | {"PYTHONPATH": os.pathsep.join(path for path in paths if path)}


class _Watch:
    """Looks at a process and its descendants until stopped; `peak` in bytes."""

    def __init__(self, pid: int) -> None:
        self.peak = 0
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._ended.wait(_INTERVAL):
            self.peak = max(self.peak, sum(_resident(pid) for pid in _family(self._pid)))

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()


def _family(pid: int) -> list[int]:
    found, waiting = [], [pid]
    while waiting:
        member = waiting.pop()
        found.append(member)
        for task in _read_all(Path(f"/proc/{member}/task"), "children"):
            waiting += [int(child) for child in task.split()]
    return found


def _read_all(folder: Path, name: str) -> list[str]:
    # Threads and processes may be gone between one look and the next.
    try:
        return [(task / name).read_text() for task in folder.iterdir()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (FileNotFoundError, ProcessLookupError):
        return 0


def _main(function: str, arguments: str) -> None:
    module, name = function.split(":")
    print(json.dumps(getattr(importlib.import_module(module), name)(**json.loads(arguments))))


if __name__ == "__main__":
    _main(*sys.argv[1:])
