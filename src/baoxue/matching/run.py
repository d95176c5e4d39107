"""The whole comparison, from the files of a county to the files of its result."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Any

import duckdb

from baoxue import __version__
from baoxue.matching.children import make_children
from baoxue.matching.comparing import compare_registers
from baoxue.matching.elsewhere import LARGE, NARROW, choose
from baoxue.matching.engine import DuckDBEngine, Rows
from baoxue.matching.findings import make_findings
from baoxue.matching.heldfolder import held_folder
from baoxue.matching.output import RunFacts, write_outputs
from baoxue.matching.people import load_register, make_people, make_people_of
from baoxue.matching.rules import RULES_VERSION
from baoxue.policy.regions import region_of
from baoxue.policy.registers import Register
from baoxue.progress import Progress, silent
from baoxue.reading import ReadJob, ReadReport, read_aside, read_register, read_registers
from baoxue.refusal import Refusal

_MEMORY = "1GB"


class OneFileTwice(Refusal):
    """Two registers cannot be one file."""

    code = "one-file-twice"


@dataclass(slots=True)
class _Run:
    """What a run holds while it lasts. `seconds` by step, in the order they ran."""

    files: Mapping[Register, Path]
    scratch: Path
    connection: duckdb.DuckDBPyConnection
    as_of: date
    progress: Progress
    reports: dict[Register, ReadReport] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        began = perf_counter()
        yield
        self.seconds[step] = self.seconds.get(step, 0.0) + perf_counter() - began

    def canonical(self, register: Register) -> Path:
        return self.scratch / f"{register.value}.parquet"


def compare(
    files: Mapping[Register, Path],
    *,
    county: str,
    as_of: date,
    out: Path,
    now: datetime,
    age_from: int = 6,
    age_to: int = 14,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Compare the registers of one county; writes the result into `out` and returns the content of summary.json.

    `files`: at least household, student and roll. `now`: aware; goes into the result as the time of the run. Raises a
    Refusal (a file that cannot be read, a folder that cannot be written); then `out` is as it was before.
    """
    with (
        held_folder(Path(tempfile.gettempdir()), "baoxue-scratch-") as scratch,
        duckdb.connect(config=_config(scratch)) as connection,
    ):
        run = _Run(files, scratch, connection, as_of, progress)
        with run.timed("reading"):
            _read(run)
        # The records elsewhere are asked for late, and read meanwhile.
        with _reading_elsewhere(run) as elsewhere:
            with run.timed("loading"):
                _load(run)
            with run.timed("comparing"):
                compared = compare_registers(
                    connection,
                    DuckDBEngine(connection),
                    elsewhere=lambda wanted: _load_elsewhere(run, elsewhere, wanted),
                    progress=progress,
                )
        with run.timed("judging"):
            progress("汇总每个孩子的情况", 0)
            make_children(
                connection, compared.links, compared.duplicates, as_of=as_of, age_from=age_from, age_to=age_to
            )
            make_findings(connection, input_hashes={register: r.sha256 for register, r in run.reports.items()})
        region = region_of(county)
        facts = RunFacts(
            county=county,
            county_name=None if region is None else region.name,
            as_of=as_of,
            age_from=age_from,
            age_to=age_to,
            now=now,
            seconds=run.seconds,
            versions={"baoxue": __version__, "rules": RULES_VERSION, "duckdb": version("duckdb")},
            warnings=_warnings(run, now),
        )
        return write_outputs(connection, facts=facts, reports=run.reports, out=out, progress=progress)


def _warnings(run: _Run, now: datetime) -> list[str]:
    """What a clerk should know before believing the result, the register named."""
    warnings = []
    if run.as_of > now.date():
        warnings.append(f"截至日期 {run.as_of} 还没有到，请核对。")
    for register, report in run.reports.items():
        if not report.accepted:
            warnings.append(f"{register.label}：没有一行数据，请检查文件。")
        warnings += [f"{register.label}：{warning}" for warning in report.warnings]
    return warnings


def _refuse_one_file_twice(run: _Run) -> None:
    by_content: dict[str, Register] = {}
    for register, report in run.reports.items():
        first = by_content.setdefault(report.sha256, register)
        if first is not register:
            raise OneFileTwice(
                f"{first.label}和{register.label}给的是同一个文件（{report.file}），请检查是不是放错了文件。"
            )


def _config(scratch: Path) -> dict[str, str | bool | int | float | list[str]]:
    return {"memory_limit": _MEMORY, "temp_directory": str(scratch / "spill"), "threads": os.cpu_count() or 2}


def _in_two_passes(run: _Run) -> bool:
    return _size(run.files[Register.ELSEWHERE]) > LARGE


def _read(run: _Run) -> None:
    jobs = []
    if Register.ELSEWHERE in run.files:
        # Read late, but refused early: nobody waits for a comparison that cannot be finished.
        elsewhere = run.files[Register.ELSEWHERE]
        jobs.append(ReadJob(elsewhere, Register.ELSEWHERE, run.canonical(Register.ELSEWHERE), head_only=True))
    # Largest first: two at a time, the sum is shortest that way.
    given = [register for register in run.files if register is not Register.ELSEWHERE]
    jobs += [
        ReadJob(run.files[register], register, run.canonical(register))
        for register in sorted(given, key=lambda register: (-_size(run.files[register]), register.value))
    ]
    reports = {report.register: report for report in read_registers(jobs, progress=run.progress)}
    run.reports = {register: reports[register] for register in Register if register in given}
    _refuse_one_file_twice(run)


def _reading_elsewhere(run: _Run) -> AbstractContextManager[Callable[[], ReadReport] | None]:
    if Register.ELSEWHERE not in run.files:
        return nullcontext()
    path, columns = run.files[Register.ELSEWHERE], NARROW if _in_two_passes(run) else None
    return read_aside(ReadJob(path, Register.ELSEWHERE, run.canonical(Register.ELSEWHERE), columns=columns))


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _load(run: _Run) -> None:
    run.progress("装入登记册", 0)
    for register in Register:
        # Of the records elsewhere only those are loaded that may be a child's, when it is known whose.
        given = register in run.files and register is not Register.ELSEWHERE
        load_register(run.connection, register, run.canonical(register) if given else None)
        if given:
            # What is loaded need not lie on the disk any longer: it is about children.
            run.canonical(register).unlink()
    make_people(run.connection, as_of=run.as_of)


def _load_elsewhere(run: _Run, reading: Callable[[], ReadReport] | None, wanted: Rows) -> int:
    """Load what may be one of the wanted children; returns how many records the whole file has."""
    if reading is None:
        return 0
    run.reports[Register.ELSEWHERE] = reading()
    everything = run.canonical(Register.ELSEWHERE)
    rows = choose(run.connection, everything, wanted)
    if _in_two_passes(run):
        read_register(run.files[Register.ELSEWHERE], Register.ELSEWHERE, everything, progress=run.progress, rows=rows)
    load_register(run.connection, Register.ELSEWHERE, everything, rows=rows)
    everything.unlink()
    make_people_of(run.connection, Register.ELSEWHERE, as_of=run.as_of)
    return run.reports[Register.ELSEWHERE].last_row
