"""Slow work of this room."""

from __future__ import annotations

import uuid
from typing import Any

from baoxue.platform.jobs import Running, work
from baoxue.registers.actions import GATHER, READ
from baoxue.registers.readfile import gather_file, read_file


@work(READ)
def read(running: Running) -> dict[str, Any]:
    """Read the file of an import: recognised, checked, compared with the last snapshot."""
    return read_file(uuid.UUID(running.arguments["import"]), by=running.actor, progress=running.progress)


@work(GATHER)
def gather(running: Running) -> dict[str, Any]:
    """Put a county's register together from what its schools brought."""
    return gather_file(uuid.UUID(running.arguments["import"]), by=running.actor, progress=running.progress)
