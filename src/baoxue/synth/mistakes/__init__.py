"""Mistakes of people, at rates that differ by seed, by office and by row."""
