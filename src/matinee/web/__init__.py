"""The web site and its REST API, over the same use cases."""
