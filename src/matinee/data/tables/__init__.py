"""Reading delimited text and Parquet into columns: files, columns, ids, ratings and times."""
