"""Parts of `every_model.py`: tasks, rows, our models, other libraries, the page."""
