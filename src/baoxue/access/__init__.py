"""Accounts, posts, roles; what a person may see and do."""
