"""What the writers of the result need to know of a run, besides its tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

from baoxue.policy.schoolyear import school_year_of

_CHINA = timezone(timedelta(hours=8))
"""Beijing time has no summer time, and not every machine has a time zone table."""


@dataclass(frozen=True, slots=True)
class RunFacts:
    """One run of the comparison. `now` is aware; `seconds` are per step, in the order they ran."""

    county: str
    county_name: str | None
    as_of: date
    age_from: int
    age_to: int
    now: datetime
    seconds: Mapping[str, float] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    warnings: Sequence[str] = ()

    @property
    def place(self) -> str:
        """The county as people call it; its code where the name is not known."""
        return self.county_name or self.county

    @property
    def finished(self) -> datetime:
        """`now` on a clock in China."""
        return self.now.astimezone(_CHINA)

    @property
    def school_year(self) -> int:
        """First calendar year of the school year the data speaks of."""
        return school_year_of(self.as_of)

    @property
    def school_year_words(self) -> str:
        """`2025–2026 学年`."""
        return f"{self.school_year}–{self.school_year + 1} 学年"
