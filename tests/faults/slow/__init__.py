"""An app whose only job takes its time."""
