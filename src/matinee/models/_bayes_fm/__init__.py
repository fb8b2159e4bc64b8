"""Parts of the Bayesian factorization machine: sampler, sessions, fold-in."""
