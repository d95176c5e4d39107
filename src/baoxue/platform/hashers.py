"""Hashing of passwords where there is nothing to guard."""

from __future__ import annotations

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class QuickHasher(PBKDF2PasswordHasher):
    """For demonstrations and tests: a sign-in takes milliseconds. Hashes say how they were made, so none is mistaken."""

    algorithm = "pbkdf2_quick"
    iterations = 1_000
