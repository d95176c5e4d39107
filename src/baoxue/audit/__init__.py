"""The audit record: who did and who saw what. Append-only."""
