"""What a film is, as numbers."""
