"""The world the walkers walk in: made once per file, and every test's own doing undone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from tests.access.world import World, make_world, undone

from baoxue.access.models import Post
from baoxue.platform.walls import PLACED


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Everything there is, in places near and far."""
    with django_db_blocker.unblock(), undone():
        yield make_world()


@pytest.fixture
def own(world: World) -> Iterator[World]:
    """The world, for one test to act in."""
    with undone():
        yield world


@pytest.fixture
def without_the_first_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    """`visible_to` gives every row of the tables that have the second wall."""
    walled = [model for model in apps.get_models() if {field.name for field in model._meta.get_fields()} & set(PLACED)]
    walled.append(Post)  # its place is one table further
    rows = {cls for model in walled for cls in model._default_manager.all().__class__.__mro__}
    for cls in rows:
        if "visible_to" in vars(cls):
            monkeypatch.setattr(cls, "visible_to", lambda self, by: self.all())
