"""Bootstrap, permutation tests, effect sizes."""
