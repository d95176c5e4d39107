"""An installation of its own that may be killed: its server, its worker, and what people do with it."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest

from baoxue.platform import postgres
from baoxue.platform.crypto import new_keyfile
from baoxue.platform.roles import APP, OWNER, make_roles

PASSWORD = "only-for-tests"
_WITHIN = 100.0


class Installation:
    """Server and worker as processes, on one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = postgres.start(folder / "postgres")
        make_roles(self.server.url(), database="baoxue", owner_password=PASSWORD, app_password=PASSWORD)
        new_keyfile(folder / "keys.json")
        self.owner_url = self.server.url("baoxue", user=OWNER, password=PASSWORD)
        self.environment = {
            **os.environ,
            "BAOXUE_MODE": "demo",
            "BAOXUE_DATA_DIR": str(folder),
            "BAOXUE_KEYFILE": str(folder / "keys.json"),
            "BAOXUE_DATABASE_URL": self.server.url("baoxue", user=APP, password=PASSWORD),
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        }
        self.worker: subprocess.Popen[bytes] | None = None
        self.web: subprocess.Popen[bytes] | None = None
        self.port = 0
        migrated = {**self.environment, "BAOXUE_OWNER_DATABASE_URL": self.owner_url}
        subprocess.run([sys.executable, "-m", "baoxue", "migrate"], env=migrated, check=True, capture_output=True)
        with psycopg.connect(self.server.url("baoxue", user=APP, password=PASSWORD)) as app:
            app.execute("CREATE TABLE staging.filled (number int)")
            app.execute("CREATE TABLE staging.done (day date, at timestamptz, process int)")
        self.act("places")

    def begin(self, *what: str) -> subprocess.Popen[bytes]:
        """Somebody begins to do something that takes its time."""
        command = [sys.executable, "-m", "tests.faults.act", *what]
        return subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL)

    def act(self, *what: str) -> Any:
        """Somebody does something (`tests.faults.act`)."""
        command = [sys.executable, "-m", "tests.faults.act", *what]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def start_worker(self) -> None:
        """A worker, as an installation runs it."""
        self.worker = self.another_worker()

    def another_worker(self) -> subprocess.Popen[bytes]:
        """A worker besides."""
        with (self.folder / "worker.log").open("ab") as log:
            command = [sys.executable, "-m", "baoxue", "worker"]
            return subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)

    def kill_worker(self) -> None:
        """As the power cut does."""
        assert self.worker is not None
        self.worker.kill()
        self.worker.wait()

    def start_web(self) -> None:
        """The web server, as an installation runs it, on a free port; back once it answers."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        command = [sys.executable, "-m", "baoxue", "serve", "--port", str(self.port), "--processes", "1"]
        with (self.folder / "web.log").open("ab") as log:
            self.web = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log, start_new_session=True)
        self.wait(self._answers)

    def _answers(self) -> bool:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            try:
                connection.request("GET", "/healthz")
            except ConnectionRefusedError:
                return False
            return connection.getresponse().status == 200

    def kill_web(self) -> None:
        """Kill every process of the web server at once."""
        assert self.web is not None
        os.killpg(self.web.pid, signal.SIGKILL)
        self.web.wait()
        self.web = None

    def kill_database(self) -> None:
        """Kill the server and start it again on its port."""
        assert self.server.process is not None
        self.server.process.kill()
        self.server.process.wait()
        self.server = postgres.start_again(self.server)

    def one(self, query: str) -> Any:
        """First value of a query, as the owner sees it."""
        with psycopg.connect(self.owner_url) as database:
            row = database.execute(query).fetchone()  # type: ignore[call-overload]
        return None if row is None else row[0]

    def filled(self) -> int:
        """Rows that the slow job has brought to stand."""
        with psycopg.connect(self.environment["BAOXUE_DATABASE_URL"]) as app:
            row = app.execute("SELECT count(*) FROM staging.filled").fetchone()
        assert row is not None
        return int(row[0])

    def done_days(self) -> list[tuple[date, int]]:
        """The days that were done, in the order in which they stand, each with the process that did it."""
        with psycopg.connect(self.environment["BAOXUE_DATABASE_URL"]) as app:
            return list(app.execute("SELECT day, process FROM staging.done ORDER BY at, day").fetchall())

    def forget_days(self) -> None:
        """Begin anew with what was done."""
        with psycopg.connect(self.environment["BAOXUE_DATABASE_URL"]) as app:
            app.execute("TRUNCATE staging.done")

    def state_of(self, job: str) -> str:
        """Of a job."""
        return str(self.one(f"SELECT state FROM platform_job WHERE id = '{job}'"))

    def wait(self, condition: Callable[[], object]) -> None:
        """Until something is so; a test fails with what the jobs say when it does not come about."""
        deadline = time.monotonic() + _WITHIN
        while not condition():
            if time.monotonic() > deadline:
                log = (self.folder / "worker.log").read_text(encoding="utf-8").splitlines()[-5:]
                raise AssertionError(f"not within {_WITHIN:.0f} s: {self.act('jobs_now')} {log}")
            time.sleep(0.05)

    def stop(self) -> None:
        """End what is left."""
        if self.web is not None:
            self.kill_web()
        if self.worker is not None and self.worker.poll() is None:
            self.worker.terminate()
            self.worker.wait(30)
        self.server.stop()
        shutil.rmtree(self.server.folder)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    made = Installation(tmp_path_factory.mktemp("installation"))
    yield made
    made.stop()


@pytest.fixture
def system(installation: Installation) -> Iterator[Installation]:
    """The installation with a worker, which is gone after the test."""
    installation.start_worker()
    yield installation
    if installation.worker is not None and installation.worker.poll() is None:
        installation.kill_worker()
