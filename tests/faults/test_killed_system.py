"""kill -9 of worker and database: nothing confirmed is lost, nothing is half done, the work goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from baoxue.synth import generate

from .conftest import Installation

pytestmark = pytest.mark.timeout(400)
ROWS = 20


def _has_begun(system: Installation, job: str) -> bool:
    return bool(system.one(f"SELECT done >= 5 FROM platform_job WHERE id = '{job}'"))


def test_the_work_of_a_killed_worker_is_undone_and_then_done_once(system: Installation) -> None:
    before = system.filled()
    job = system.act("fill", str(ROWS))
    system.wait(lambda: _has_begun(system, job))
    system.kill_worker()
    assert system.filled() == before
    system.start_worker()
    system.wait(lambda: system.state_of(job) == "done")
    assert system.filled() == before + ROWS
    assert system.one(f"SELECT attempts FROM platform_job WHERE id = '{job}'") == 2


def test_a_worker_outlives_its_database_and_goes_on(system: Installation) -> None:
    before = system.filled()
    job = system.act("fill", str(ROWS))
    system.wait(lambda: _has_begun(system, job))
    system.kill_database()
    assert system.filled() == before
    system.wait(lambda: system.state_of(job) == "done")
    assert system.filled() == before + ROWS


def test_a_worker_that_is_asked_to_end_gives_its_job_back_at_once(system: Installation) -> None:
    before = system.filled()
    job = system.act("fill", str(ROWS))
    system.wait(lambda: _has_begun(system, job))
    assert system.worker is not None
    system.worker.terminate()
    assert system.worker.wait(20) == 0
    assert (system.state_of(job), system.filled()) == ("waiting", before)
    system.start_worker()
    system.wait(lambda: system.state_of(job) == "done")
    assert system.filled() == before + ROWS


def test_import_and_comparison_survive_kills_of_worker_and_database(system: Installation, tmp_path: Path) -> None:
    files = generate(400, 7, tmp_path, format="csv", county="522626")
    jobs = [system.act("bring", name, str(files[name])) for name in ("household", "student", "roll")]
    system.wait(lambda: system.state_of(jobs[0]) != "waiting")
    system.kill_worker()
    system.kill_database()
    system.start_worker()
    system.wait(lambda: system.state_of(jobs[1]) != "waiting")
    system.kill_database()
    system.wait(lambda: all(system.state_of(job) == "done" for job in jobs))
    assert system.act("accept") == 3
    run = system.act("compare")
    system.wait(lambda: system.one(f"SELECT step <> '' FROM platform_job WHERE id = '{run}'"))
    system.kill_worker()
    assert system.act("counts")["runs"] == 0
    system.start_worker()
    system.wait(lambda: system.one(f"SELECT attempts = 2 AND step <> '' FROM platform_job WHERE id = '{run}'"))
    system.kill_database()
    system.wait(lambda: system.state_of(run) == "done")
    build = "SELECT state FROM platform_job WHERE kind = 'children.build'"
    system.wait(lambda: system.one(build) == "running")
    system.kill_worker()
    assert system.act("counts")["builds"] == 0
    assert system.act("counts")["children"] == 0
    system.start_worker()
    system.wait(lambda: system.one(build) == "done")
    found = system.act("counts")
    assert (found["snapshots"], found["runs"], found["builds"]) == (3, 1, 1)
    assert found["children"] > 300


_SUPERVISES = """
import time
from baoxue.cli.supervise import Supervisor
with Supervisor() as supervisor:
    for name in ("a", "b"):
        supervisor.start(name, ["sleep", "600"])
    print(*(child.process.pid for child in supervisor._children), flush=True)
    while True:
        supervisor.look()
        print(*(child.process.pid for child in supervisor._children), flush=True)
        time.sleep(0.2)
"""


def _runs(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"


def test_a_supervisor_starts_again_what_is_killed_and_leaves_nothing_when_it_is_killed_itself() -> None:
    with subprocess.Popen([sys.executable, "-c", _SUPERVISES], stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        first, second = (int(pid) for pid in supervisor.stdout.readline().split())
        os.kill(first, signal.SIGKILL)
        again = next(pids for line in supervisor.stdout if first not in (pids := [int(p) for p in line.split()]))
        assert again[1] == second
        supervisor.kill()
    deadline = time.monotonic() + 10
    while any(_runs(pid) for pid in again) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(_runs(pid) for pid in again)
