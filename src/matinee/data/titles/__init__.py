"""Films by title and by external id."""
