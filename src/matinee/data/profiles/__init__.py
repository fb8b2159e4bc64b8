"""Measurements of a data set, and their presentation."""
