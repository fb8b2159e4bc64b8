"""Films as numbers: features, text, embeddings; and the taste of a viewer."""
