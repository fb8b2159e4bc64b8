"""HTML pages in one file: profiles of data sets and reports of evaluations."""
