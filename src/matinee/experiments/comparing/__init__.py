"""What several results say beside each other: summaries, gaps, groups, Pareto fronts."""
