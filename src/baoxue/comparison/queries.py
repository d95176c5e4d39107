"""Reading runs, what they found, and what was decided."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from baoxue.comparison.models import Run, RunState
from baoxue.jurisdictions.models import Jurisdiction
from baoxue.platform import storage
from baoxue.platform.actor import Actor
from baoxue.platform.models import JobState


def runs(by: Actor) -> QuerySet[Any]:
    """The runs an actor may see, the latest day first, with their county and job."""
    return Run.objects.visible_to(by).select_related("county", "job").order_by("-as_of", "-created_at")


def run_of(by: Actor, pk: uuid.UUID) -> Run | None:
    """One run, if this actor may see it."""
    found: Run | None = runs(by).filter(pk=pk).first()
    return found


def latest_run(by: Actor, *, county: Jurisdiction | None = None) -> Run | None:
    """The newest run, of a county or of all that the actor sees."""
    seen = runs(by).order_by("-created_at")
    found: Run | None = (seen if county is None else seen.filter(county=county)).first()
    return found


def broke_off(run: Run) -> bool:
    """Whether a run that has not ended will not go on: its job failed or is gone."""
    if run.state != RunState.WORKING:
        return False
    return run.job is None or run.job.state in (JobState.FAILED, JobState.REFUSED, JobState.CANCELLED)


@contextmanager
def opened_children(run: Run) -> Iterator[Path]:
    """The children of a finished run as a plain Parquet file (`matching.childtable`), removed afterwards."""
    with storage.opened(run.children, suffix=".parquet") as path:
        yield path


def files_in_use() -> set[str]:
    """Names of the sealed files that runs name."""
    return {name for names in Run.objects.values_list("children", "links", "people") for name in names if name}
