"""Proofs: files kept sealed, and which of them are in use."""

from __future__ import annotations

from collections.abc import Iterable

from baoxue.cases.models import Evidence


def files_in_use() -> Iterable[str]:
    """Names of the kept files that rows name. Needs a scope under which all rows show."""
    return Evidence.objects.exclude(file="").values_list("file", flat=True)
