"""The web site and its REST API: two dresses of the same use cases."""
