"""Packaged lists of names and confusable characters, each with its source in its head."""
