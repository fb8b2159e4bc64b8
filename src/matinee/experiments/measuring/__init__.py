"""Fitting models on splits and computing every metric."""
