"""Parts of the Bayesian factorization machine."""
