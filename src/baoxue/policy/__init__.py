"""The law and the procedure as pure functions and code lists.

Imports neither the clock nor the disk of a user.
"""
