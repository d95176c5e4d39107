"""Reading a register in a process of its own: a hostile or broken file can end that process and nothing else."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from baoxue.policy.registers import Column, Register
from baoxue.progress import Progress, silent
from baoxue.reading.canonical import aside_of
from baoxue.reading.errors import FileDamaged, FileTooLarge, ReadingFailed, RegisterRefused, shown
from baoxue.reading.limits import seconds_for
from baoxue.reading.report import ReadReport

_LOOK_AGAIN = 0.2
_OUT_OF_MEMORY = ("memory allocation", "MemoryError", "bad_alloc", "out of memory")


@dataclass(frozen=True, slots=True)
class ReadJob:
    """One file to read: see `read_register`.

    With `head_only` it is only seen whether the file can be read and has the columns; no row is read, nothing written.
    With `as_written` the `rows` are written as they stand in the file.
    """

    path: Path
    register: Register
    out: Path
    columns: frozenset[Column] | None = None
    rows: Sequence[int] | None = None
    head_only: bool = False
    as_written: bool = False


def read_register(
    path: Path,
    register: Register,
    out: Path,
    *,
    progress: Progress = silent,
    columns: frozenset[Column] | None = None,
    rows: Sequence[int] | None = None,
) -> ReadReport:
    """Read a register file into a canonical Parquet file at `out`, and say what was done.

    `columns` limits what is made to these (with `row` and `id_state`; `birth_month` comes with `birth_date`), `rows` to
    these data rows (numbers from 1, ascending). Raises a RegisterRefused; then `out` is as it was before.
    """
    return _supervise(ReadJob(path, register, out, columns, rows), progress, threading.Event())


def rows_as_written(path: Path, register: Register, out: Path, *, rows: Sequence[int]) -> None:
    """Write data rows (numbers from 1, ascending) to `out` as they stand in the file, to be given back for correction.

    `out`: Parquet, see `aswritten.AS_WRITTEN`. Raises a RegisterRefused.
    """
    _supervise(ReadJob(path, register, out, rows=rows, as_written=True), silent, threading.Event())


def read_registers(jobs: Iterable[ReadJob], *, workers: int = 2, progress: Progress = silent) -> list[ReadReport]:
    """Read several files, at most `workers` at a time; reports in the order of the jobs.

    Raises the first refusal in that order and ends the readings still running.
    """
    together = _Together(progress)
    stop = threading.Event()
    with ThreadPoolExecutor(workers) as pool:
        running = [pool.submit(_supervise, job, together.part(place), stop) for place, job in enumerate(jobs)]
        try:
            return [future.result() for future in running]
        finally:
            stop.set()
            for future in running:
                future.cancel()


@contextmanager
def read_aside(job: ReadJob) -> Iterator[Callable[[], ReadReport]]:
    """Read one file while the caller does something else; the function given waits for the report, or raises the refusal.

    Leaving the context ends a reading that is still running.
    """
    stop = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(_supervise, job, silent, stop)
        try:
            yield running.result
        finally:
            stop.set()


class _Together:
    """Progress of several readings as one."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._done: dict[int, int] = {}
        self._lock = threading.Lock()

    def part(self, place: int) -> Progress:
        def tell(step: str, done: int, total: int | None = None) -> None:
            with self._lock:
                self._done[place] = done
                self._progress("读取登记册", sum(self._done.values()))

        return tell


def _supervise(job: ReadJob, progress: Progress, stop: threading.Event) -> ReadReport:
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as complaints:
        process = subprocess.Popen(
            [sys.executable, "-X", "utf8", "-m", "baoxue.reading.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            encoding="utf-8",
            env={**os.environ, "ARROW_DEFAULT_MEMORY_POOL": "system"},
        )
        try:
            _hand_over(process, job)
            result = _listen(process, job, progress, stop)
            if result is None:
                complaints.seek(0)
                raise _why_it_died(job.path, process.wait(), complaints.read())
            return result
        finally:
            _end(process, job)


def _hand_over(process: subprocess.Popen[str], job: ReadJob) -> None:
    assert process.stdin is not None
    columns = None if job.columns is None else sorted(job.columns)
    rows = None if job.rows is None else [int(row) for row in job.rows]
    message = {
        "path": str(job.path),
        "register": job.register,
        "out": str(job.out),
        "columns": columns,
        "rows": rows,
        "head_only": job.head_only,
        "as_written": job.as_written,
    }
    with suppress(BrokenPipeError):  # it died already: its exit code says why
        process.stdin.write(json.dumps(message) + "\n")
        process.stdin.flush()


def _listen(
    process: subprocess.Popen[str], job: ReadJob, progress: Progress, stop: threading.Event
) -> ReadReport | None:
    """The report, or None when the process ended without one. Raises what the process refused."""
    assert process.stdout is not None
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    threading.Thread(target=_collect, args=(process.stdout, lines), daemon=True).start()
    seconds = seconds_for(job.path)
    deadline = time.monotonic() + seconds
    while True:
        if stop.is_set():
            raise ReadingFailed(f"{shown(job.path)} 的读取已取消。")
        if time.monotonic() > deadline:
            raise FileTooLarge(f"{shown(job.path)} 读了 {seconds} 秒还没有读完，已停止，请拆成几个文件再导入。")
        try:
            line = lines.get(timeout=_LOOK_AGAIN)
        except queue.Empty:
            continue
        if line is None:
            return None
        report = _heard(json.loads(line), progress)
        if report is not None:
            return report


def _heard(message: dict[str, Any], progress: Progress) -> ReadReport | None:
    if "refusal" in message:
        refusal = message["refusal"]
        raise RegisterRefused.by_code[refusal["code"]](refusal["sentence"])
    if "report" in message:
        return ReadReport.from_json(message["report"])
    step, done, total = message["progress"]
    progress(step, done, total)
    return None


def _collect(stdout: IO[str], lines: queue.SimpleQueue[str | None]) -> None:
    for line in stdout:
        lines.put(line)
    lines.put(None)


def _why_it_died(path: Path, code: int, complaints: str) -> RegisterRefused:
    """A sentence for an exit without a word: `code` is negative for a signal."""
    name = signal.Signals(-code).name if code < 0 else ""
    if any(word in complaints for word in _OUT_OF_MEMORY) or name == "SIGKILL":
        return FileTooLarge(
            f"{shown(path)} 需要的内存超出限制，可能在表格很远处有内容，请删去表格以外的内容，或导出为 .csv 再导入。"
        )
    if name == "SIGXCPU":
        return FileTooLarge(f"{shown(path)} 太费时间，已停止读取，请拆成几个文件再导入。")
    if code < 0 or "PanicException" in complaints:
        return FileDamaged(f"{shown(path)} 已损坏，读取它的程序中途退出，请重新导出或重新拷贝。")
    where = complaints.strip().splitlines()[-1:] or [f"退出码 {code}"]
    return ReadingFailed(f"读取 {shown(path)} 时程序出错（{where[0][:120]}），请把这句话报告给维护人员。")


def _end(process: subprocess.Popen[str], job: ReadJob) -> None:
    """Leave no process and no half-written file."""
    if process.poll() is None:
        process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(BrokenPipeError):  # the job never got through
                pipe.close()
    aside_of(job.out, process.pid).unlink(missing_ok=True)
