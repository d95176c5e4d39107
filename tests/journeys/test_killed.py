"""A comparison that dies in the middle: nothing half done is a result, and the next run is as good as the first."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .conftest import AS_OF, Journey, run

NEEDED = ("household", "student", "roll")


def _start(journey: Journey, out: Path, scratch: Path) -> subprocess.Popen[str]:
    given = [f"--{name}={journey.files[name]}" for name in NEEDED]
    return subprocess.Popen(
        [sys.executable, "-m", "baoxue", "compare", *given, "--county=522626", f"--as-of={AS_OF}", f"--out={out}"],
        env={**os.environ, "TMPDIR": str(scratch)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.fixture
def journey(journeys: Any) -> Journey:
    made: Journey = journeys("parquet")
    return made


def _killed(journey: Journey, out: Path, scratch: Path, *, until: str) -> int:
    """Start a run, kill it and all it started when it says `until`; returns how it ended."""
    started = _start(journey, out, scratch)
    assert started.stderr is not None
    with started.stderr:
        assert next(line for line in started.stderr if until in line)
        os.killpg(started.pid, signal.SIGKILL)
    return started.wait(timeout=30)


def test_killed_runs_leave_no_result_and_the_next_one_is_as_good_as_the_first(journey: Journey, tmp_path: Path) -> None:
    out, scratch = tmp_path / "result", tmp_path / "scratch"
    scratch.mkdir()
    assert [_killed(journey, out, scratch, until=word) for word in ("比对", "写结果")] == [-signal.SIGKILL] * 2
    assert not out.exists()
    again = _start(journey, out, scratch)
    _, told = again.communicate(timeout=100)
    assert again.returncode == 0, told
    # What the dead runs left aside is gone too: it is about children.
    assert {path.name for path in tmp_path.iterdir()} == {"result", "scratch"}
    run({name: journey.files[name] for name in NEEDED}, tmp_path / "undisturbed")
    for name in ("links.csv", "findings.csv", "rejects.csv"):
        assert (out / name).read_bytes() == (tmp_path / "undisturbed" / name).read_bytes()
