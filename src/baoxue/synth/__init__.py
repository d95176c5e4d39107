"""Synthetic registers: a made-up county, written down as clerks would, with the truth beside it."""

from baoxue.synth.make import generate

__all__ = ["generate"]
