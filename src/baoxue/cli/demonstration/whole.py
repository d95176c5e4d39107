"""The demonstration from nothing to an address that answers, and its end."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import sys
import time
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from baoxue.cli.bar import progress_on
from baoxue.cli.demonstration.making import COUNTIES, DemonstrationFailed, Making
from baoxue.cli.serve import PORT
from baoxue.cli.stop import Stop
from baoxue.cli.supervise import Supervisor, baoxue
from baoxue.cli.words import Say
from baoxue.platform.installation import OWNER_URL, open_installation, setup
from baoxue.policy.capabilities import Role
from baoxue.progress import Progress
from baoxue.refusal import Refusal

# What a production installation is told by must not reach a demonstration.
_PRODUCTION = ("BAOXUE_DATABASE_URL", "BAOXUE_SECRET_KEY", "BAOXUE_KEYFILE", "BAOXUE_ALLOWED_HOSTS", OWNER_URL)
_WORKERS = 2
_ANSWERS_WITHIN = 60.0
_ATTEMPTS = 5


class DemonstrationRuns(Refusal):
    """Another process runs a demonstration on this folder."""

    code = "demonstration-runs"


class PortTaken(Refusal):
    """The port asked for belongs to another program."""

    code = "port-taken"


class Demonstration:
    """One demonstration on one folder."""

    def __init__(self, say: Say, stop: Stop, folder: Path, *, port: int | None, children: int) -> None:
        self._say = say
        self._stop = stop
        self._folder = folder
        self._asked_port = port
        self._children = children
        self._started = time.monotonic()

    def run(self, *, browser: bool) -> None:
        """Start everything, tell the address, look after it until asked to end."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with _alone(self._folder):
            for name in _PRODUCTION:
                os.environ.pop(name, None)
            os.environ.update(BAOXUE_MODE="demo", BAOXUE_DATA_DIR=str(self._folder))
            port = _port(self._asked_port)
            with suppress(KeyboardInterrupt):
                self._run(port, browser)
        click.echo(self._say("demo.stopped", folder=self._folder))

    def _run(self, port: int, browser: bool) -> None:
        loaded = self._folder / "loaded"
        as_of = _day_of_registers(datetime.now(ZoneInfo("Asia/Shanghai")).date())
        making = [] if loaded.exists() else [self._make(county, as_of) for county in COUNTIES]
        installation = open_installation()
        try:
            setup()
            from baoxue.platform.owner import migrate

            assert installation.owner_url is not None
            with (
                progress_on(self._say, sys.stderr, self._stop.check) as progress,
                Supervisor(also=installation.look) as supervisor,
            ):
                progress("建立数据库", 0)
                migrate(installation.owner_url)
                for number in range(_WORKERS):
                    supervisor.start(f"worker-{number + 1}", baoxue("worker"), log=self._log("worker"))
                first = self._fill_however_often(supervisor, making, as_of, progress)
                loaded.touch()
                web = baoxue("serve", "--port", str(port), "--processes", "1")
                supervisor.start("web", web, log=self._log("web"))
                _wait_until_it_answers(port, supervisor.look)
                self._tell(f"http://127.0.0.1:{port}/", first, browser)
                supervisor.watch(lambda: self._stop.signal is not None)
        finally:
            installation.stop()

    def _make(self, county: str, as_of: date) -> Making:
        return Making(county, self._folder / "registers", children=self._children, as_of=as_of)

    def _fill_however_often(
        self, supervisor: Supervisor, making: list[Making], as_of: date, progress: Progress
    ) -> dict[str, str]:
        """`_fill`, begun again where the database went away meanwhile: what is there already is not made twice."""
        from django.db import InterfaceError, OperationalError

        for _attempt in range(_ATTEMPTS):
            try:
                return self._fill(supervisor, making, as_of, progress)
            except (InterfaceError, OperationalError):
                supervisor.look()
        raise DemonstrationFailed("数据库反复中断，原因见数据文件夹里 postgres 的 server.log。")

    def _fill(self, supervisor: Supervisor, making: list[Making], as_of: date, progress: Progress) -> dict[str, str]:
        """Places, accounts, registers; gives the account to begin with."""
        from baoxue.cli.demonstration.city import build_places, make_accounts
        from baoxue.cli.demonstration.loading import (
            compare,
            confirm_imports,
            open_cases,
            start_imports,
            take_up_again,
            wait_for_jobs,
        )
        from baoxue.platform import clock

        progress("建立机构和账户", 0)
        since = clock.now()
        counties = build_places(children=self._children, now=clock.now())
        accounts = make_accounts(counties, self._folder / "demo-accounts.json", now=clock.now())

        def look() -> None:
            self._stop.check()
            supervisor.look()

        for county in counties:
            take_up_again(county)
        started = [
            (county, start_imports(county, made.files(look), as_of=as_of))
            for county, made in zip(counties, making, strict=False)
        ]
        for county, imports in started:
            confirm_imports(county, imports, progress=progress, look=look)
            compare(county, as_of=as_of)
        for county, _imports in started:
            wait_for_jobs(county, since=since, progress=progress, look=look)
            open_cases(county)
        for county, _imports in started:
            wait_for_jobs(county, since=since, progress=progress, look=look)
        first = next(account for account in accounts if account.role == Role.COUNTY_OFFICER.value)
        return {
            "username": first.username,
            "password": first.password,
            "role": Role.COUNTY_OFFICER.label,
            "place": first.scope_name,
        }

    def _tell(self, address: str, first: dict[str, str], browser: bool) -> None:
        click.echo(self._say("demo.ready", seconds=time.monotonic() - self._started, address=address))
        click.echo(self._say("demo.accounts", path=self._folder / "demo-accounts.json", **first))
        sys.stdout.flush()
        if browser:
            webbrowser.open(address)

    def _log(self, name: str) -> Path:
        return self._folder / f"{name}.log"


def _day_of_registers(today: date) -> date:
    """The day the registers speak of: 20 September of the school year that runs, when the rolls have settled."""
    day = date(today.year, 9, 20)
    return day if day <= today else date(today.year - 1, 9, 20)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else runs a demonstration on this folder meanwhile."""
    with (folder / "running").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemonstrationRuns(
                f"“{folder}”的演示系统已经在运行；请先停下它，或用 --data-dir 换一个文件夹。"
            ) from None
        yield


def _port(asked: int | None) -> int:
    """The port asked for; without one the usual one, or a free one if that is taken. Raises PortTaken."""
    for port in (asked or PORT, 0):
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                if asked is not None:
                    raise PortTaken(f"端口 {asked} 已被别的程序占用；请用 --port 换一个。") from None
                continue
            return int(listener.getsockname()[1])
    raise PortTaken("没有空闲的端口。")


def _wait_until_it_answers(port: int, look: Callable[[], None]) -> None:
    deadline = time.monotonic() + _ANSWERS_WITHIN
    while time.monotonic() < deadline:
        look()
        with suppress(OSError, HTTPException):
            asking = HTTPConnection("127.0.0.1", port, timeout=5)
            asking.request("GET", "/readyz")
            answer = asking.getresponse()
            if all(json.loads(answer.read()).values()):
                return
        time.sleep(0.1)
    raise DemonstrationFailed("网页服务没有应答，原因见数据文件夹里的 web.log。")
