"""How quick the ledgers, the search and a child's page are, over HTTP, at any number of children in one county."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

from baoxue.platform import postgres
from baoxue.platform.crypto import new_keyfile
from baoxue.platform.roles import APP, OWNER, make_roles
from bench.case import Case, Part, Result, Settings
from bench.processes import plain_python

_SIZES = (5_000, 50_000, 500_000)
_ROUNDS = 40
_PASSWORD = "only-for-the-benchmark"
_CHILD = re.compile(r"/children/([0-9a-f-]{36})/")
_NEXT = re.compile(r'rel="next" href="([^"]*)"')


def cases(settings: Settings) -> Sequence[Case]:
    """One case per size."""
    if settings.quick:
        return [Case("300", {"children": 300, "rounds": 2})]
    return [Case(str(size), {"children": size, "rounds": _ROUNDS}) for size in _SIZES]


def measure(scratch: Path, *, children: int, rounds: int) -> Result:
    """Load a county by the real build, serve it, and ask for its pages. Milliseconds: median and 95th percentile."""
    # The server may run as another user, who has to get to its folder.
    scratch.chmod(0o711)
    with _database(scratch) as (owner, application):
        _run([plain_python(), "-m", "django", "migrate", "-v0"], owner)
        loaded = json.loads(
            _run([plain_python(), "-m", "bench.ledgercounty", str(scratch), str(children)], application)
        )
        with psycopg.connect(owner["SUPERUSER"], autocommit=True) as server:
            server.execute("VACUUM ANALYZE")
        with _served(application) as port:
            pages = _pages(*(_Browser(port, loaded.pop(name), rounds) for name in ("session", "session_last_term")))
    return {"children": children, **loaded, **pages}


@contextmanager
def _database(scratch: Path) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    server = postgres.start(scratch / "postgres")
    try:
        make_roles(server.url(), database="baoxue", owner_password=_PASSWORD, app_password=_PASSWORD)
        new_keyfile(scratch / "keys.json")
        both = os.environ | {
            "BAOXUE_MODE": "demo", "BAOXUE_SECRET_KEY": "of the benchmark, guards invented people only " * 2,
            "BAOXUE_KEYFILE": str(scratch / "keys.json"), "BAOXUE_DATA_DIR": str(scratch / "data"),
            "BAOXUE_ALLOWED_HOSTS": "127.0.0.1", "DJANGO_SETTINGS_MODULE": "baoxue.platform.settings",
            "SUPERUSER": server.url("baoxue"),
        }  # fmt: skip
        yield tuple(  # type: ignore[misc]
            both | {"BAOXUE_DATABASE_URL": server.url("baoxue", user=role, password=_PASSWORD)} for role in (OWNER, APP)
        )
    finally:
        server.stop()


def _run(command: Sequence[str], environment: Mapping[str, str]) -> str:
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.splitlines()[-1] if done.stdout else ""


@contextmanager
def _served(environment: Mapping[str, str]) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = ["-m", "gunicorn", "--workers", "2", "--bind", f"127.0.0.1:{port}", "baoxue.web.wsgi:application"]
    web = subprocess.Popen(
        [plain_python(), *command], env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    try:
        _wait(port)
        yield port
    finally:
        web.terminate()
        web.wait()


def _wait(port: int) -> None:
    for _ in range(120):
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    return
        except OSError:
            time.sleep(0.5)
    raise TimeoutError("the web server did not answer")


class _Browser:
    """Somebody signed in, on one connection."""

    def __init__(self, port: int, session: str, rounds: int) -> None:
        self._port, self._session, self._rounds = port, session, rounds

    def get(self, address: str) -> tuple[str, float]:
        """The page and the milliseconds it took. Raises AssertionError when it is no page."""
        began = time.perf_counter()
        with closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)) as connection:
            connection.request("GET", address, headers={"Cookie": f"baoxue_session={self._session}"})
            answer = connection.getresponse()
            text = answer.read().decode()
        assert answer.status == 200, (address, answer.status)
        return text, (time.perf_counter() - began) * 1000

    def times(self, addresses: Sequence[str]) -> dict[str, float]:
        """Median and 95th percentile over these addresses, after each kind was asked for once."""
        for address in addresses[: min(3, self._rounds)]:
            self.get(address)
        taken = [self.get(addresses[number % len(addresses)])[1] for number in range(self._rounds)]
        return {"median": statistics.median(taken), "p95": statistics.quantiles(taken, n=20)[-1]}


def _pages(now: _Browser, last_term: _Browser) -> dict[str, dict[str, float]]:
    ledger = "/ledgers/school-age/"
    first, _ = now.get(ledger)
    following = [ledger + found.replace("&amp;", "&") for found in _NEXT.findall(first)]
    children = list(dict.fromkeys(_CHILD.findall(first)))
    names = ("杨天", "吴", "yangtian", "ytd", "zeng", "shanri", "潘云腾", "lz")
    return {
        "ledger": now.times(
            [ledger, *following, f"{ledger}?grade=3", f"{ledger}?township=990122105", f"{ledger}?poverty=1"]
        ),
        "ledger_found": now.times([f"{ledger}?q={quote(name)}" for name in names]),
        "suspected": now.times(["/ledgers/suspected-dropout/", "/ledgers/suspected-dropout/?sex=F"]),
        "search": now.times([f"/search?q={quote(name)}" for name in names]),
        "list": now.times(["/children/", *(f"/children/?q={quote(name)}" for name in names)]),
        "child": now.times([f"/children/{child}/" for child in children]),
        "ledger_last_term": last_term.times([ledger, f"{ledger}?grade=3", "/ledgers/suspected-dropout/"]),
        "change": now.times(["/ledgers/suspected-dropout/?since=2025-03-15"]),
    }


PART = Part("ledgers", "pages of a county, over HTTP, by number of children", cases, measure)
