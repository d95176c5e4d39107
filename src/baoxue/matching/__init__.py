"""The comparison engine: files in, links and findings out."""

from __future__ import annotations

from baoxue.matching.run import compare

__all__ = ["compare"]
