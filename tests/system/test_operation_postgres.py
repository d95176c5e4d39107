"""The server of our own: where its data may lie, who may share it, and that it ends with whoever started it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest

from baoxue.platform import postgres

_START_AND_WAIT = """
import sys, time
from pathlib import Path
from baoxue.platform import postgres
server = postgres.start(Path(sys.argv[1]), settings=postgres.FORGETFUL)
print(server.port, server.process is not None, flush=True)
time.sleep(60)
"""


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder in one that only its owner can enter, as a home is."""
    home = tmp_path_factory.mktemp("home")
    home.chmod(0o700)
    folder = home / "data"
    yield folder
    shutil.rmtree(_data_of(folder).parent)


@pytest.fixture
def running(closed: Path) -> Iterator[postgres.Server]:
    server = postgres.start(closed, settings=postgres.FORGETFUL)
    yield server
    server.stop()


@contextmanager
def _in_processes_of_their_own(folder: Path, count: int) -> Iterator[list[tuple[int, bool]]]:
    """Start the server from several processes at once (port, whether it started it); they are killed afterwards."""
    with ExitStack() as stack:
        command = [sys.executable, "-c", _START_AND_WAIT, str(folder)]
        processes = [
            stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, text=True)) for _ in range(count)
        ]
        lines = [process.stdout.readline().split() for process in processes if process.stdout is not None]
        yield [(int(port), started == "True") for port, started in lines]
        for process in processes:
            process.kill()


def _ask(server: postgres.Server) -> int:
    with psycopg.connect(server.url()) as asked:
        row = asked.execute("SELECT 1").fetchone()
    assert row is not None
    return int(row[0])


def test_a_folder_that_only_its_owner_can_enter_does_and_stays_as_it_is(running: postgres.Server, closed: Path) -> None:
    assert _ask(running) == 1
    assert closed.parent.stat().st_mode & 0o777 == 0o700
    assert closed.parent.stat().st_uid == os.geteuid()


def test_data_elsewhere_go_once_their_folder_is_gone_and_nobody_used_them_for_an_hour(tmp_path: Path) -> None:
    places = []
    for name, folder, idle in (("gone", "none", 7200), ("just gone", "none", 60), ("in use", "", 7200)):
        place = Path(tempfile.mkdtemp(prefix="baoxue-postgres-", dir="/var/tmp"))
        (place / "stands-for").write_text(f"{tmp_path / folder}\n", encoding="utf-8")
        (place / "server.log").touch()
        os.utime(place / "server.log", times=(time.time() - idle, time.time() - idle))
        places.append((name, place))
    postgres._tidy_elsewhere()
    left = [name for name, place in places if place.exists()]
    for _name, place in places:
        shutil.rmtree(place, ignore_errors=True)
    assert left == ["just gone", "in use"]


def test_nobody_comes_in_without_the_password(running: postgres.Server) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(running.url(password="guessed")).close()


def test_a_second_process_uses_the_server_that_runs(running: postgres.Server, closed: Path) -> None:
    second = postgres.start(closed)
    assert (second.port, second.process) == (running.port, None)
    second.stop()
    assert _ask(running) == 1


def test_what_was_committed_is_there_after_a_kill(closed: Path) -> None:
    first = postgres.start(closed)
    with psycopg.connect(first.url(), autocommit=True) as asked:
        asked.execute("CREATE TABLE kept (n int)")
        asked.execute("INSERT INTO kept VALUES (7)")
    assert first.process is not None
    first.process.kill()
    first.process.wait()
    second = postgres.start(closed)
    with psycopg.connect(second.url()) as asked:
        assert asked.execute("SELECT n FROM kept").fetchone() == (7,)
    second.stop()


def test_two_that_start_at_once_share_one_server(closed: Path) -> None:
    with _in_processes_of_their_own(closed, 2) as told:
        assert told[0][0] == told[1][0]
        assert sorted(started for _port, started in told) == [False, True]


def test_a_killed_starter_leaves_no_server_and_the_next_start_waits_for_its_end(closed: Path) -> None:
    with _in_processes_of_their_own(closed, 1) as told:
        assert [started for _port, started in told] == [True]
    following = postgres.start(closed, settings=postgres.FORGETFUL)
    assert following.process is not None
    assert _ask(following) == 1
    following.stop()
    assert postgres._running(_data_of(closed)) is None


def _data_of(folder: Path) -> Path:
    note = folder / "elsewhere"
    return (Path(note.read_text(encoding="utf-8").strip()) if note.exists() else folder) / "data"
