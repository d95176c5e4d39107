"""Django's PostgreSQL backend, with the scope of whoever acts told at the start of every transaction."""
