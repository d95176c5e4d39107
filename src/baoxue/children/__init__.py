"""One record per child, and the three ledgers."""
