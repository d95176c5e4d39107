"""A register file on its way to a snapshot: recognised, checked, confirmed."""
