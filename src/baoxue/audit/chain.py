"""Proving the chain of the audit record whole, without trusting what the database computed.

A link's digest is SHA-256 over the digest before and the content of its entry: a JSON array of id, epoch seconds with six
decimals, event, account, post, name, role, address, place, type and key of the target, detail, written as PostgreSQL
writes jsonb. Who changes or removes an entry breaks every link after it. Who can rewrite the whole table can also compute
a whole chain anew: against that, the position and digest of the last link are written down outside (`known`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from baoxue.platform.scope import Scope, acting_as

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BATCH = 2000

# Each entry by its key: behind the wall the planner expects few entries, and would go through all of them for each link.
_LINKS = """
SELECT link.position, link.previous, link.digest, entry.id, entry.at, entry.event, entry.account_id, entry.post_id,
       entry.actor_name, entry.role, entry.address, entry.place_path, entry.target_type, entry.target_id,
       entry.detail::text
FROM audit_link AS link
LEFT JOIN LATERAL (SELECT * FROM audit_entry AS one WHERE one.id = link.entry_id OFFSET 0) AS entry ON true
WHERE link.position > %(after)s ORDER BY link.position LIMIT %(limit)s
"""
_LOOSE = """
SELECT min(entry.id), count(*) FROM audit_entry AS entry
WHERE NOT EXISTS (SELECT FROM audit_link AS link WHERE link.entry_id = entry.id)
"""


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found.

    `entries`: links proved, from the first on. `position`, `digest` (hex): of the last one proved; to be written down
    outside. `broken_at`: position of the first link that does not hold, None = whole. `fault`: why, in one sentence.
    """

    entries: int
    position: int
    digest: str
    broken_at: int | None = None
    fault: str = ""

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.fault


def verify(*, known: tuple[int, str] | None = None) -> Verified:
    """Prove the chain from its first link to its last.

    `known`: position and digest (hex) of a link as they were written down outside earlier; the chain must still hold it.
    """
    before, position = b"", 0
    with acting_as(Scope("/")), transaction.atomic():
        for link in _links():
            fault = _fault(link, before, position + 1) or _differs_from_known(link, known)
            if fault:
                return Verified(position, position, before.hex(), broken_at=position + 1, fault=fault)
            position, before = link[0], bytes(link[2])
        fault = _missing_known(position, known) or _loose()
    return Verified(position, position, before.hex(), fault=fault)


def _links() -> Iterator[tuple[Any, ...]]:
    after = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_LINKS, {"after": after, "limit": _BATCH})
            rows = cursor.fetchall()
        if not rows:
            return
        yield from rows
        after = rows[-1][0]


def _fault(link: tuple[Any, ...], before: bytes, expected: int) -> str:
    position, previous, digest, entry_id, *content = link
    if position != expected:
        return f"第 {expected} 条到第 {position - 1} 条不见了。"
    if entry_id is None:
        return f"第 {position} 条的记录被删掉了。"
    if bytes(previous) != before:
        return f"第 {position} 条和前一条接不上，前面有记录被改动或删掉。"
    if hashlib.sha256(before + content_of(entry_id, *content)).digest() != bytes(digest):
        return f"第 {position} 条（编号 {entry_id}）的内容被改动过。"
    return ""


def content_of(entry_id: int, at: datetime, *rest: Any) -> bytes:
    """What a digest covers of an entry. `rest`: the columns in order, the detail last as the text of its jsonb."""
    *columns, detail = rest
    microseconds = (at - _EPOCH) // timedelta(microseconds=1)
    seconds = f"{microseconds // 1_000_000}.{microseconds % 1_000_000:06d}"
    parts = [str(entry_id), seconds, *(json.dumps(column, ensure_ascii=False) for column in columns), detail]
    return f"[{', '.join(parts)}]".encode()


def _differs_from_known(link: tuple[Any, ...], known: tuple[int, str] | None) -> str:
    if known is None or link[0] != known[0] or bytes(link[2]).hex() == known[1].lower():
        return ""
    return f"第 {known[0]} 条的校验值和记下的不一样，整条链被重新算过。"


def _missing_known(last: int, known: tuple[int, str] | None) -> str:
    if known is None or known[0] <= last:
        return ""
    return f"记下的第 {known[0]} 条不见了，现在只到第 {last} 条，末尾的记录被删掉了。"


def _loose() -> str:
    with connection.cursor() as cursor:
        cursor.execute(_LOOSE)
        first, count = cursor.fetchone()
    return f"有 {count} 条记录不在链上，第一条编号 {first}。" if count else ""
