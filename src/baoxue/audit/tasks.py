"""Proving the chain takes a while once it is long: a job does it."""

from __future__ import annotations

from typing import Any

from baoxue.audit.chain import verify
from baoxue.audit.models import Entry
from baoxue.platform.jobs import Running, work

VERIFY = "audit.verify"


@work(VERIFY)
def verify_chain(running: Running) -> dict[str, Any]:
    """Prove the whole chain. The result counts the entries within the auditor's reach, not what others do elsewhere."""
    running.progress("核对审计链", 0)
    found = verify()
    entries = Entry.objects.visible_to(running.actor).count()
    sentence = found.fault or f"本辖区共 {entries:,} 条，整条链完整。"
    return {"whole": found.whole, "entries": entries, "broken_at": found.broken_at, "sentence": sentence}
