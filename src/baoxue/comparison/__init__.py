"""Runs of the comparison, the review queue, remembered verdicts."""
