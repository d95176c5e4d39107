"""What holds for all tests: how hypothesis looks for examples, and that nobody reaches the network."""

from __future__ import annotations

import os
import socket
from typing import NoReturn

import pytest
from hypothesis import settings

# The same examples in every run, so that a change is judged by itself; other ones are looked for every night.
settings.register_profile("default", derandomize=True, deadline=None)
settings.register_profile("nightly", max_examples=2_000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(autouse=True)
def closed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection out of this process fails."""

    def refuse(_self: socket.socket, address: object) -> NoReturn:
        raise AssertionError(f"a test wants to reach {address}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
