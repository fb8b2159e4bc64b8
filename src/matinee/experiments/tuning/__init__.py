"""Choosing options on validation data."""
