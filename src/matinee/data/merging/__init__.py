"""Several catalogues merged into one, and films that one lists twice."""
