"""The compiled hot loops; each has a plain NumPy twin in its test."""

import os

# Threads that wait for each other by spinning take the cores from whoever they wait for, as soon
# as anything else runs: fitting SVD beside one busy process took 1.3 s instead of 0.08 s. Read by
# the OpenMP runtime when numba loads it, hence here, before any kernel; a value set outside wins.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
