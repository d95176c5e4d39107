"""Putting on record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from baoxue.audit.events import AuditEvent
from baoxue.audit.models import Entry
from baoxue.platform.actor import Actor


def record(
    event: AuditEvent,
    *,
    by: Actor,
    at: datetime,
    target: object | None = None,
    place_path: str | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Put an act or a look on record, in the transaction of the act: one cannot stand without the other.

    `target`: a model instance, named by its type and key. `place_path`: default the target's own place, else the
    actor's. `detail`: codes and counts, never personal data.
    """
    path = place_path or getattr(target, "place_path", None) or getattr(target, "home_path", None) or by.scope.path
    Entry.objects.create(
        at=at,
        event=event.value,
        account_id=by.account_id,
        post_id=by.post_id,
        actor_name=by.name,
        role=by.role,
        address=by.address,
        place_path=path,
        target_type="" if target is None else type(target).__name__,
        target_id="" if target is None else str(getattr(target, "pk", "")),
        detail=detail or {},
    )
