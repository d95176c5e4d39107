"""What holds for all tests: how hypothesis looks for examples, the database, and that nobody reaches the network."""

from __future__ import annotations

import os
import socket
from typing import Any

import pytest
from hypothesis import settings
from tests.database import django_db_setup, server

__all__ = ["django_db_setup", "server"]

# The same examples in every run, so that a change is judged by itself; other ones are looked for every night.
settings.register_profile("default", derandomize=True, deadline=None)
settings.register_profile("nightly", max_examples=2_000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(autouse=True)
def closed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection out of this machine fails."""
    connect = socket.socket.connect

    def refuse(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "localhost", "::1"):
            raise AssertionError(f"a test wants to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", refuse)
