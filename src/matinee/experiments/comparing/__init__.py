"""Comparisons of results: summaries, groups, gaps and Pareto fronts."""
