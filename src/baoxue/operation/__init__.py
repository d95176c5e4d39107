"""What keeps the system running: jobs, health, figures for monitoring, backup, keys."""
