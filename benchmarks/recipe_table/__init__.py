"""Parts of `default_recipe.py`: data, pieces, other libraries, results, the page."""
