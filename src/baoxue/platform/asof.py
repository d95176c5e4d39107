"""The day a person looks at: today, unless they chose another one; it stays until put back."""

from __future__ import annotations

from datetime import date
from typing import Any

SESSION_AS_OF = "as_of"


def day_looked_at(session: Any, *, today: date) -> date:
    """The day chosen in a session, or today."""
    chosen = session.get(SESSION_AS_OF)
    return today if chosen is None else date.fromisoformat(chosen)


def look_at(session: Any, day: date, *, today: date) -> None:
    """Look at a day from now on; today itself puts everything back."""
    if day == today:
        session.pop(SESSION_AS_OF, None)
    else:
        session[SESSION_AS_OF] = day.isoformat()
