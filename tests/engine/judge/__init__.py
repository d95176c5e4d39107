"""The slow judge: what the rules mean, in plain Python, for every engine to be held against."""

from __future__ import annotations

from .engine import JudgeEngine

__all__ = ["JudgeEngine"]
