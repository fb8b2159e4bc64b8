"""The compiled hot loops; each has a plain NumPy twin in its test."""
