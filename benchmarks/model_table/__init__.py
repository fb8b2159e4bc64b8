"""What `every_model.py` is made of: tasks, rows, our side, their side, the page."""
