"""The registers as clerks who make no mistakes would keep them, one module per register."""
