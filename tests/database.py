"""A real PostgreSQL for the tests that ask for one, used as the application role.

Each process of the test run has its own server in a folder of its own; it is migrated as the owner.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from baoxue.platform import postgres
from baoxue.platform.crypto import new_keyfile
from baoxue.platform.roles import APP, OWNER, make_roles

_FOLDER = Path(tempfile.mkdtemp(prefix="baoxue-tests-"))
# The server may run as another user, who has to get to its folder.
_FOLDER.chmod(0o711)
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)

PASSWORD = "only-for-tests"
# Tables the application could have emptied before the tests gave it that right.
could_be_emptied: list[str] = []


def set_environment() -> None:
    """What the settings read."""
    new_keyfile(_FOLDER / "keys.json")
    os.environ.update(
        BAOXUE_MODE="test",
        BAOXUE_SECRET_KEY="a secret that guards nothing but synthetic people, fifty characters",
        BAOXUE_KEYFILE=str(_FOLDER / "keys.json"),
        BAOXUE_DATA_DIR=str(_FOLDER / "data"),
        BAOXUE_ALLOWED_HOSTS="testserver,127.0.0.1,localhost",
        DJANGO_SETTINGS_MODULE="tests.settings",
    )
    os.environ.pop("BAOXUE_DATABASE_URL", None)


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server]:
    """The PostgreSQL server of this process."""
    running = postgres.start(_FOLDER / "postgres", settings=postgres.FORGETFUL)
    make_roles(running.url(), database="baoxue", owner_password=PASSWORD, app_password=PASSWORD)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def django_db_setup(server: postgres.Server, django_db_blocker: Any) -> Iterator[None]:
    """Migrate as the owner, then be the application."""
    from django.core.management import call_command
    from django.db import connection

    with django_db_blocker.unblock():
        _be(connection, server, OWNER)
        call_command("migrate", verbosity=0)
        # Tests with real transactions empty the tables afterwards; in an installation the application cannot.
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')"
                f" AND relnamespace = 'public'::regnamespace AND has_table_privilege('{APP}', oid, 'TRUNCATE')"
            )
            could_be_emptied.extend(row[0] for row in cursor.fetchall())
            cursor.execute(f"GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {APP}")
        connection.close()
        _be(connection, server, APP)
    yield
    with django_db_blocker.unblock():
        connection.close()


def _be(connection: Any, server: postgres.Server, role: str) -> None:
    connection.close()
    connection.settings_dict.update(
        NAME="baoxue", USER=role, PASSWORD=PASSWORD, HOST="127.0.0.1", PORT=str(server.port)
    )
    connection.settings_dict["OPTIONS"] = {}
