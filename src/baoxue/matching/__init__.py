"""The comparison: who is the same child, and who is missing."""
