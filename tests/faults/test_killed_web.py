"""kill -9 of the web server in the middle of what people ask of it: whole or not there, and asked again it is done once."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from baoxue.synth import generate

from .conftest import Installation

pytestmark = pytest.mark.timeout(400)
_PART = "----part"
_NEEDED = ("household", "student", "roll")

# Held by somebody else, it stops a request before it has written anything; or at its commit, with everything written.
AT_ITS_IMPORT = "SELECT 1 FROM registers_import FOR UPDATE"
AT_ITS_COUNTY = "SELECT 1 FROM jurisdictions_jurisdiction WHERE level = 'county' FOR UPDATE"
AT_ITS_COMMIT = "SELECT pg_advisory_xact_lock(hashtext('audit_link'))"


@pytest.fixture
def web(system: Installation) -> Iterator[Installation]:
    """The installation with a worker and a web server."""
    system.start_web()
    yield system
    if system.web is not None:
        system.kill_web()


@pytest.fixture(scope="module")
def token(installation: Installation) -> str:
    return str(installation.act("token"))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return dict(generate(300, 7, tmp_path_factory.mktemp("registers"), format="csv", county="522626"))


def _asked(web: Installation, token: str, way: str, address: str, body: bytes = b"", kind: str = "") -> Any:
    """Status and answer of the API."""
    headers = {"Authorization": f"Bearer {token}"} | ({"Content-Type": kind} if kind else {})
    with closing(http.client.HTTPConnection("127.0.0.1", web.port, timeout=60)) as connection:
        connection.request(way, f"/api/v1{address}", body, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())


def _form(register: str, file: Path) -> bytes:
    fields = {"register": register, "as_of": "2025-09-20"}
    parts = [f'--{_PART}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items()]
    head = f'--{_PART}\r\nContent-Disposition: form-data; name="file"; filename="{register}.csv"\r\n\r\n'
    return "".join([*parts, head]).encode() + file.read_bytes() + f"\r\n--{_PART}--\r\n".encode()


def _brought(web: Installation, token: str, register: str, file: Path) -> Any:
    kind = f"multipart/form-data; boundary={_PART}"
    status, imported = _asked(web, token, "POST", "/imports", _form(register, file), kind)
    assert status == 201, imported
    return imported


def _sent(web: Installation, token: str, address: str, said: dict[str, str]) -> Any:
    return _asked(web, token, "POST", address, json.dumps(said).encode(), "application/json")


@contextmanager
def _killed_while_held(web: Installation, lock: str, ask: Callable[[], object]) -> Iterator[None]:
    """The web server is killed while a request waits at a lock; inside the block it is gone and the lock is free."""

    def asked_in_vain() -> None:
        with pytest.raises((http.client.HTTPException, ConnectionError)):
            ask()

    asking = threading.Thread(target=asked_in_vain)
    with psycopg.connect(web.server.url("baoxue")) as other:
        other.execute(lock)  # type: ignore[call-overload]
        asking.start()
        web.wait(lambda: web.one("SELECT count(*) FROM pg_locks WHERE NOT granted"))
        web.kill_web()
        asking.join()
    # What the killed server's connection was about ends when the database notices.
    web.wait(lambda: web.one("SELECT count(*) FROM pg_locks WHERE mode = 'RowExclusiveLock'") == 0)
    yield
    web.start_web()


def _plain(web: Installation) -> list[str]:
    return [path.name for path in (web.folder / "scratch").rglob("*") if path.is_file()]


def _uploads(web: Installation) -> int:
    return len([path for path in (web.folder / "files" / "uploads").glob("*") if path.suffix != ".part"])


def test_an_upload_cut_off_by_the_end_of_the_server_leaves_nothing(
    web: Installation, token: str, files: dict[str, Path]
) -> None:
    body = _form("household", files["household"])
    head = (
        f"POST /api/v1/imports HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: multipart/form-data; boundary={_PART}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    before = web.one("SELECT count(*) FROM registers_import"), _uploads(web)
    with socket.create_connection(("127.0.0.1", web.port)) as browser:
        browser.sendall(head.encode() + body[: len(body) // 2])
        web.kill_web()
    web.start_web()
    assert (web.one("SELECT count(*) FROM registers_import"), _uploads(web)) == before
    assert _plain(web) == []
    _status, given_up = _sent(
        web, token, f"/imports/{_brought(web, token, 'household', files['household'])['id']}/cancel", {}
    )
    assert given_up["state"] == "cancelled"


def test_what_was_uploaded_is_read_though_the_server_ends_right_after(
    web: Installation, token: str, files: dict[str, Path]
) -> None:
    job = _brought(web, token, "household", files["household"])["job"]
    web.kill_web()
    web.wait(lambda: web.state_of(job) == "done")
    web.start_web()
    (imported,) = _asked(web, token, "GET", "/imports?state=preview")[1]["items"]
    assert _sent(web, token, f"/imports/{imported['id']}/cancel", {})[0] == 200


def test_confirming_and_comparing_are_whole_or_not_there_and_are_done_once(
    web: Installation, token: str, files: dict[str, Path]
) -> None:
    brought = {register: _brought(web, token, register, files[register]) for register in _NEEDED}
    web.wait(lambda: all(web.state_of(imported["job"]) == "done" for imported in brought.values()))
    first, second, third = (f"/imports/{brought[register]['id']}/confirm" for register in _NEEDED)
    snapshots = "SELECT count(*) FROM registers_snapshot"
    confirmed = "SELECT count(*) FROM registers_import WHERE state = 'confirmed'"

    with _killed_while_held(web, AT_ITS_IMPORT, lambda: _sent(web, token, first, {"reason": ""})):
        assert (web.one(snapshots), web.one(confirmed)) == (0, 0)
    assert _sent(web, token, first, {"reason": ""})[0] == 200

    # Everything is written and the database commits by itself: confirmed, and a second time refused.
    with _killed_while_held(web, AT_ITS_COMMIT, lambda: _sent(web, token, second, {"reason": ""})):
        assert (web.one(snapshots), web.one(confirmed)) == (2, 2)
    assert _sent(web, token, second, {"reason": ""})[0] == 409
    assert _sent(web, token, third, {"reason": ""})[0] == 200
    assert (web.one(snapshots), web.one(confirmed)) == (3, 3)

    asked = {"county": "522626", "as_of": "2025-09-20"}
    runs = "SELECT count(*) FROM comparison_run"
    jobs = "SELECT count(*) FROM platform_job WHERE kind = 'comparison.run'"
    with _killed_while_held(web, AT_ITS_COUNTY, lambda: _sent(web, token, "/comparisons", asked)):
        assert (web.one(runs), web.one(jobs)) == (0, 0)
    with _killed_while_held(web, AT_ITS_COMMIT, lambda: _sent(web, token, "/comparisons", asked)):
        assert (web.one(runs), web.one(jobs)) == (1, 1)
    web.wait(lambda: web.one("SELECT count(*) FROM comparison_run WHERE state = 'done'") == 1)
    web.wait(lambda: web.one("SELECT state FROM platform_job WHERE kind = 'children.build'") == "done")
    assert _asked(web, token, "GET", "/ledgers/school-age")[1]["count"] > 200
