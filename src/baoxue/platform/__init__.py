"""What every app of the system stands on: settings, database roles, scope, encryption, jobs, clock, storage."""
