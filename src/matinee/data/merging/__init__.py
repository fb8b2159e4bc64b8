"""Joining two catalogues, and finding the films that stand in one twice."""
