"""Lists of the API come in pages: `limit` and `offset` in, `items` and `count` out."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from django.db.models import QuerySet
from ninja import Field, Schema

T = TypeVar("T")
MAX_LIMIT = 200
# No list is longer; the database refuses numbers it cannot hold.
_LAST_OFFSET = 1_000_000_000


class Paging(Schema):
    """Which part of a list. Use as `paging: Query[Paging]`."""

    limit: int = Field(50, ge=1, le=MAX_LIMIT)
    offset: int = Field(0, ge=0, le=_LAST_OFFSET)


class Page(Schema, Generic[T]):
    """A part of a list, and how many there are in all."""

    items: list[T]
    count: int


def paged(rows: QuerySet[Any], paging: Paging) -> dict[str, Any]:
    """One page of an ordered queryset that is already limited to what the caller may see."""
    return {"items": list(rows[paging.offset : paging.offset + paging.limit]), "count": rows.count()}
