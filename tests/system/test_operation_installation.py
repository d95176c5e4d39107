"""What an installation needs before it starts, and what `baoxue check` says of one that is not as it should be."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from tests.database import PASSWORD

from baoxue.platform.crypto import new_keyfile
from baoxue.platform.postgres import Server
from baoxue.platform.roles import APP, OWNER, make_roles

NEEDED = ("BAOXUE_DATABASE_URL", "BAOXUE_SECRET_KEY", "BAOXUE_KEYFILE", "BAOXUE_ALLOWED_HOSTS")


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in an environment with nothing of ours but this."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("BAOXUE_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-m", "baoxue", *arguments],
        env={**outside, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def production(server: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a production installation whose database has only its roles yet."""
    folder = tmp_path_factory.mktemp("production")
    new_keyfile(folder / "keys.json")
    make_roles(server.url(), database="production", owner_password=PASSWORD, app_password=PASSWORD)
    return {
        "BAOXUE_DATA_DIR": str(folder),
        "BAOXUE_KEYFILE": str(folder / "keys.json"),
        "BAOXUE_SECRET_KEY": "s" * 50,
        "BAOXUE_ALLOWED_HOSTS": "baoxue.example",
        "BAOXUE_DATABASE_URL": server.url("production", user=APP, password=PASSWORD),
    }


@pytest.mark.parametrize("command", ["serve", "worker", "migrate", "check"])
def test_a_production_start_without_its_secrets_refuses_and_names_all_of_them(command: str, tmp_path: Path) -> None:
    refused = run(command, BAOXUE_DATA_DIR=str(tmp_path))
    assert refused.returncode == 1
    assert [name for name in NEEDED if name in refused.stderr] == list(NEEDED)
    assert "Traceback" not in refused.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", NEEDED)
def test_it_names_the_one_that_is_missing(name: str, production: dict[str, str]) -> None:
    refused = run("check", **{key: value for key, value in production.items() if key != name})
    assert refused.returncode == 1
    assert [needed for needed in NEEDED if needed in refused.stderr] == [name]


def _wrong(production: dict[str, str], **changed: str) -> set[str]:
    checked = run("check", "--json", **{**production, **changed})
    assert checked.returncode == 1, checked.stderr
    return {finding["code"] for finding in json.loads(checked.stdout) if finding["wrong"] and finding["grave"]}


def test_a_database_that_was_never_migrated_is_told_of(production: dict[str, str]) -> None:
    assert "migrations" in _wrong(production)


def test_the_owner_of_the_database_is_no_role_for_the_application(server: Server, production: dict[str, str]) -> None:
    owner = server.url("production", user=OWNER, password=PASSWORD)
    migrated = run("migrate", "--json", **production, BAOXUE_OWNER_DATABASE_URL=owner)
    assert json.loads(migrated.stdout)["applied"] > 10
    assert _wrong(production, BAOXUE_DATABASE_URL=owner) == {"database-role"}
    refused = run("serve", **{**production, "BAOXUE_DATABASE_URL": owner})
    assert refused.returncode == 1
    assert "行级隔离" in refused.stderr
    healthy = run("check", **production)
    assert (healthy.returncode, "✗" in healthy.stdout) == (0, False)


def test_a_superuser_is_none_either(server: Server, production: dict[str, str]) -> None:
    assert "database-role" in _wrong(production, BAOXUE_DATABASE_URL=server.url("production"))


def test_a_database_that_does_not_answer_is_told_of(production: dict[str, str]) -> None:
    assert _wrong(production, BAOXUE_DATABASE_URL="postgresql://baoxue_app:x@127.0.0.1:9/baoxue") == {"database"}


@pytest.mark.parametrize("content", ["", "{}", '{"active": "1", "data": {"1": "00"}, "index": "00"}'])
def test_a_key_file_that_is_not_whole_is_told_of(production: dict[str, str], tmp_path: Path, content: str) -> None:
    broken = tmp_path / "keys.json"
    broken.write_text(content, encoding="utf-8")
    assert "keyfile" in _wrong(production, BAOXUE_KEYFILE=str(broken))


def test_without_the_owners_address_nothing_is_migrated(production: dict[str, str]) -> None:
    refused = run("migrate", **production)
    assert refused.returncode == 1
    assert "BAOXUE_OWNER_DATABASE_URL" in refused.stderr


def test_the_roles_are_printed_for_an_administrator() -> None:
    printed: Any = run("roles").stdout
    assert "NOBYPASSRLS" in printed
    assert "CREATE DATABASE baoxue" in printed


def test_the_drill_by_commands(server: Server, production: dict[str, str], tmp_path: Path) -> None:
    owner = {"BAOXUE_OWNER_DATABASE_URL": server.url("production", user=OWNER, password=PASSWORD)}
    assert run("migrate", **production, **owner).returncode == 0
    file = tmp_path / "whole"
    made = run("backup", str(file), "--json", **production, **owner)
    assert made.returncode == 0, made.stderr
    make_roles(server.url(), database="drilled", owner_password=PASSWORD, app_password=PASSWORD)
    elsewhere = {
        **production,
        "BAOXUE_DATA_DIR": str(tmp_path / "elsewhere"),
        "BAOXUE_DATABASE_URL": server.url("drilled", user=APP, password=PASSWORD),
        "BAOXUE_OWNER_DATABASE_URL": server.url("drilled", user=OWNER, password=PASSWORD),
    }
    restored = run("restore", str(file), "--json", **elsewhere)
    assert json.loads(restored.stdout)["rows"] == json.loads(made.stdout)["rows"] > 0
    again = run("restore", str(file), **elsewhere)
    assert (again.returncode, "空的数据库" in again.stderr) == (1, True)
    assert json.loads(run("keys", "new", "--json", **elsewhere).stdout)["number"] == 2
    assert json.loads(run("keys", "rotate", "--json", **elsewhere).stdout) == {"values": 0, "files": 0}


def test_the_web_server_answers_and_ends_when_asked(server: Server, production: dict[str, str]) -> None:
    owner = server.url("production", user=OWNER, password=PASSWORD)
    assert run("migrate", **production, BAOXUE_OWNER_DATABASE_URL=owner).returncode == 0
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("BAOXUE_", "DJANGO_"))}
    command = [sys.executable, "-m", "baoxue", "serve", "--port", str(port), "--processes", "1"]
    with subprocess.Popen(command, env={**outside, **production}, stderr=subprocess.DEVNULL) as web:
        try:
            assert _answer(port, web) == (200, b'{"alive": true}')
        finally:
            web.terminate()
        assert web.wait(30) == 0


def _answer(port: int, web: subprocess.Popen[bytes]) -> tuple[int, bytes]:
    """What the server says of itself, once it listens."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and web.poll() is None:
        asked = HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            asked.request("GET", "/healthz", headers={"Host": "baoxue.example"})
            answer = asked.getresponse()
            return answer.status, answer.read()
        except ConnectionError:
            time.sleep(0.1)
        finally:
            asked.close()
    raise AssertionError("the web server does not answer")
