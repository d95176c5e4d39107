"""Proving the chain takes a while once it is long: a job does it."""

from __future__ import annotations

from typing import Any

from baoxue.audit.chain import verify
from baoxue.platform.jobs import Running, work

VERIFY = "audit.verify"


@work(VERIFY)
def verify_chain(running: Running) -> dict[str, Any]:
    """Prove the whole chain; the result tells how far it holds."""
    running.progress("核对审计链", 0)
    found = verify()
    sentence = found.fault or f"共 {found.entries:,} 条，链完整。"
    return {
        "whole": found.whole,
        "entries": found.entries,
        "position": found.position,
        "digest": found.digest,
        "broken_at": found.broken_at,
        "sentence": sentence,
    }
