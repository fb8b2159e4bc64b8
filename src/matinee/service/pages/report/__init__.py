"""Parts of the report on a comparison of models."""
