"""Films by title: looked up, searched, and matched between catalogues."""
