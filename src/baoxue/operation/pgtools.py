"""PostgreSQL's own tools, at work for the owner of the database."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg

from baoxue.operation.archive import BackupRefused
from baoxue.platform import postgres


def major_of(database: psycopg.Connection[Any]) -> int:
    """Major version of the server."""
    return database.info.server_version // 10_000


def tools_for(owner_url: str, major: int) -> Path:
    """Folder of the tools that fit a server. Raises ServerNotStarted."""
    mode = dict(parse_qsl(urlsplit(owner_url).query)).get("sslmode", "prefer")
    return postgres.tools(at_least=major, tls=mode not in ("disable", "allow", "prefer"))


@contextmanager
def at_work(
    command: list[str | Path], owner_url: str, *, stdin: int | None = None, stdout: int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A client tool at work on the database. Its password goes by the environment: a command line is seen by all."""
    url = urlsplit(owner_url)
    told = {
        "PGHOST": url.hostname or "",
        "PGPORT": str(url.port or 5432),
        "PGUSER": unquote(url.username or ""),
        "PGPASSWORD": unquote(url.password or ""),
        "PGDATABASE": unquote(url.path.lstrip("/")),
        **{f"PG{name.upper()}": value for name, value in parse_qsl(url.query)},
    }
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", **told}
    with subprocess.Popen(command, env=environment, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE) as running:
        broken = False
        try:
            yield running
        except BrokenPipeError:
            broken = True
        except BaseException:
            running.kill()
            raise
        # Only the tool's own words about objects of the schema are shown; it does not tell values of rows.
        if running.stdin is not None and not running.stdin.closed:
            running.stdin.close()
        assert running.stderr is not None
        said = running.stderr.read().decode(errors="replace").strip().splitlines()
        if running.wait() or broken:
            raise BackupRefused(f"{Path(command[0]).name} 没有做完：{said[0] if said else '没有说明原因'}")
