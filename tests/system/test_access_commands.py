"""The commands `baoxue audit` and `baoxue new-administrator`, run as processes against the tests' database."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import psycopg
import pytest
from django.db import connection, transaction
from tests.system.places import NOW, make_places

from baoxue.access.models import Account
from baoxue.audit.actions import record
from baoxue.audit.events import AuditEvent
from baoxue.platform.actor import system_actor
from baoxue.platform.postgres import Server
from baoxue.platform.scope import acting_as

pytestmark = pytest.mark.django_db(transaction=True)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """One command."""
    of = connection.settings_dict
    url = f"postgresql://{of['USER']}:{of['PASSWORD']}@{of['HOST']}:{of['PORT']}/{of['NAME']}"
    environment = os.environ | {"BAOXUE_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "baoxue.platform.settings"}
    command = [sys.executable, "-m", "baoxue", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=60)


def put_on_record() -> None:
    """Three entries."""
    by = system_actor("试", path="/52/")
    with acting_as(by.scope), transaction.atomic():
        for number in range(3):
            record(AuditEvent.EXPORTED, by=by, at=NOW, detail={"rows": number})


def test_a_whole_record_is_said_to_be_whole_and_what_was_printed_still_holds_later() -> None:
    put_on_record()
    told = run("audit", "verify")
    assert told.returncode == 0, told.stderr
    assert "共 3 条" in told.stdout
    known = told.stdout.strip().rsplit("：", 1)[-1]
    put_on_record()
    assert run("audit", "verify", "--known", known).returncode == 0


def test_a_changed_record_is_said_to_break_and_where(server: Server) -> None:
    put_on_record()
    with psycopg.connect(server.url(), dbname="baoxue") as superuser:
        superuser.execute("UPDATE audit_entry SET detail = '{}' WHERE id = (SELECT max(id) FROM audit_entry)")
    told = run("audit", "verify", "--json")
    assert told.returncode == 1
    assert json.loads(told.stdout)["broken_at"] == 3
    assert "第 3 条" in told.stderr


def test_the_first_administrator_gets_a_password_and_a_post() -> None:
    make_places()
    told = run("new-administrator", "522626", "guanli", "--name", "杨管理", "--json")
    assert told.returncode == 0, told.stderr
    made = json.loads(told.stdout)
    assert (made["role"], made["place"]) == ("account_administrator", "岑巩县")
    account = Account.objects.get(username="guanli")
    assert account.must_change_password
    assert re.fullmatch(r"\w{4}-\w{4}-\w{4}", made["password"])
    assert [post.given_by for post in account.posts.all()] == ["系统·命令行"]


def test_a_place_that_is_not_there_is_refused_in_words() -> None:
    told = run("new-administrator", "522626", "guanli", "--name", "杨管理")
    assert (told.returncode, "没有代码是 522626 的机构" in told.stderr) == (1, True)
    assert not Account.objects.exists()
