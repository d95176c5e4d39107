"""Synthetic registers for a measurement. These functions run in processes of their own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from baoxue.policy.registers import Register
from baoxue.reading import ReadJob, read_registers
from baoxue.synth import generate
from baoxue.synth.make import Format

COUNTY = "522626"
AS_OF = date(2025, 9, 20)


def make(
    out: str,
    children: int,
    seed: int,
    errors: float = 1.0,
    format: Format = "parquet",
    elsewhere_rows: int | None = None,
) -> dict[str, str]:
    """Write the registers of a county with their truth; returns the files by name."""
    files = generate(
        children,
        seed,
        Path(out),
        format=format,
        county=COUNTY,
        as_of=AS_OF,
        errors=errors,
        elsewhere_rows=elsewhere_rows,
    )
    return {str(name): str(path) for name, path in files.items()}


def make_canonical(out: str, children: int, seed: int, errors: float) -> dict[str, str]:
    """Write household and student register in canonical form, and the truth; returns the files by name."""
    files = make(out, children, seed, errors, elsewhere_rows=0)
    jobs = [
        ReadJob(Path(files[register]), register, Path(out) / f"{register}-canonical.parquet")
        for register in (Register.HOUSEHOLD, Register.STUDENT)
    ]
    read_registers(jobs)
    return {str(job.register): str(job.out) for job in jobs} | {"truth": files["truth"]}
