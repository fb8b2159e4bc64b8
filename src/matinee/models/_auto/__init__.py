"""Parts of `auto`: questions, candidates, the race between them, and the weighted sum that wins."""
