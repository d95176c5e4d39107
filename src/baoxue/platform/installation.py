"""One installation: where its data lie, which database it has, and its secrets.

In production all of it comes from the environment (INTERFACES, section 5), and what is missing is refused. A trial
(`BAOXUE_MODE=demo`) without a database makes what it lacks under its data folder: a PostgreSQL server, roles, keys.
Nothing here imports Django: its settings are read from the environment that is set here.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from baoxue.platform import postgres
from baoxue.platform.crypto import new_keyfile
from baoxue.platform.roles import APP, OWNER, make_roles
from baoxue.refusal import Refusal

SETTINGS = "baoxue.platform.settings"
DATABASE = "baoxue"
# For migrations and backups only: web and worker are never given it.
OWNER_URL = "BAOXUE_OWNER_DATABASE_URL"


class SettingMissing(Refusal):
    """The environment lacks something that has no safe default."""

    code = "setting-missing"


@dataclass(slots=True)
class Installation:
    """`server`: the embedded one, None where a database is named. `owner_url`: None where it is not known here."""

    mode: str
    data_dir: Path
    app_url: str
    owner_url: str | None
    server: postgres.Server | None

    def look(self) -> None:
        """Start the embedded server again if this process started it and it has ended. Raises ServerNotStarted."""
        if self.server is not None and self.server.process is not None and self.server.process.poll() is not None:
            self.server = postgres.start_again(self.server, settings=_SMALL)

    def stop(self) -> None:
        """End the embedded server, if this process started it."""
        if self.server is not None:
            self.server.stop()


def mode() -> str:
    """`production` unless said otherwise."""
    return os.environ.get("BAOXUE_MODE", "production")


def data_dir() -> Path:
    """Where an installation keeps its files."""
    return Path(os.environ.get("BAOXUE_DATA_DIR", "baoxue-data")).absolute()


def metrics_folder() -> Path:
    """An empty folder for what the web processes of one start count."""
    folder = data_dir() / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def missing_settings() -> list[str]:
    """Names of the variables a production start lacks."""
    needed = ("BAOXUE_DATABASE_URL", "BAOXUE_SECRET_KEY", "BAOXUE_KEYFILE", "BAOXUE_ALLOWED_HOSTS")
    return [name for name in needed if not os.environ.get(name)] if mode() == "production" else []


def require_settings() -> None:
    """Raise SettingMissing, naming all that is missing at once."""
    missing = missing_settings()
    if missing:
        raise SettingMissing(f"生产环境缺少设置：{'、'.join(missing)}。请设好这些环境变量再启动（说明见运维手册）。")


def open_installation() -> Installation:
    """The installation the environment names, its server started if it is an embedded one that stands still.

    The environment is completed, so that Django and child processes find it. Raises SettingMissing, ServerNotStarted.
    """
    require_settings()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    url = os.environ.get("BAOXUE_DATABASE_URL")
    if url:
        return Installation(mode(), data_dir(), url, os.environ.get(OWNER_URL) or None, None)
    return _trial(data_dir())


def setup() -> None:
    """Set Django up, once the installation is open."""
    import django

    django.setup()


def _trial(folder: Path) -> Installation:
    folder.mkdir(parents=True, exist_ok=True)
    kept = _kept_secrets(folder / "secrets.json")
    keyfile = folder / "keys.json"
    if not keyfile.exists():
        new_keyfile(keyfile)
    server = postgres.start(folder / "postgres", settings=_SMALL)
    if server.process is not None:
        make_roles(server.url(), database=DATABASE, owner_password=kept["owner"], app_password=kept["app"])
    app_url = server.url(DATABASE, user=APP, password=kept["app"])
    os.environ.update(
        BAOXUE_DATABASE_URL=app_url,
        BAOXUE_DATA_DIR=str(folder),
        BAOXUE_KEYFILE=os.environ.get("BAOXUE_KEYFILE", str(keyfile)),
        BAOXUE_SECRET_KEY=os.environ.get("BAOXUE_SECRET_KEY", kept["secret_key"]),
        BAOXUE_ALLOWED_HOSTS=os.environ.get("BAOXUE_ALLOWED_HOSTS", "127.0.0.1,localhost"),
    )
    return Installation(mode(), folder, app_url, server.url(DATABASE, user=OWNER, password=kept["owner"]), server)


# A trial shares its machine with everything else.
_SMALL = {"shared_buffers": "128MB", "max_wal_size": "1GB", "jit": "off"}


def _kept_secrets(path: Path) -> dict[str, Any]:
    """The passwords of both roles and the key of the sessions; made at the first start, mode 600."""
    if not path.exists():
        made = {name: secrets.token_urlsafe(32) for name in ("owner", "app", "secret_key")}
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(made, file)
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return kept
