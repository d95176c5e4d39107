"""Slow work of this room."""

from __future__ import annotations

import uuid
from typing import Any

from baoxue.comparison.actions import RUN
from baoxue.comparison.working import make_run
from baoxue.platform import clock
from baoxue.platform.jobs import Running, work


@work(RUN)
def run(running: Running) -> dict[str, Any]:
    """Compare the snapshots of a run."""
    return make_run(uuid.UUID(running.arguments["run"]), by=running.actor, now=clock.now(), progress=running.progress)
