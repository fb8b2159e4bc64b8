"""Pages that are one file: charts, profiles, evaluations, reports."""
