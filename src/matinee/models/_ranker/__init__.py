"""Parts of the ranker."""
