"""The demonstration: a city of two counties, everybody in it invented."""
