"""The words that tables write where they have nothing."""

from __future__ import annotations

__all__ = ["MISSING"]

MISSING = (
    *("NULL", "null", "Null", "None", "NaN", "nan", "NAN", "NaT", "NA", "N/A", "n/a", "<NA>"),
    *("#N/A", r"\N", "nil", "undefined"),
)
"""What pandas, R, MySQL, IMDb, spreadsheets and scripts write; upper and lower case count."""
