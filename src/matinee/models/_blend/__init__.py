"""Parts of the blend."""
