"""The tree of education administration, schools, calendar, parameters."""
