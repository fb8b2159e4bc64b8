"""Readers of tables: delimited text, JSON, Parquet and frames, with the columns they need."""
