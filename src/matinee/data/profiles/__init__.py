"""A data set in figures."""
