"""Tests of the system: always a real PostgreSQL, always as the application role."""
