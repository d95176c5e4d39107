"""What may be wrong with an installation, in plain words."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection

from baoxue.platform import beats, clock, jobs
from baoxue.platform.crypto import KeysNotUsable, read_keyfile
from baoxue.platform.installation import missing_settings
from baoxue.platform.models import Worker
from baoxue.platform.owner import unapplied
from baoxue.platform.postgres import OLDEST_MAJOR
from baoxue.platform.worker import GONE_AFTER
from baoxue.refusal import Refusal

_WAIT_SECONDS, _LOOK_AGAIN = 30.0, 0.5


class NotReady(Refusal):
    """The installation cannot be started as it is."""

    code = "installation-not-ready"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `wrong`: what is wrong and what to do, "" when it is well.

    `grave`: nothing may start with it; otherwise it is a warning.
    """

    code: str
    name: str
    wrong: str = ""
    grave: bool = True


def findings() -> list[Finding]:
    """Everything that is looked at, in order. What needs a database is left out where there is none."""
    found = [_settings(), _keyfile(), _keyfile_mode(), _folder()]
    answering = _database()
    found.append(answering)
    if not answering.wrong:
        found += [_version(), _role(), migrated := _migrations()]
        found += [] if migrated.wrong else [_workers(), _beats()]
    return found


def require_ready() -> None:
    """Raise NotReady with the first grave thing that is wrong. What is cheap to look at, before web or worker start.

    A database that does not answer is waited for a while: after a power cut everything starts at once.
    """
    deadline = time.monotonic() + _WAIT_SECONDS
    while not _settings().wrong and _database().wrong and time.monotonic() < deadline:
        time.sleep(_LOOK_AGAIN)
    for finding in _grave():
        if finding.wrong:
            raise NotReady(finding.wrong)


def _grave() -> Iterator[Finding]:
    yield _settings()
    yield _keyfile()
    yield _database()
    yield _version()
    yield _role()
    yield _migrations()


def _settings() -> Finding:
    missing = missing_settings()
    wrong = f"缺少设置：{'、'.join(missing)}。请设好这些环境变量。" if missing else ""
    if not wrong and settings.MODE == "production" and len(settings.SECRET_KEY) < 32:
        wrong = "BAOXUE_SECRET_KEY 太短；请用至少 32 个随机字符。"
    return Finding("settings", "设置", wrong)


def _keyfile() -> Finding:
    try:
        read_keyfile(Path(settings.BAOXUE_KEYFILE))
    except KeysNotUsable as refusal:
        return Finding("keyfile", "密钥文件", refusal.sentence)
    return Finding("keyfile", "密钥文件")


def _keyfile_mode() -> Finding:
    path = Path(settings.BAOXUE_KEYFILE)
    open_to_others = path.exists() and path.stat().st_mode & 0o077
    wrong = f"密钥文件 {path} 别人也能读；请改为只有系统的用户能读（chmod 600）。" if open_to_others else ""
    return Finding("keyfile-mode", "密钥文件权限", wrong, grave=False)


def _folder() -> Finding:
    folder = Path(settings.DATA_DIR)
    usable = folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
    return Finding("data-dir", "数据目录", "" if usable else f"数据目录 {folder} 不存在或不能写入；请建好并授权。")


def _database() -> Finding:
    try:
        # Not from the pool, which would go on trying for a while.
        jobs.connect_aside().close()
    except psycopg.OperationalError:
        where = f"{settings.DATABASES['default']['HOST']}:{settings.DATABASES['default']['PORT']}"
        return Finding("database", "数据库", f"连不上数据库（{where}）；请检查它是否在运行，以及 BAOXUE_DATABASE_URL。")
    return Finding("database", "数据库")


def _version() -> Finding:
    major = int(_one("SHOW server_version_num")) // 10_000
    wrong = "" if major >= OLDEST_MAJOR else f"PostgreSQL {major} 太旧；需要 {OLDEST_MAJOR} 或更新的版本。"
    return Finding("database-version", "数据库版本", wrong)


def _role() -> Finding:
    may_pass = _one("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
    owns = _one(
        "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND pg_has_role(current_user, relowner, 'member')"
    )
    wrong = ""
    if may_pass or owns:
        wrong = (
            "BAOXUE_DATABASE_URL 用的是数据库的属主或超级用户，行级隔离对它不起作用；"
            "请改用应用角色 baoxue_app（见 baoxue roles）。"
        )
    return Finding("database-role", "数据库角色", wrong)


def _migrations() -> Finding:
    waiting = unapplied()
    wrong = f"数据库还差 {len(waiting)} 步升级；请先运行 baoxue migrate。" if waiting else ""
    return Finding("migrations", "数据库结构", wrong)


def _workers() -> Finding:
    alive = Worker.objects.filter(beat_at__gte=clock.real_now() - GONE_AFTER).exists()
    wrong = "" if alive else "没有后台进程在运行，名册读取和比对不会进行；请启动 baoxue worker。"
    return Finding("worker", "后台进程", wrong, grave=False)


def _beats() -> Finding:
    hours = beats.behind(now=clock.now()) // timedelta(hours=1)
    wrong = f"每日到点要办的事已晚了 {hours} 小时；请看后台进程的日志里的 beat.failed。" if hours else ""
    return Finding("daily-beats", "每日到点的事", wrong, grave=False)


def _one(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])
