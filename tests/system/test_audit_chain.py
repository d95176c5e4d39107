"""The audit record only grows, and a change to it shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from tests.database import could_be_emptied
from tests.system.places import NOW

from baoxue.audit.actions import record
from baoxue.audit.chain import Verified, verify
from baoxue.audit.events import AuditEvent
from baoxue.audit.models import Link
from baoxue.platform.actor import system_actor
from baoxue.platform.postgres import Server
from baoxue.platform.scope import acting_as

# Whatever JSON has a way of its own to write: quotes, control characters, other scripts, keys out of order, long numbers.
DETAIL = {
    "rows": 41_286,
    "share": 0.05,
    "no": None,
    "yes": True,
    "text": 'a "b" \\ \n\t\x01 名 𠮷',
    "a": [1, {"z": 1e-7}],
}


def put_on_record(count: int = 5) -> None:
    """Some entries, in one transaction."""
    by = system_actor("试验“一”", path="/52/")
    with acting_as(by.scope), transaction.atomic():
        for number in range(count):
            at = NOW + timedelta(microseconds=number * 1_000_001)
            record(AuditEvent.EXPORTED, by=by, at=at, detail=DETAIL | {"number": number})


@pytest.fixture
def tamper(transactional_db: None, server: Server) -> Callable[[str], Verified]:
    """Changes the record as somebody with all rights on the database, and gives what is found then."""
    put_on_record()

    def do(statement: str) -> Verified:
        with psycopg.connect(server.url(), dbname="baoxue") as superuser:
            superuser.execute("SET session_replication_role = replica")
            superuser.execute(statement.encode())
        return verify()

    return do


@pytest.mark.django_db(transaction=True)
def test_an_untouched_chain_is_whole() -> None:
    put_on_record()
    put_on_record()
    found = verify()
    assert (found.whole, found.entries, found.position) == (True, 10, 10)
    assert found.digest == bytes(Link.objects.get(position=10).digest).hex()


@pytest.mark.django_db(transaction=True)
def test_an_empty_record_is_whole() -> None:
    assert verify() == Verified(0, 0, "")


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_gap() -> None:
    put_on_record()
    with transaction.atomic():
        put_on_record()
        transaction.set_rollback(True)
    put_on_record()
    assert (verify().whole, verify().entries) == (True, 10)


@pytest.mark.parametrize(
    ("statement", "broken_at", "said"),
    [
        ("UPDATE audit_entry SET actor_name = '别人' WHERE id = {third}", 3, "内容被改动过"),
        ("UPDATE audit_entry SET at = at + interval '1 microsecond' WHERE id = {third}", 3, "内容被改动过"),
        ("UPDATE audit_entry SET detail = detail - 'rows' WHERE id = {third}", 3, "内容被改动过"),
        ("DELETE FROM audit_entry WHERE id = {third}", 3, "被删掉了"),
        ("DELETE FROM audit_link WHERE position = 3", 3, "不见了"),
        ("UPDATE audit_link SET digest = sha256('x') WHERE position = 3", 3, "内容被改动过"),
        ("UPDATE audit_link SET previous = sha256('x') WHERE position = 3", 3, "接不上"),
        ("DELETE FROM audit_link WHERE position = 5", None, "有 1 条记录不在链上"),
        ("UPDATE audit_entry SET place_path = 'x' WHERE id = {third}", 3, "被删掉了"),
    ],
)
def test_a_change_shows_and_where(
    tamper: Callable[[str], Verified], statement: str, broken_at: int | None, said: str
) -> None:
    found = tamper(statement.format(third=Link.objects.get(position=3).entry_id))
    assert not found.whole
    assert found.broken_at == broken_at
    assert said in found.fault


def test_a_chain_that_is_cut_at_its_end_lacks_what_was_written_down(tamper: Callable[[str], Verified]) -> None:
    last = verify()
    statement = "WITH gone AS (DELETE FROM audit_link WHERE position = 5 RETURNING entry_id)"
    tamper(f"{statement} DELETE FROM audit_entry WHERE id IN (SELECT entry_id FROM gone)")
    assert verify().whole
    assert "末尾的记录被删掉了" in verify(known=(last.position, last.digest)).fault


def test_a_chain_that_was_computed_anew_differs_from_what_was_written_down(tamper: Callable[[str], Verified]) -> None:
    last = verify()
    tamper(
        """UPDATE audit_entry SET event = 'searched' WHERE id = (SELECT max(id) FROM audit_entry);
        UPDATE audit_link AS link SET digest = sha256(link.previous || audit_content(entry)) FROM audit_entry AS entry
        WHERE entry.id = link.entry_id AND link.position = 5"""
    )
    assert verify().whole
    assert "重新算过" in verify(known=(last.position, last.digest)).fault


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor_name = ''",
        "DELETE FROM audit_entry",
        "UPDATE audit_link SET digest = ''",
        "DELETE FROM audit_link",
        "INSERT INTO audit_link (position, entry_id, previous, digest) VALUES (1, 1, '', '')",
        "ALTER TABLE audit_entry DISABLE TRIGGER audit_chain",
        "SET session_replication_role = replica",
    ],
)
def test_the_application_can_neither_change_nor_chain(statement: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.django_db
def test_the_application_cannot_empty_any_table() -> None:
    assert could_be_emptied == []


@pytest.mark.django_db(transaction=True)
def test_one_who_has_long_work_to_do_keeps_nobody_from_the_record(server: Server) -> None:
    with psycopg.connect(server.url(), dbname="baoxue") as other, acting_as(system_actor("试", path="/52/").scope):
        other.execute(
            "INSERT INTO audit_entry (at, event, actor_name, role, address, place_path, target_type, target_id, detail)"
            " VALUES (now(), 'searched', '', '', '', '/52/', '', '', '{}')"
        )
        connection.cursor().execute("SET lock_timeout = '2s'")
        put_on_record()
    assert verify().whole
