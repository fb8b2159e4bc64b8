"""Offline comparison of models: protocols, intervals, receipts."""
