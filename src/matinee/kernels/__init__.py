"""The compiled hot loops. The test of each compares it with plain NumPy."""

import os

# By default idle OpenMP threads spin and take the cores from threads that work: fitting SVD beside
# one busy process took 1.3 s instead of 0.08 s. The OpenMP runtime reads this when numba loads it,
# so it is set before any kernel is imported; a value from outside wins.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
